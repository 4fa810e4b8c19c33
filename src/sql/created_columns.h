// SPDX-License-Identifier: Apache-2.0
// Which tables a script creates, and which columns it adds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/object_name.h"

namespace ballast::sql {

struct CreatedColumn {
  ObjectName table;    // as the script names it
  std::string column;  // empty: the table with all of its columns

  bool operator==(const CreatedColumn&) const = default;
};

// CREATE TABLE (also AS) and ALTER TABLE … ADD COLUMN, in order; also ALTER COLUMN … DROP
// EXPRESSION, because until then nobody could write into the column. Empty if the grammar cannot
// read the script; what code in it creates is not among them.
std::vector<CreatedColumn> CreatedColumnsIn(std::string_view script);

}  // namespace ballast::sql
