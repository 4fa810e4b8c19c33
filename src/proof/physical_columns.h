// SPDX-License-Identifier: Apache-2.0
// The columns of a database as the server knows them, so that a column that a script renames, moves
// or gives another type is found again. What a script drops is found by plan/loss_guard.h, which
// recognizes columns in the same way.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::proof {

struct PhysicalColumn {
  std::string place;                  // table OID and column number
  std::string schema, table, column;  // raw
  int number = 0;                     // of the column, in the table
  std::string type;             // OID and modifier, which a rename of the type does not change
  std::string type_name;        // as the server prints it: "character varying(20)[]"
  bool has_numbers = false;     // is a number, or can contain some: an array, a row or a range
  bool is_partitioned = false;  // the table, which has no rows of its own
  // The places of the columns in the table's parents that it has its type from; empty if the table
  // defines the column itself.
  std::vector<std::string> inherited_from;
};

// By place: table OID and column number, as text.
using PhysicalColumns = std::map<std::string, PhysicalColumn>;

// The columns of the ordinary and partitioned tables of users, without generated columns. Errors as
// Session::Query.
Result<PhysicalColumns> ReadColumns(postgres::Session& session);

// Of the columns in `before`, those that also exist in `after`, with another name or type, or in a
// table with another name; as they were before.
std::vector<PhysicalColumn> RedefinedColumns(const PhysicalColumns& before,
                                             const PhysicalColumns& after);

struct RetypedColumn {
  std::string place;
  PhysicalColumn before;
  std::string type_name;  // after
};

// The columns that exist in both and have another type: not only another name of the same type. A
// column that is inherited is omitted if that of the parent is listed. By schema, table and number.
std::vector<RetypedColumn> RetypedColumns(const PhysicalColumns& before,
                                          const PhysicalColumns& after);

}  // namespace ballast::proof
