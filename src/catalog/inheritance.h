// SPDX-License-Identifier: Apache-2.0
// Columns of inherited tables that were added after CREATE TABLE. A parent can get a column after
// its children have columns of their own. Because INHERITS would place that column first, the
// script must add it again after the children are created.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "catalog/database.h"

namespace ballast::catalog {

using TablesById = std::map<ObjectId, const TableObject*>;
TablesById IndexTables(const Database& database);

// The identity of a column; `at` is its index in table.columns.
ObjectId ColumnId(const TableObject& table, size_t at);

class Inheritance {
 public:
  explicit Inheritance(const Database& database);

  // Whether the column is added after CREATE TABLE of its table.
  bool IsAddedLater(const TableObject& table, size_t at) const {
    return IsAddedLater(ColumnId(table, at));
  }
  bool IsAddedLater(ObjectId column) const { return late_.contains(column); }

  // The columns that must be added before this child table can be created.
  std::vector<ObjectId> NeededBefore(const TableObject& table) const;

  // For a column that is added later and declared here: the same column of children that also get
  // it later, and everything that must precede ALTER TABLE … ADD COLUMN.
  std::vector<ObjectId> Children(const TableObject& table, size_t at) const;
  std::vector<ObjectId> NeededToAdd(const TableObject& table, size_t at) const;

 private:
  bool IsChild(const TableObject& table) const {
    return !table.parents.empty() && table.bound.empty();
  }
  std::vector<std::string> InheritedOrder(const TableObject& table) const;
  bool MarkOutOfPlace(const TableObject& table);
  bool MarkFollowers(const TableObject& table);
  bool MarkInParents(const TableObject& table);
  // The index of the column with that name; the number of columns if there is none.
  static size_t Find(const TableObject& table, const std::string& name);

  std::vector<const TableObject*> tables_;
  TablesById by_id_;
  std::set<ObjectId> late_;
};

}  // namespace ballast::catalog
