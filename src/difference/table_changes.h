// SPDX-License-Identifier: Apache-2.0
// Changes to the columns and properties of a table that both databases have. Only for this folder.
#pragma once

#include <string>
#include <vector>

#include "difference/database_definitions.h"
#include "difference/difference.h"

namespace ballast::difference {

enum class ColumnAction {
  kKeep,    // or changed without effect on dependents: NOT NULL, identity
  kRetype,  // ALTER COLUMN … TYPE
  kAdd,
  kDrop,
  kReadd  // drop and add
};

struct ColumnChange {
  std::string name;
  ColumnAction action = ColumnAction::kKeep;
  bool from_above = false;  // ALTER TABLE on the parent changes it
};

class TableChanges {
 public:
  TableChanges(const DatabaseDefinitions& from, const catalog::TableObject& before,
               const DatabaseDefinitions& to, const catalog::TableObject& after,
               const Options& options);

  // The table must be dropped and created again: another partition key, a foreign table.
  bool must_recreate() const { return must_recreate_; }
  // Descriptions of changes that no statement can express.
  std::string Refused() const;
  const std::vector<ColumnChange>& columns() const { return columns_; }
  // Null if neither table has a column of this name.
  const ColumnChange* Find(const std::string& name) const;
  ColumnChange* Find(const std::string& name);
  const catalog::TableObject& before() const { return before_; }
  const catalog::TableObject& after() const { return after_; }

  // Statements that run before new objects are created, and after the types and functions that it
  // needs.
  std::vector<Statement> Drops() const;
  std::vector<Statement> Changes() const;

 private:
  void CompareColumns();
  ColumnAction ActionFor(const catalog::Column& old, const catalog::Column& column) const;
  bool IsFromAbove(const DatabaseDefinitions& side, const catalog::TableObject& table,
                   const std::string& name) const;
  bool ParentChangesNull(const std::string& name) const;
  Statement Make(const std::string& text, const std::string& column = {}) const;
  void AddColumn(size_t at, std::vector<Statement>& statements) const;
  void Retype(size_t before, size_t after, std::vector<Statement>& statements) const;
  void ChangeNull(size_t before, size_t after, std::vector<Statement>& statements) const;
  void ChangeGenerated(size_t before, size_t after, std::vector<Statement>& statements) const;
  void ChangeIdentity(size_t before, size_t after, std::vector<Statement>& statements) const;
  void ChangeTable(std::vector<Statement>& statements) const;
  std::vector<std::string> ParentsOf(const DatabaseDefinitions& side,
                                     const catalog::TableObject& table) const;
  std::string DropColumnText(const std::string& column) const;

  const DatabaseDefinitions& from_;
  const DatabaseDefinitions& to_;
  const catalog::TableObject& before_;
  const catalog::TableObject& after_;
  const Options& options_;
  std::string table_;  // quoted
  bool must_recreate_ = false;
  std::vector<ColumnChange> columns_;
};

}  // namespace ballast::difference
