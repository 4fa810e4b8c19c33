// SPDX-License-Identifier: Apache-2.0
// The PostgreSQL versions that ballast supports, by major version. README.md names them, too.
#pragma once

namespace ballast {

inline constexpr int kOldestServerMajor = 13;
inline constexpr int kNewestServerMajor = 18;

}  // namespace ballast
