// SPDX-License-Identifier: Apache-2.0
// How migrations change the values of columns that were there before them, by the grammar: sample
// rows do not show a condition that none of them meets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/object_name.h"

namespace ballast::sql {

// A column as it was named before the first script.
struct ChangedColumn {
  ObjectName table;
  std::string column;
  size_t script = 0;      // the number of the script that changes it
  std::string statement;  // its text

  // Whether it is this column, raw; one of the schemas may be empty: the session's.
  bool Is(const ObjectName& of_table, const std::string& name) const;
};

struct ValueChanges {
  // ALTER COLUMN … TYPE … USING an expression that is more than the column itself or a cast of it,
  // and that UndoRenames does not know how to undo.
  std::vector<ChangedColumn> converted;
  // UPDATE, MERGE … UPDATE and INSERT … ON CONFLICT … UPDATE, also in a WITH clause.
  std::vector<ChangedColumn> updated;
  // Tables whose rows they delete: DELETE, TRUNCATE; and into which they insert rows that a query
  // gives: INSERT … SELECT. Without a column.
  std::vector<ChangedColumn> deleted;
  std::vector<ChangedColumn> inserted;
  // The scripts that contain code which can change any values: DO, CALL, EXECUTE, SELECT f().
  std::vector<size_t> with_code;
};

// What the scripts do when they run one after the other. Renames are followed. Tables and columns
// that they create or drop are omitted. A script that the grammar cannot read has code.
ValueChanges ValueChangesIn(const std::vector<std::string_view>& scripts);

}  // namespace ballast::sql
