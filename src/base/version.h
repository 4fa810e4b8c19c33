// SPDX-License-Identifier: Apache-2.0
// The version of this program.
#pragma once

namespace ballast {

inline constexpr char kVersion[] = BALLAST_VERSION;

}  // namespace ballast
