// SPDX-License-Identifier: Apache-2.0
// The query of the rows that a unique index or key refuses.
#pragma once

#include <string>
#include <vector>

namespace ballast::sql {

// All rows of the table that are equal to another one in the keys, which are expressions.
// `predicate`: of a partial index, or empty.
std::string DuplicateRows(const std::string& table, const std::vector<std::string>& keys,
                          bool nulls_are_equal, const std::string& predicate);

}  // namespace ballast::sql
