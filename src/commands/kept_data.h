// SPDX-License-Identifier: Apache-2.0
// Data that a rollback moves out of the way and that the next upgrade brings back: tables of the
// schema ballast_kept. Their values are text, so that they need no type of the release; the comment
// of each says which table and column it comes from.
#pragma once

#include <string>

namespace ballast::commands {

inline constexpr char kKeptSchema[] = "ballast_kept";

// SQL for inside a transaction. Names are quoted; without a column, all of the table is kept, else
// its primary key and the column (all of it where it has no key).
std::string KeepDataSql(const std::string& table, const std::string& column);

// SQL for inside a transaction, after the upgrade: what is kept goes back into the tables and
// columns that are there again, and the rest stays. Values that do not go back (a foreign key that
// finds no row) stay, too, with a notice. Does nothing where nothing is kept.
std::string RestoreDataSql();

}  // namespace ballast::commands
