// SPDX-License-Identifier: Apache-2.0
// Which columns a script gives another name or type, and whether their values are the same
// afterwards. Columns are recognized by table OID and column number, as in plan/loss_guard.h.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::proof {

struct PhysicalColumn {
  std::string schema, table, column;
  std::string type;          // OID and modifier
  bool has_numbers = false;  // is a number, or can contain some: an array, a row or a range
};

// By table OID and column number.
using PhysicalColumns = std::map<std::pair<int64_t, int>, PhysicalColumn>;

// The columns of all ordinary tables, without generated columns. Errors as Session::Query.
Result<PhysicalColumns> ReadColumns(postgres::Session& session);

// Of the columns in `before`, those that also exist in `after`, with another name or type, or in a
// table with another name; as they were before.
std::vector<PhysicalColumn> RedefinedColumns(const PhysicalColumns& before,
                                             const PhysicalColumns& after);

struct ColumnDigest {
  std::string rows;    // their number
  std::string digest;  // of the values, independent of the order of rows; 1.5 and 1.50 are one

  bool operator==(const ColumnDigest&) const = default;
};

// By name: "schema"."table"."column".
using ColumnDigests = std::map<std::string, ColumnDigest>;

// Errors as Session::Query, also if a column no longer exists.
Result<ColumnDigests> DigestsOf(const std::vector<PhysicalColumn>& columns,
                                postgres::Session& session);

// The columns in `now` whose values are not those in `before`, where the tables still have as many
// rows.
std::vector<std::string> ChangedColumns(const ColumnDigests& before, const ColumnDigests& now);

}  // namespace ballast::proof
