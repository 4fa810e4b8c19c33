// SPDX-License-Identifier: Apache-2.0
#include "catalog/inherited_columns.h"

#include <algorithm>

namespace ballast::catalog {
namespace {

bool IsChild(const TableObject& table) {
  return !table.parents.empty() && table.bound.empty();
}

std::vector<const TableObject*> ParentsOf(const TableObject& table, const TablesById& tables) {
  std::vector<const TableObject*> parents;
  for (const ObjectId& id : table.parents) {
    if (const auto parent = tables.find(id); parent != tables.end()) {
      parents.push_back(parent->second);
    }
  }
  return parents;
}

// The index of the column with that name; the number of columns if there is none.
size_t FindColumn(const TableObject& table, const std::string& name) {
  const std::vector<Column>& columns = table.table.columns;
  const auto it = std::find_if(columns.begin(), columns.end(),
                               [&](const Column& column) { return column.name == name; });
  return static_cast<size_t>(it - columns.begin());
}

}  // namespace

// What CREATE TABLE declares.
std::string InheritedColumns::DefaultInTable(const TableObject& table, size_t at) const {
  return apart_.contains(table.defaults[at]) ? "" : table.table.columns[at].default_value;
}

// Adds what the table provides to a child that is created at any time after it.
void InheritedColumns::AddProvided(const TableObject& table, const std::string& name,
                                   InheritedColumn& provided) const {
  const size_t at = FindColumn(table, name);
  if (at == table.table.columns.size()) return;
  const std::string value = DefaultInTable(table, at);
  provided.defaults.insert(value);
  if (may_exist_) provided.defaults.insert(table.table.columns[at].default_value);
  provided.not_null |= table.table.columns[at].not_null;
  const bool declares = !table.inherited[at] && !value.empty();
  if (!IsChild(table) || !KeepsOrder(table)) return;
  const InheritedColumn inherited = Provided(table, name);
  provided.not_null |= inherited.not_null;
  if (!declares) provided.defaults.insert(inherited.defaults.begin(), inherited.defaults.end());
}

// What the parents together provide.
InheritedColumn InheritedColumns::Provided(const TableObject& table,
                                           const std::string& name) const {
  InheritedColumn provided;
  bool perhaps_none = true;
  for (const TableObject* parent : ParentsOf(table, tables_)) {
    InheritedColumn of_parent;
    AddProvided(*parent, name, of_parent);
    if (of_parent.defaults.empty()) continue;
    perhaps_none &= of_parent.defaults.erase("") > 0;
    provided.defaults.merge(of_parent.defaults);
    provided.not_null |= of_parent.not_null;
  }
  if (perhaps_none) provided.defaults.insert("");
  return provided;
}

std::vector<InheritedColumn> InheritedColumns::Of(const TableObject& table) const {
  std::vector<InheritedColumn> columns;
  if (!IsChild(table)) return columns;
  std::set<std::string> known;
  for (const TableObject* parent : ParentsOf(table, tables_)) {
    for (const Column& column : parent->table.columns) {
      if (!known.insert(column.name).second) continue;
      columns.push_back(Provided(table, column.name));
      columns.back().column = &column;
    }
  }
  return columns;
}

bool InheritedColumns::KeepsOrder(const TableObject& table) const {
  std::set<std::string> known;
  size_t next = 0;
  for (const TableObject* parent : ParentsOf(table, tables_)) {
    for (const Column& column : parent->table.columns) {
      if (!known.insert(column.name).second) continue;
      const size_t at = FindColumn(table, column.name);
      if (at == table.table.columns.size()) return false;
      if (!inheritance_.IsAddedLater(table, at) && at != next++) return false;
    }
  }
  return true;
}

// Those of the column in the table and its ancestors.
void InheritedColumns::AddDefaults(const TableObject& table, const std::string& name,
                                   CycleBreaks& defaults) const {
  const size_t at = FindColumn(table, name);
  if (at == table.table.columns.size()) return;
  const bool generated = !table.table.columns[at].generated.empty();
  if (table.defaults[at].object != 0 && !generated) defaults.insert(table.defaults[at]);
  for (const TableObject* parent : ParentsOf(table, tables_)) AddDefaults(*parent, name, defaults);
}

CycleBreaks InheritedColumns::Conflicts(const TableObject& table) const {
  CycleBreaks conflicts;
  if (!IsChild(table) || !KeepsOrder(table)) return conflicts;
  for (size_t at = 0; at < table.table.columns.size(); ++at) {
    if (!table.inherited[at] && !DefaultInTable(table, at).empty()) continue;
    const std::string& name = table.table.columns[at].name;
    InheritedColumn provided = Provided(table, name);
    provided.defaults.erase("");
    if (provided.defaults.size() < 2) continue;
    for (const TableObject* parent : ParentsOf(table, tables_)) {
      AddDefaults(*parent, name, conflicts);
    }
  }
  return conflicts;
}

CycleBreaks ConflictingDefaults(const Database& database) {
  const TablesById tables = IndexTables(database);
  const Inheritance inheritance(database);
  CycleBreaks apart;
  const InheritedColumns columns(tables, inheritance, apart, false);
  for (size_t before = 1; before > 0;) {
    before = apart.size();
    for (const TableObject& table : database.tables) apart.merge(columns.Conflicts(table));
    before = apart.size() - before;
  }
  return apart;
}

}  // namespace ballast::catalog
