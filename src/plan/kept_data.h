// SPDX-License-Identifier: Apache-2.0
// Data that a rollback moves to tables of the schema ballast_kept, and that the next upgrade
// restores. Values are stored as text, so that they need no types of the release, in
// the formats of a scratch server, whatever the role or the database sets. The lines of the
// comment on each table record its origin: the table, the column (empty: the whole table), the
// target schema, and, if the older release has the column too, "replaced" and its type there.
// "other" and "generated" in place of "replaced": it has another column of this name, or one that
// it computes. Earlier versions wrote only the first two.
#pragma once

#include <string>
#include <vector>

namespace ballast::plan {

// Columns whose values the rollback loses, and their tables, one by one; quoted.
struct LostColumns {
  std::vector<std::string> tables;
  std::vector<std::string> columns;
};

// Without a column, the whole table is kept, else the column and a key. The key is `older_key`, the
// primary key of the older release by raw names, if the table has these columns: it finds the rows
// before and after the next upgrade. Otherwise it is a primary or unique key of the table without
// NULL and without columns of the lost ones. Without one, or if a table that inherits has no key of
// these columns, it is all columns of the table that are not lost.
struct DataToKeep {
  std::string table;   // quoted
  std::string column;  // quoted; or empty
  std::vector<std::string> older_key;
};

// SQL for inside a transaction, in which the values are stored as a scratch server would write
// them; empty without data. `schema`: the target schema, raw. Names of copies: "Note", "User.mood";
// of a schema other than public: "tenant.Note". The second of equal names ends with ".2".
std::string KeepDataSql(const std::string& schema, const std::vector<DataToKeep>& data,
                        const LostColumns& lost);

// SQL for the same transaction, after the script: marks the copies of columns that still exist.
// Where the older release has the table, its sequences continue after the values that were kept.
std::string MarkReplacedSql();

// A condition on pg_class c: it is a table with kept data of this target schema. Tables
// that earlier versions of ballast wrote do not record their target schema. Such a table belongs to
// this one if it names another schema, or if no other schema of the database has a migrations
// table.
std::string IsKeptSql(const std::string& schema);

}  // namespace ballast::plan
