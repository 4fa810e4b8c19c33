// SPDX-License-Identifier: Apache-2.0
// Additions that a script loses or drops.
#pragma once

#include <string>
#include <vector>

#include "catalog/snapshot.h"
#include "difference/difference.h"

namespace ballast::change {

// The additions of objects that the script creates again.
std::vector<catalog::Difference> LostAdditions(const std::vector<difference::Statement>& script,
                                               const std::vector<catalog::Difference>& additions);

// The additions, as reports name them, that the script itself drops and does not create again: of a
// table of the goal, with a name that the goal needs, such as that of a key's index.
std::vector<std::string> DroppedAdditions(const std::vector<difference::Statement>& script,
                                          const std::vector<catalog::Difference>& additions);

}  // namespace ballast::change
