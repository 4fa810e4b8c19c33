// SPDX-License-Identifier: Apache-2.0
#include "catalog/inheritance.h"

#include <algorithm>

namespace ballast::catalog {
namespace {

size_t PositionIn(const std::vector<std::string>& order, const std::string& name) {
  return static_cast<size_t>(std::find(order.begin(), order.end(), name) - order.begin());
}

}  // namespace

TablesById IndexTables(const Database& database) {
  TablesById tables;
  for (const TableObject& table : database.tables) tables[table.id] = &table;
  return tables;
}

ObjectId ColumnId(const TableObject& table, size_t at) {
  return {table.id.catalog, table.id.object, table.numbers[at]};
}

Inheritance::Inheritance(const Database& database) : by_id_(IndexTables(database)) {
  for (const TableObject& table : database.tables) tables_.push_back(&table);
  bool changed = true;
  while (changed) {
    changed = false;
    for (const TableObject* table : tables_) {
      if (IsChild(*table)) {
        changed |= MarkOutOfPlace(*table);
        changed |= MarkInParents(*table);
      }
      changed |= MarkFollowers(*table);
    }
  }
}

size_t Inheritance::Find(const TableObject& table, const std::string& name) {
  const auto& columns = table.table.columns;
  const auto it = std::find_if(columns.begin(), columns.end(),
                               [&](const Column& column) { return column.name == name; });
  return static_cast<size_t>(it - columns.begin());
}

// The order in which INHERITS would create the present columns of all parents.
std::vector<std::string> Inheritance::InheritedOrder(const TableObject& table) const {
  std::vector<std::string> order;
  for (const ObjectId& id : table.parents) {
    const auto parent = by_id_.find(id);
    if (parent == by_id_.end()) continue;
    for (const Column& column : parent->second->table.columns) {
      if (PositionIn(order, column.name) == order.size()) order.push_back(column.name);
    }
  }
  return order;
}

// An inherited column after one that INHERITS would put behind it was added later.
bool Inheritance::MarkOutOfPlace(const TableObject& table) {
  const std::vector<std::string> order = InheritedOrder(table);
  bool changed = false;
  size_t furthest = 0;
  for (size_t at = 0; at < table.table.columns.size(); ++at) {
    const size_t place = PositionIn(order, table.table.columns[at].name);
    if (table.inherited[at] && place < furthest) {
      changed |= late_.insert(ColumnId(table, at)).second;
    }
    if (!IsAddedLater(table, at)) furthest = std::max(furthest, place);
  }
  return changed;
}

// Columns after one that was added later were also added later.
bool Inheritance::MarkFollowers(const TableObject& table) {
  bool changed = false;
  bool after = false;
  for (size_t at = 0; at < table.table.columns.size(); ++at) {
    if (after) changed |= late_.insert(ColumnId(table, at)).second;
    after |= IsAddedLater(table, at);
  }
  return changed;
}

// A column that is added later in a child is added later in the parent that it comes from.
bool Inheritance::MarkInParents(const TableObject& table) {
  bool changed = false;
  for (size_t at = 0; at < table.table.columns.size(); ++at) {
    if (!IsAddedLater(table, at) || !table.inherited[at]) continue;
    for (const ObjectId& id : table.parents) {
      const auto parent = by_id_.find(id);
      if (parent == by_id_.end()) continue;
      const size_t in_parent = Find(*parent->second, table.table.columns[at].name);
      if (in_parent == parent->second->table.columns.size()) continue;
      changed |= late_.insert(ColumnId(*parent->second, in_parent)).second;
    }
  }
  return changed;
}

std::vector<ObjectId> Inheritance::NeededBefore(const TableObject& table) const {
  std::vector<ObjectId> needs;
  if (!IsChild(table)) return needs;
  for (size_t at = 0; at < table.table.columns.size(); ++at) {
    if (IsAddedLater(table, at)) continue;
    for (const ObjectId& id : table.parents) {
      const auto parent = by_id_.find(id);
      if (parent == by_id_.end()) continue;
      const size_t in_parent = Find(*parent->second, table.table.columns[at].name);
      if (in_parent < parent->second->table.columns.size() &&
          IsAddedLater(*parent->second, in_parent)) {
        needs.push_back(ColumnId(*parent->second, in_parent));
      }
    }
  }
  return needs;
}

std::vector<ObjectId> Inheritance::Children(const TableObject& table, size_t at) const {
  std::vector<ObjectId> children;
  const std::string& name = table.table.columns[at].name;
  for (const TableObject* child : tables_) {
    const bool direct = IsChild(*child) && std::find(child->parents.begin(), child->parents.end(),
                                                     table.id) != child->parents.end();
    const size_t in_child = direct ? Find(*child, name) : child->table.columns.size();
    if (in_child == child->table.columns.size()) continue;
    if (!child->inherited[in_child] || !IsAddedLater(*child, in_child)) continue;
    children.push_back(ColumnId(*child, in_child));
    const std::vector<ObjectId> further = Children(*child, in_child);
    children.insert(children.end(), further.begin(), further.end());
  }
  return children;
}

std::vector<ObjectId> Inheritance::NeededToAdd(const TableObject& table, size_t at) const {
  std::vector<ObjectId> columns = Children(table, at);
  columns.push_back(ColumnId(table, at));
  std::vector<ObjectId> needs;
  for (const ObjectId& id : columns) {
    const TableObject& holder = *by_id_.at({id.catalog, id.object, 0});
    needs.push_back(holder.id);
    const auto number = std::find(holder.numbers.begin(), holder.numbers.end(), id.part);
    const size_t place = static_cast<size_t>(number - holder.numbers.begin());
    if (place > 0) needs.push_back(ColumnId(holder, place - 1));
  }
  return needs;
}

}  // namespace ballast::catalog
