// SPDX-License-Identifier: Apache-2.0
// The features of a database that some supported PostgreSQL version lacks.
#pragma once

#include <vector>

#include "base/requirement.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {

// In snapshot order; each feature of an object once. Empty if, as far as is known, PostgreSQL 13
// suffices. Operators of extensions and code in DO blocks are not examined.
std::vector<Requirement> RequirementsOf(const Snapshot& snapshot);

}  // namespace ballast::catalog
