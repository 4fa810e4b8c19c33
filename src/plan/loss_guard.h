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

// A query of one value: the columns of all tables as JSON, without generated columns and without
// those in `expected`.
std::string ColumnsSql(const std::vector<release::RollbackLoss>& expected);

// A query of the columns that `columns` has, an expression with the value of ColumnsSql, and that
// no longer exist. Rows: schema, table, column; column is NULL if the table was dropped. Partitions
// and inherited columns are not listed if those of their parent are.
std::string LostColumnsSql(const std::string& columns);

// " WHERE …" for the rows or values of the table that are lost.
std::string WhereLost(const release::RollbackLoss& loss);

// SQL for inside a transaction, before a script and after it. Raises an exception if `empty` have
// rows or values by then, and if the script drops anything but `expected`.
std::string LossGuardBefore(const std::vector<release::RollbackLoss>& expected,
                            const std::vector<release::RollbackLoss>& empty);
std::string LossGuardAfter();

}  // namespace ballast::plan
