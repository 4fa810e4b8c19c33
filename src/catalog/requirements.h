// SPDX-License-Identifier: Apache-2.0
// Which server a database needs: the features among its facts that not every supported PostgreSQL
// has.
#pragma once

#include <vector>

#include "base/requirement.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {

// Sorted by the facts; each feature of an object once. Empty: as far as is known, PostgreSQL 13
// holds it. What it does not know is not in it (operators of extensions, code in DO blocks).
std::vector<Requirement> RequirementsOf(const Snapshot& snapshot);

}  // namespace ballast::catalog
