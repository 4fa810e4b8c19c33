// SPDX-License-Identifier: Apache-2.0
// The columns that a part of a table uses, by its definition in a snapshot.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "catalog/snapshot_objects.h"

namespace ballast::catalog {

// Of an index, a constraint, a trigger, a policy or extended statistics of the table; raw names.
// Empty for other kinds, and for a definition that the grammar cannot read.
std::set<std::string> UsedColumns(std::string_view kind, std::string_view table,
                                  const PropertyValues& properties);

// Whether two values of such a property differ only in casts, as after a column got another type.
bool DiffersInCasts(std::string_view kind, std::string_view property, const std::string& a,
                    const std::string& b);

}  // namespace ballast::catalog
