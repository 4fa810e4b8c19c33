// SPDX-License-Identifier: Apache-2.0
// Whether the values of columns are the same as before.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"
#include "proof/physical_columns.h"

namespace ballast::proof {

struct ColumnDigest {
  std::string rows;    // their number
  std::string values;  // how many of them are not NULL
  std::string digest;  // of the values, independent of the order of rows; 1.5 and 1.50 are one

  bool operator==(const ColumnDigest&) const = default;
};

// By name: "schema"."table"."column".
using ColumnDigests = std::map<std::string, ColumnDigest>;

// The name of a column in them.
std::string KeyOf(const PhysicalColumn& column);

// Of the values in the table itself, without its partitions and children; a partitioned table has
// none and is omitted. Errors as Session::Query, also if a column no longer exists.
Result<ColumnDigests> DigestsOf(const std::vector<PhysicalColumn>& columns,
                                postgres::Session& session);

// The columns in `now` whose values are not those in `before`, where the tables still have as many
// rows.
std::vector<std::string> ChangedColumns(const ColumnDigests& before, const ColumnDigests& now);

}  // namespace ballast::proof
