// SPDX-License-Identifier: Apache-2.0
// Names of relations that a repair needs and that objects of others have, as after a table was
// renamed by hand: its indexes and constraints keep their names.
#pragma once

#include <string>
#include <vector>

#include "catalog/snapshot.h"

namespace ballast::catalog {

// The objects of `live` that `proven` does not have, that belong to no table of it, and that have
// the name of a relation which `proven` has and `live` lacks: "constraint cc.c_pkey".
std::vector<std::string> TakenNames(const Snapshot& proven, const Snapshot& live);

}  // namespace ballast::catalog
