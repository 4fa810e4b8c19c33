// SPDX-License-Identifier: Apache-2.0
// The objects of definitions, as snapshots name them. Only for this folder.
#pragma once

#include <map>
#include <vector>

#include "catalog/object_ref.h"
#include "difference/database_definitions.h"

namespace ballast::difference {

using RefsById = std::map<catalog::ObjectId, catalog::ObjectRef>;

// The objects that have an identity, their columns and defaults included.
RefsById RefsOfObjects(const DatabaseDefinitions& side);

// For each definition the object that it makes or changes (DatabaseDefinitions::RefOf).
std::vector<catalog::ObjectRef> RefsOfDefinitions(const DatabaseDefinitions& side,
                                                  const RefsById& objects);

}  // namespace ballast::difference
