// SPDX-License-Identifier: Apache-2.0
#include "change/rename_remedies.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sql/quote.h"

namespace ballast::change {
namespace {

const catalog::Table* TableNamed(const catalog::Database& database, const catalog::Name& name) {
  const auto found = std::ranges::find_if(
      database.tables, [&](const catalog::TableObject& one) { return one.table.name == name; });
  return found == database.tables.end() ? nullptr : &found->table;
}

const catalog::Column* ColumnNamed(const catalog::Table& table, const std::string& name) {
  const auto found = std::ranges::find_if(
      table.columns, [&](const catalog::Column& one) { return one.name == name; });
  return found == table.columns.end() ? nullptr : &*found;
}

// Columns of `goal` that `live` lacks, of the type of this one that only `live` has.
std::vector<std::string> NamesBefore(const catalog::Column& column, const catalog::Table& live,
                                     const catalog::Table& goal) {
  std::vector<std::string> names;
  for (const catalog::Column& expected : goal.columns) {
    const bool missing = ColumnNamed(live, expected.name) == nullptr;
    if (missing && expected.type == column.type && expected.generated.empty())
      names.push_back(sql::QuoteIdentifier(expected.name));
  }
  return names;
}

}  // namespace

std::map<std::string, std::string> RenameRemedies(
    const std::vector<difference::Statement>& statements, const catalog::Database& live,
    const catalog::Database& goal) {
  std::map<std::string, std::string> remedies;
  for (const difference::Statement& statement : statements) {
    const catalog::ObjectRef& target = statement.target;
    if (statement.loses.empty() || target.kind != "column") continue;
    const catalog::Name name{target.name.schema, target.parent};
    const catalog::Table* before = TableNamed(live, name);
    const catalog::Table* after = TableNamed(goal, name);
    if (before == nullptr || after == nullptr) continue;
    const catalog::Column* column = ColumnNamed(*before, target.name.name);
    if (column == nullptr || ColumnNamed(*after, target.name.name) != nullptr) continue;
    for (const std::string& expected : NamesBefore(*column, *before, *after)) {
      std::string& remedy = remedies[statement.loses.front()];
      remedy += remedy.empty() ? "if this column was renamed by hand, rename it back: " : " or ";
      remedy += fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {};", QuotedName(name),
                            sql::QuoteIdentifier(column->name), expected);
    }
  }
  return remedies;
}

}  // namespace ballast::change
