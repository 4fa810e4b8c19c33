// SPDX-License-Identifier: Apache-2.0
// The version of this program.
#pragma once

namespace ballast {

// As CMakeLists.txt states it: "0.2.0".
extern const char* const kVersion;

}  // namespace ballast
