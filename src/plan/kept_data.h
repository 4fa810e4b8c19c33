// SPDX-License-Identifier: Apache-2.0
// Data that a rollback moves to tables of the schema ballast_kept, and that the next upgrade
// restores. Values are stored as text, so that they need no types of the release. The lines of the
// comment on each table record its origin: the table, the column (empty: the whole table), the
// target schema, and, if the older release has a column of this name too, "replaced" and its type
// there. Earlier versions wrote only the first two.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "sql/renames.h"

namespace ballast::plan {

inline constexpr char kKeptSchema[] = "ballast_kept";

// Columns whose values the rollback loses, and their tables, one by one; quoted.
struct LostColumns {
  std::vector<std::string> tables;
  std::vector<std::string> columns;
};

// SQL for inside a transaction. `schema`: the target schema, raw. Other names must be quoted.
// Without a column, the whole table is kept, else the column and a key. The key is `older_key`, the
// primary key of the older release by raw names, if the table has these columns: it finds the rows
// before and after the next upgrade. Otherwise it is a primary or unique key of the table without
// NULL and without columns of `lost`, or else all columns that are not lost.
std::string KeepDataSql(const std::string& schema, const std::string& table,
                        const std::string& column, const std::vector<std::string>& older_key,
                        const LostColumns& lost);

// The name in ballast_kept: "Note", "User.mood"; of a schema other than public: "tenant.Note".
std::string KeptName(const std::string& schema, const std::string& table,
                     const std::string& column);

// SQL for the same transaction, after the script: marks the copies of columns that still exist.
std::string MarkReplacedSql();

// SQL for inside a transaction, after the upgrade, and not in one that adds values to the enums: it
// restores the data that was kept from this target schema to tables and columns that exist again,
// also under the names that `renames` gives them; the rest remains. Rows that cannot be restored
// (because of a constraint) also remain, with a notice. From here on, all constraints are checked
// at once, also those that are deferred. A replaced column receives values only
// where it is NULL or has what the rollback has made of the value. A row that the upgrade has made
// again becomes the kept one; of the tables `computed` (raw names), whose rows it has computed from
// others, only NULLs are replaced. Does nothing if there is no kept data. For each copy that
// remains, a notice begins with its name and says how many rows were not restored, and why.
std::string RestoreDataSql(const std::string& schema, const std::set<std::string>& computed,
                           const std::vector<sql::Rename>& renames);

// A condition on pg_class c: it is a table with kept data of this target schema. Tables
// that earlier versions of ballast wrote do not record their target schema. Such a table belongs to
// this one if it names another schema, or if no other schema of the database has a migrations
// table.
std::string IsKeptSql(const std::string& schema);

// Adds the restoring of kept data to the last transaction of an upgrade, after its scripts and
// before the comparison that follows them. If that transaction adds values to an enum, which it
// cannot use (SQLSTATE 55P04), or runs outside a transaction, the plan gets another one.
void AddKeptData(Plan& plan, const std::string& schema);

}  // namespace ballast::plan
