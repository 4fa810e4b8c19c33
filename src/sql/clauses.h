// SPDX-License-Identifier: Apache-2.0
// Clauses of a single statement, by PostgreSQL's grammar. A statement that libpg_query cannot parse
// (of a newer server) is read by its words outside of parentheses.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace ballast::sql {

// Whether an UPDATE or DELETE has a WHERE clause that can select rows; one of a subquery is not its
// own, and one of constants selects none or, as WHERE true, all.
bool HasWhereClause(std::string_view statement);

// The columns in the condition of an UPDATE, without the names of tables. Empty if other tables or
// subqueries select its rows, and without a condition.
std::set<std::string> ColumnsThatSelect(std::string_view update);

// Whether an ALTER TABLE gives a column another type with USING.
bool ConvertsWithUsing(std::string_view statement);

}  // namespace ballast::sql
