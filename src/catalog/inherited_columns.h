// SPDX-License-Identifier: Apache-2.0
// What CREATE TABLE … INHERITS gives the columns that it takes from parents (PostgreSQL
// tablecmds.c, MergeAttributes). Only for this folder.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "catalog/baseline_internal.h"
#include "catalog/inheritance.h"

namespace ballast::catalog {

struct InheritedColumn {
  const Column* column = nullptr;  // the column of the first parent that has it
  // The defaults that the column may inherit: a parent gets its default in CREATE TABLE or in a
  // later step. "" means no default. The server refuses two different defaults.
  std::set<std::string> defaults;
  bool not_null = false;  // may inherit NOT NULL
};

class InheritedColumns {
 public:
  // References, which must outlive this object. `apart` has the defaults that separate steps set,
  // each after all children of its table are created. `may_exist`: or before, because the database
  // has the table already.
  InheritedColumns(const TablesById& tables, const Inheritance& inheritance,
                   const CycleBreaks& apart, bool may_exist)
      : tables_(tables), inheritance_(inheritance), apart_(apart), may_exist_(may_exist) {}

  // The columns of the parents, in the order of INHERITS; empty if the table is not a child.
  std::vector<InheritedColumn> Of(const TableObject& table) const;

  // Whether INHERITS creates the columns in their actual order.
  bool KeepsOrder(const TableObject& table) const;

  // The defaults of ancestors that would conflict when the table is created with INHERITS.
  CycleBreaks Conflicts(const TableObject& table) const;

 private:
  std::string DefaultInTable(const TableObject& table, size_t at) const;
  void AddProvided(const TableObject& table, const std::string& name,
                   InheritedColumn& provided) const;
  InheritedColumn Provided(const TableObject& table, const std::string& name) const;
  void AddDefaults(const TableObject& table, const std::string& name, CycleBreaks& defaults) const;

  const TablesById& tables_;
  const Inheritance& inheritance_;
  const CycleBreaks& apart_;
  const bool may_exist_;
};

// The defaults that must be set after the children are created, because they conflict.
CycleBreaks ConflictingDefaults(const Database& database);

}  // namespace ballast::catalog
