// SPDX-License-Identifier: Apache-2.0
// Roles that a server has, and without which the package was made, because the migrations do
// something else where they exist (proof/role_dependence.h).
#pragma once

#include <string>
#include <vector>

#include "catalog/snapshot.h"

namespace ballast::plan {

// What helps against them; empty if none of the differences is about such a role. `differences`:
// from the proven state to the live one.
std::string RemedyOfUnexpectedRoles(const std::vector<catalog::Difference>& differences);

}  // namespace ballast::plan
