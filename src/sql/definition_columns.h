// SPDX-License-Identifier: Apache-2.0
// Definitions of parts of a table, by PostgreSQL's grammar: which columns they use, and whether two
// differ only in casts.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace ballast::sql {

// The columns of `table` (its name without the schema) that the statements refer to, in
// expressions, in the keys of indexes and constraints, and after UPDATE OF. A name without a table
// is one of `table`, and so are those of OLD and NEW. Empty if the grammar cannot read the text.
std::set<std::string> ColumnsIn(std::string_view statements, std::string_view table);

// Whether both texts are the same statements, apart from casts: (a)::text and a.
bool EqualWithoutCasts(std::string_view a, std::string_view b);

}  // namespace ballast::sql
