// SPDX-License-Identifier: Apache-2.0
#include "difference/copied_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "difference/type_shapes.h"
#include "sql/quote.h"

namespace ballast::difference {

using catalog::Column;
using catalog::TableObject;

namespace {

bool NeedsNoValue(const Column& column) {
  return !column.not_null || !column.default_value.empty() || !column.identity.empty();
}

std::string NameOfCopy(const CopiedTable& table, size_t number) {
  return QuotedName({table.before->table.name.schema, fmt::format("ballast_rows_{}", number)});
}

std::string ListOf(const CopiedTable& table) {
  std::vector<std::string> quoted;
  for (const std::string& column : table.columns) quoted.push_back(sql::QuoteIdentifier(column));
  return Join(quoted, ", ");
}

// Columns that are NOT NULL only in the new table.
void AddNulls(const CopiedTable& table, Statement& insert) {
  const std::string name = QuotedName(table.before->table.name);
  std::vector<std::string> what, condition;
  for (const std::string& column : table.columns) {
    const Column& was = table.before->table.columns[*ColumnNamed(*table.before, column)];
    const Column& now = table.after->table.columns[*ColumnNamed(*table.after, column)];
    if (was.not_null || !now.not_null) continue;
    what.push_back(name + "." + sql::QuoteIdentifier(column));
    condition.push_back(sql::QuoteIdentifier(column) + " IS NULL");
  }
  if (what.empty()) return;
  insert.table = name;
  insert.fails_on = "NULL in " + Join(what, ", ");
  insert.offending_rows = "SELECT * FROM " + name + " WHERE " + Join(condition, " OR ");
}

}  // namespace

std::optional<CopiedTable> CopyOf(const DatabaseDefinitions& from, const TableObject& before,
                                  const DatabaseDefinitions& to, const TableObject& after) {
  if (before.foreign || after.foreign || !before.bound.empty() || !after.bound.empty()) return {};
  CopiedTable copied{&before, &after, {}, {}};
  for (const Column& now : after.table.columns) {
    if (!now.generated.empty()) continue;
    const auto at = ColumnNamed(before, now.name);
    if (!at && NeedsNoValue(now)) continue;
    if (!at) return {};
    const Column& was = before.table.columns[*at];
    if (ShapeOf(from.database(), was.type) != ShapeOf(to.database(), now.type)) return {};
    copied.columns.push_back(now.name);
  }
  for (const Column& was : before.table.columns) {
    if (was.generated.empty() && !ColumnNamed(after, was.name)) copied.lost.push_back(was.name);
  }
  if (copied.columns.empty()) return {};
  return copied;
}

const CopiedTable* CopiedWith(const std::map<catalog::Name, CopiedTable>& copied,
                              const DatabaseDefinitions& from, const TableObject& table) {
  for (const auto& [name, one] : copied) {
    if (&table == one.before || IsPartitionOf(from, table, *one.before)) return &one;
  }
  return nullptr;
}

Statement CopyRows(const CopiedTable& table, size_t number) {
  const std::string name = QuotedName(table.before->table.name);
  Statement copy;
  copy.object = "copy of the rows of table " + name;
  copy.kind = ActionKind::kCreate;
  copy.lock = LockMode::kAccessExclusive;  // nobody writes after it
  copy.text = fmt::format(
      "LOCK TABLE {0} IN ACCESS EXCLUSIVE MODE;\n"
      "CREATE UNLOGGED TABLE {1} AS SELECT {2} FROM {3}{0};\n",
      name, NameOfCopy(table, number), ListOf(table), table.before->partitioned ? "" : "ONLY ");
  return copy;
}

Statement InsertCopiedRows(const CopiedTable& table, size_t number) {
  const std::string name = QuotedName(table.after->table.name);
  const std::string copy = NameOfCopy(table, number);
  Statement insert;
  insert.object = "rows of table " + name + " from their copy";
  insert.kind = ActionKind::kCreate;
  insert.text = fmt::format(
      "INSERT INTO {0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM {2};\nDROP TABLE {2};\n", name,
      ListOf(table), copy);
  AddNulls(table, insert);
  return insert;
}

void LoseColumnsOnly(const CopiedTable& table, Statement& drop) {
  drop.loses.clear();
  drop.lost_table.clear();
  if (table.lost.empty() || drop.target.name != table.before->table.name) return;
  drop.lost_table = QuotedName(table.before->table.name);
  for (const std::string& column : table.lost) {
    drop.lost_columns.push_back(sql::QuoteIdentifier(column));
    drop.loses.push_back("column " + drop.lost_table + "." + drop.lost_columns.back());
  }
}

}  // namespace ballast::difference
