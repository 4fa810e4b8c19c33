// SPDX-License-Identifier: Apache-2.0
// A script as it would run on another date: for servers whose clock cannot be set.
#pragma once

#include <string>
#include <string_view>

namespace ballast::sql {

// The script with days added to what it reads from the clock: now(), CURRENT_DATE and its like,
// also in strings that may be code. The same script if it reads none.
std::string WithShiftedClock(std::string_view script, long days);

}  // namespace ballast::sql
