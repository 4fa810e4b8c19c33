// SPDX-License-Identifier: Apache-2.0
// What a script renames, so that a rollback can rename it back instead of dropping it, and the
// conversions whose inverse is known.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/object_name.h"

namespace ballast::sql {

// The new name of a table, or of one of its columns. Raw names.
struct Rename {
  ObjectName table;    // as the script names it, before the rename
  std::string column;  // empty: the table
  std::string to;

  bool operator==(const Rename&) const = default;
};

// The renames of tables and columns in a script, in order. Empty if the grammar cannot read it.
std::vector<Rename> RenamesIn(std::string_view script);

// Statements that undo the renames of a script, the last rename first: of schemas, tables, columns,
// constraints, indexes, views, sequences, types, their attributes and values of enums; and moves of
// relations to another schema. Also of conversions between timestamps with and without time zone
// (USING column AT TIME ZONE 'zone'). They run with the target schema first on the search_path.
// Each ends with
// ";\n". Empty where the script has nothing of this or the grammar cannot read it.
std::vector<std::string> UndoRenames(std::string_view script);

// For a statement of UndoRenames whose old name something else has taken: statements that give that
// the name with `prefix` before it. The first one that runs is right; which one depends on what has
// the name. Empty if there are none.
std::vector<std::string> MoveAside(const std::string& undo, const std::string& prefix);

// Whether a statement of UndoRenames undoes a conversion.
bool UndoesConversion(std::string_view undo);

// The time zones of the conversions that these statements of UndoRenames undo.
std::vector<std::string> ZonesOfConversions(std::string_view undo);

// Whether the script renames relations or parts of them; types and values of enums do not count.
bool RenamesRelations(std::string_view script);

}  // namespace ballast::sql
