// SPDX-License-Identifier: Apache-2.0
// Changes to the columns and properties of a table that both databases have. Only for this folder.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "difference/conversions.h"
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
  bool ignored = false;     // by Options::ignore: it stays as it is
};

// What the parents, which are changed first, do to NOT NULL of a child's column.
struct NullAbove {
  bool drops = false;
  bool adds = false;
  bool passes_down = false;  // a parent has it afterwards, for its children, too
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

  // A column of the partition key gets another type: the table must be dropped and created again.
  bool RetypesPartitionKey() const;

  // Parents of these names are dropped and created again: nothing comes from them.
  void IgnoreParents(const std::set<catalog::Name>& names);

  // NO INHERIT, before anything else is dropped.
  std::vector<Statement> LostParents() const;
  // Statements that run before new objects are created, and after the types and functions that it
  // needs.
  std::vector<Statement> Drops() const;
  std::vector<Statement> Changes() const;
  // INHERIT, after the table has everything that the parent requires.
  std::vector<Statement> NewParents() const;

  // Whether rows are written again, or new values computed for them.
  bool RewritesRows() const;

  static bool HasChildren(const DatabaseDefinitions& side, const catalog::TableObject& table);
  static bool HasParent(const DatabaseDefinitions& side, const catalog::TableObject& table,
                        const catalog::Name& parent);

 private:
  void CompareColumns();
  bool IsIgnored(const std::string& column) const;
  ColumnAction ActionFor(const catalog::Column& old, const catalog::Column& column) const;
  bool IsFromAbove(const DatabaseDefinitions& side, const catalog::TableObject& table,
                   const std::string& name) const;
  NullAbove ParentChangesNull(const std::string& name) const;
  bool IsNotNullMeanwhile(size_t before, const NullAbove& above) const;
  bool HasOwnNotNull(const DatabaseDefinitions& side, const catalog::TableObject& table,
                     size_t at) const;
  Statement Make(const std::string& text, const std::string& column = {}) const;
  void ChangeColumn(const ColumnChange& change, std::vector<Statement>& statements) const;
  void AddColumn(size_t at, std::vector<Statement>& statements) const;
  void OverrideInherited(size_t after, std::vector<Statement>& statements) const;
  void OverridePartitioned(size_t after, std::vector<Statement>& statements) const;
  bool HasForeignRows() const;
  bool RefusesRetype(size_t before, size_t after) const;
  void AddConversionEffects(const Conversion& conversion, const catalog::Column& old,
                            const catalog::Column& column, const TypeShape& shape,
                            Statement& statement) const;
  void Retype(size_t before, size_t after, std::vector<Statement>& statements) const;
  void ChangeNull(size_t before, size_t after, std::vector<Statement>& statements) const;
  void RenameNotNull(size_t before, size_t after, const NullAbove& above,
                     std::vector<Statement>& statements) const;
  Statement SetNotNull(size_t after) const;
  void DropIdentityOrExpression(size_t before, size_t after,
                                std::vector<Statement>& statements) const;
  void ChangeGenerated(size_t before, size_t after, std::vector<Statement>& statements) const;
  void ChangeIdentity(size_t before, size_t after, std::vector<Statement>& statements) const;
  bool NarrowsIdentity(size_t before, size_t after) const;
  void ChangeTable(std::vector<Statement>& statements) const;
  std::vector<Statement> Inherit(const char* verb, const std::vector<std::string>& parents,
                                 const std::vector<std::string>& others) const;
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
  std::set<catalog::Name> ignored_parents_;
  std::vector<ColumnChange> columns_;
};

}  // namespace ballast::difference
