// SPDX-License-Identifier: Apache-2.0
// The library that puts a server's clock ahead (preload/shifted_clock.cc). It is part of the
// program.
#pragma once

#include <string>

namespace ballast::scratch {

// Writes the library into the folder, readable for every account, and returns the variable of the
// environment that loads it. Where it cannot be written or loaded, the server has the true time.
std::string InstallShiftedClock(const std::string& folder);

}  // namespace ballast::scratch
