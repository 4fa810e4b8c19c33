// SPDX-License-Identifier: Apache-2.0
// One migration with the context in which findings are searched.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.h"

namespace ballast::lint {

class LintedMigration {
 public:
  LintedMigration(const MigrationTrace& migration, const LintContext& context)
      : migration_(migration), context_(context) {}

  const MigrationTrace& migration() const { return migration_; }
  const LintContext& context() const { return context_; }

  // Whether the relation existed before the first pending migration and is not known to be empty.
  bool IsInUse(Oid relation) const;
  // Whether it existed before the first pending migration, empty or not.
  bool ExistedBefore(Oid relation) const { return RelationBefore(relation) != nullptr; }
  bool ColumnExistedBefore(Oid table, int number) const;
  const Relation* RelationBefore(Oid relation) const;
  // The relation before the statement, or after it if the statement created it; or null.
  static const Relation* RelationAt(const StatementTrace& at, Oid relation);

  std::optional<LiveTable> LiveOf(Oid relation) const;
  // The name and, if known, the size of the live table: "TaskRun (41 M rows, 12 GB)".
  std::string NameWithSize(const Relation& relation, Oid oid) const;
  // The default severity of a rule about duration, adjusted to the size of the live table.
  Severity SeverityFor(Rule rule, Oid relation) const;

  // The strongest lock held on the relation while the statement runs.
  sql::LockMode LockDuring(size_t statement, Oid relation) const;

  // The index of the first statement for which `changed` is true; else of the last one.
  size_t FindStatement(const std::function<bool(const StatementTrace&)>& changed) const;

  // A finding about a statement, without message and safe form.
  Finding Start(Rule rule, size_t statement, std::string object) const;

 private:
  const MigrationTrace& migration_;
  const LintContext& context_;
};

// Whether an UPDATE or DELETE has a WHERE clause.
bool HasWhere(std::string_view statement);
// Whether ALTER TABLE … TYPE has a conversion of its own.
bool HasUsing(std::string_view statement);

// Locks, rewrites, index builds, scans, and the transactions that they are in.
void FindHeavyStatements(const LintedMigration& linted, std::vector<Finding>* findings);
// Data that is lost, and changes that break the version of the application that is still running.
void FindBreakingChanges(const LintedMigration& linted, std::vector<Finding>* findings);

}  // namespace ballast::lint
