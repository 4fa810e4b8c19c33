// SPDX-License-Identifier: Apache-2.0
// Columns that came late: a parent table may get a column after its heirs have columns of their
// own. INHERITS alone would put it before them, so it has to be added again after the heirs are
// made.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "catalog/database.h"

namespace ballast::catalog {

using TablesById = std::map<ObjectId, const TableObject*>;
TablesById IndexTables(const Database& database);

// The identity of a column; `at` is its place in table.columns.
ObjectId ColumnId(const TableObject& table, size_t at);

class Inheritance {
 public:
  explicit Inheritance(const Database& database);

  // Whether the column is not there yet when its table has just been made.
  bool IsLate(const TableObject& table, size_t at) const { return IsLate(ColumnId(table, at)); }
  bool IsLate(ObjectId column) const { return late_.contains(column); }

  // What must have been added before this table can be made of its parents.
  std::vector<ObjectId> NeededBefore(const TableObject& table) const;

  // For a late column that is declared here: the same column of the heirs who get it late too, and
  // what must be there before it is added.
  std::vector<ObjectId> Heirs(const TableObject& table, size_t at) const;
  std::vector<ObjectId> NeededToAdd(const TableObject& table, size_t at) const;

 private:
  bool IsHeir(const TableObject& table) const {
    return !table.parents.empty() && table.bound.empty();
  }
  std::vector<std::string> InheritedOrder(const TableObject& table) const;
  bool MarkOutOfPlace(const TableObject& table);
  bool MarkFollowers(const TableObject& table);
  bool MarkInParents(const TableObject& table);
  // The column of that name in a table, or nothing: its place.
  static size_t Find(const TableObject& table, const std::string& name);

  std::vector<const TableObject*> tables_;
  TablesById by_id_;
  std::set<ObjectId> late_;
};

}  // namespace ballast::catalog
