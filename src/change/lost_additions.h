// SPDX-License-Identifier: Apache-2.0
// Additions that a script loses.
#pragma once

#include <string>
#include <vector>

#include "catalog/snapshot.h"
#include "difference/difference.h"

namespace ballast::change {

// The additions, as reports name them, of objects that the script creates
// again.
std::vector<std::string> LostAdditions(const std::vector<difference::Statement>& script,
                                       const std::vector<catalog::Difference>& additions);

}  // namespace ballast::change
