// SPDX-License-Identifier: Apache-2.0
// Which tables a script can fill with rows that it computes from other rows.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace ballast::sql {

// The names, without schema, of all tables whose rows may come from other rows of the database:
// INSERT … SELECT, UPDATE, COPY, code. An INSERT of VALUES without a subquery writes constants and
// does not count. Names of other things can be among them. Renames are not followed. Reads words,
// no grammar.
std::set<std::string> TablesWithComputedRows(std::string_view script);

}  // namespace ballast::sql
