// SPDX-License-Identifier: Apache-2.0
// What a script drops is found in the catalogs: the columns that exist before it runs and not
// afterwards, by table OID and column number. So renames lose nothing, and no name in the script
// has to be understood.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "release/previous_release.h"

namespace ballast::plan {

// The SQLSTATEs of the exceptions that the guards raise. From LossGuardBefore: an object has
// received data since it was counted, so that the command can be repeated. From LossGuardAfter, and
// from the guard of rows (row_guard.h): the script would lose what nobody has counted.
inline constexpr char kDataSinceCounted[] = "BL510";
inline constexpr char kUnexpectedLoss[] = "BL509";
// Whether it is one of them.
bool IsUnexpectedLoss(std::string_view sqlstate);

// A query of one value, JSON for LostColumnsSql: the columns of the ordinary and partitioned tables
// of users (user_tables.h). Omitted are generated columns and those that `expected` lists, which
// are the columns of a whole table if it names none. A column is listed with those that inherit it,
// a table with its partitions. Names that do not exist are ignored, and so are losses without a
// table.
std::string ColumnsSql(const std::vector<release::RollbackLoss>& expected);

// A query of what no longer exists. `columns`: an SQL expression whose value is that of ColumnsSql
// before. Rows: schema, table and column, raw; column is NULL if the table was dropped. Partitions
// and inherited columns are not listed if those of their parent are. A partitioned table, which has
// no rows itself, is listed only if one of its partitions was dropped. A table whose rows are in
// one of the same name is not listed, if they were compared (copied_rows.h).
std::string LostColumnsSql(const std::string& columns);

// " WHERE …" for the rows of its table that are lost, or that have values which are; "": all rows.
std::string WhereLost(const release::RollbackLoss& loss);

// DO blocks for inside one transaction, before a script and after it. `empty`: those of `expected`
// that had no data when it was counted. Their tables are locked first (ACCESS EXCLUSIVE), and it is
// kDataSinceCounted if one of them has rows or values by then. After the script, it is
// kUnexpectedLoss if it has dropped anything but `expected`. In between, a setting of the
// transaction contains the columns.
std::string LossGuardBefore(const std::vector<release::RollbackLoss>& expected,
                            const std::vector<release::RollbackLoss>& empty);
std::string LossGuardAfter();

}  // namespace ballast::plan
