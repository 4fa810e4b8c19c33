// SPDX-License-Identifier: Apache-2.0
// Data that a rollback moves to tables of the schema ballast_kept, and that the next upgrade
// restores. Values are stored as text, so that they need no types of the release; a comment on each
// table records its origin.
#pragma once

#include <string>

#include "plan/plan.h"

namespace ballast::plan {

inline constexpr char kKeptSchema[] = "ballast_kept";

// SQL for inside a transaction. `schema`: the target schema, raw. Other names must be quoted.
// Without a column, the whole table is kept, else its primary key and the column (or the whole
// table if it has no primary key).
std::string KeepDataSql(const std::string& schema, const std::string& table,
                        const std::string& column);

// SQL for inside a transaction, after the upgrade: restores the data that was kept for the target
// schema, which is the first one of search_path, to tables and columns that exist again; the rest
// remains. Values that cannot be restored (because of a foreign key) also remain, with a notice.
// Does nothing if there is no kept data.
std::string RestoreDataSql();

// Adds the restoring of kept data to the last transaction of an upgrade, before its comparison. A
// script that runs outside a transaction must not be last: then the data remains.
void AddKeptData(Plan& plan);

}  // namespace ballast::plan
