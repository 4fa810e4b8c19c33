// SPDX-License-Identifier: Apache-2.0
// Random catalogs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ballast::testing {

// Roles that the statements use; they must exist.
std::vector<std::string> RandomCatalogRoles();

// About `length` statements that make, change and drop objects of all kinds with odd names, for a
// server of that major: the same seed, the same statements. Each is to be run in a transaction of
// its own; some fail, since the generator only guesses what is there, and leave nothing behind.
// None leaves other values when it is run again.
std::vector<std::string> RandomCatalog(uint64_t seed, int major, int length);

}  // namespace ballast::testing
