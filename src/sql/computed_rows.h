// SPDX-License-Identifier: Apache-2.0
// Which tables and columns a script can fill with values that it computes from other rows.
#pragma once

#include <compare>
#include <set>
#include <string>
#include <string_view>

namespace ballast::sql {

// Names without schema, as the catalog has them.
struct ComputedColumn {
  std::string table;
  std::string column;  // empty: rows of the table, with all columns; without a table: a function

  auto operator<=>(const ComputedColumn&) const = default;
};

// All tables and columns whose values may come from other rows of the database: INSERT … SELECT,
// UPDATE, COPY, code. An UPDATE that the grammar can read computes only the columns that it sets.
// A conversion (TYPE … USING) of nothing but the column's own value does not count.
// An INSERT of VALUES without a subquery writes constants and does not count, even if some are the
// time or a random id. Names of other things can be among the tables. Renames are not followed.
// Code (DO, SELECT, CALL) without a statement that writes values computes nothing itself. Without a
// table: a function that code calls, as `column`; or, without that, code that can compute any
// values, because it runs text that it makes, calls a function that the script drops, or creates a
// trigger.
std::set<ComputedColumn> ComputedColumnsIn(std::string_view script);

// Whether code of the script (DO, SELECT, CALL) has a statement that writes or converts values, or
// runs text that it makes. Code that only renames or drops does not.
bool WritesValuesInCode(std::string_view script);

}  // namespace ballast::sql
