// SPDX-License-Identifier: Apache-2.0
// The code on the server that restores kept data. Only for restore_kept_data.cc.
#pragma once

#include <string>

namespace ballast::plan {

// PL/pgSQL, the body of a DO block, with these names in place of what its caller inserts: @mine,
// the condition of IsKeptSql; @sequences, statements for the table "home"; @schema, a literal;
// @has_renames, true or false; @renames, rows (schema, bare, col, fresh); @computed, a text[];
// @made, rows m(bare, col).
std::string RestoreDataBody();

}  // namespace ballast::plan
