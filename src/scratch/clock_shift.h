// SPDX-License-Identifier: Apache-2.0
// A clock that is ahead, for scratch servers: what a history takes from the clock differs between
// a replay under it and one under the true time, in each part of a date and of a time of day.
#pragma once

namespace ballast::scratch {

inline constexpr long kClockShiftDays = 401;  // no multiple of a week, a month or a year
inline constexpr long kClockShiftSeconds = ((kClockShiftDays * 24 + 5) * 60 + 7) * 60 + 11;

}  // namespace ballast::scratch
