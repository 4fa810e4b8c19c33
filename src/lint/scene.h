// SPDX-License-Identifier: Apache-2.0
// One migration and what surrounds it, for the code that looks for findings in it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.h"

namespace ballast::lint {

class Scene {
 public:
  Scene(const MigrationTrace& migration, const LintContext& context)
      : migration_(migration), context_(context) {}

  const MigrationTrace& migration() const { return migration_; }
  const LintContext& context() const { return context_; }

  // Whether the relation existed before the first pending migration, and is not known to be empty.
  bool IsInUse(Oid relation) const;
  // Whether it existed before the first pending migration, empty or not.
  bool IsOld(Oid relation) const { return OldRelation(relation) != nullptr; }
  bool IsOldColumn(Oid table, int number) const;
  const Relation* OldRelation(Oid relation) const;
  // As the statement found it, else as it left it; null when it knows no such relation.
  static const Relation* RelationAt(const StatementTrace& at, Oid relation);

  std::optional<LiveTable> LiveOf(Oid relation) const;
  // The name with the size of the live table, if it is known: "TaskRun (41 M rows, 12 GB)".
  std::string Weighed(const Relation& relation, Oid oid) const;
  // The usual severity of a rule about time, changed by the size of the live table.
  Severity Weigh(Rule rule, Oid relation) const;

  // The strongest lock that is held on the relation while the statement runs.
  std::string LockDuring(size_t statement, Oid relation) const;

  // The first statement of which `changed` is true; the last one when there is none.
  size_t FirstWhere(const std::function<bool(const StatementTrace&)>& changed) const;

  // A finding about a statement, without message and safe form.
  Finding Start(Rule rule, size_t statement, std::string object) const;

 private:
  const MigrationTrace& migration_;
  const LintContext& context_;
};

// Whether an UPDATE or DELETE has a WHERE clause.
bool HasWhere(std::string_view statement);

// Locks, rewrites, index builds, scans, and the transactions that they are in.
void FindHeavyStatements(const Scene& scene, std::vector<Finding>* findings);
// What is lost, and what the application that still runs would miss.
void FindBreakingChanges(const Scene& scene, std::vector<Finding>* findings);

}  // namespace ballast::lint
