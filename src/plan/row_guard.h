// SPDX-License-Identifier: Apache-2.0
// What a script of somebody's own does to the rows of tables that remain. Only on the live database
// can it be seen: a condition may hold for no row of the proof.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "sql/evaluated_code.h"

namespace ballast::plan {

// Whether a statement of the script can change rows: an UPDATE, a DELETE, a DO block.
bool MayChangeRows(const std::string& script);
// The same, without statements that only delete rows.
bool MayReplaceValues(const std::string& script);

// SQL for inside a transaction, before a script and after it. Locks the tables against writes, and
// raises an exception of state kUnexpectedLoss if the script adds or removes rows of a table that
// remains, or changes values of a column that keeps its name and type. `removable`: per quoted
// table, how many rows it may remove; then it may update none of that table. The first one needs
// row_security to be off.
// With `code`, nothing is locked or compared if the database has no functions, except in C, that it
// can call.
std::string RowGuardBefore(const std::map<std::string, int64_t>& removable,
                           const sql::EvaluatedCode* code = nullptr);
std::string RowGuardAfter();

}  // namespace ballast::plan
