// SPDX-License-Identifier: Apache-2.0
// Changes to CHECK constraints that tables inherit from each other: which they are in the two
// databases, and their statements. Only for this folder.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "difference/database_definitions.h"
#include "difference/difference.h"
#include "difference/inherited_checks.h"

namespace ballast::difference {

// What the planner decided about the tables and constraints of `from`.
struct CheckQuestions {
  std::function<bool(const catalog::Name& table)> remains;
  std::function<bool(catalog::ObjectId constraint)> is_dropped;  // whatever the other database has
  std::function<bool(catalog::ObjectId constraint)> is_ignored;  // of either database
  // Of the other database: whether its condition uses a function that changes.
  std::function<bool(catalog::ObjectId constraint)> uses_changed;
};

class CheckChanges {
 public:
  CheckChanges(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
               CheckQuestions questions);

  // Constraints of `from` and `to` that only these statements change.
  bool Covers(const DatabaseDefinitions& side, catalog::ObjectId constraint) const {
    return (&side == &from_ ? from_ids_ : to_ids_).contains(constraint);
  }
  // Constraints of `from` that are dropped, for good or to be made again.
  const std::set<catalog::ObjectId>& dropped() const { return dropped_; }
  // Constraints of `to` that are made.
  const std::set<catalog::ObjectId>& made() const { return made_; }
  const std::vector<std::string>& refused() const { return refused_; }

  // Statements that run after partitions and children are detached, before they are attached, and
  // after that.
  const std::vector<Statement>& drops() const { return drops_; }
  const std::vector<Statement>& adds() const { return adds_; }
  const std::vector<Statement>& finishes() const { return finishes_; }

 private:
  using Tree = std::map<catalog::Name, TreeTable>;

  void PlanTree(const std::string& check, const Tree& tree);
  TreeTable Describe(const std::string& check, const catalog::Name& name,
                     const std::set<catalog::Name>& members) const;
  Statement Make(const std::string& check, const CheckStep& step) const;

  const DatabaseDefinitions& from_;
  const DatabaseDefinitions& to_;
  CheckQuestions questions_;
  std::set<catalog::ObjectId> from_ids_, to_ids_, dropped_, made_;
  std::vector<Statement> drops_, adds_, finishes_;
  std::vector<std::string> refused_;
};

// Of tables that only `database` has: checks that are connected with those of tables that both
// databases have, and that CheckChanges therefore adds.
std::set<catalog::ObjectId> ChecksOfSharedTrees(const catalog::Database& database,
                                                const catalog::Database& other);

}  // namespace ballast::difference
