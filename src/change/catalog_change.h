// SPDX-License-Identifier: Apache-2.0
// Finds the change that brings a live database to a known state; shared by `repair` and `rollback`.
// difference/ writes the statements, the command specifies the rows of the migrations table, and
// apply/ executes and compares.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "apply/executor.h"
#include "base/progress.h"
#include "base/result.h"
#include "catalog/managed_comparison.h"
#include "change/count_losses.h"
#include "difference/difference.h"
#include "plan/change.h"
#include "postgres/session.h"
#include "proof/goal_state.h"
#include "proof/rollback_proof.h"

namespace ballast::change {

// The four kinds of a change. What they refer to must outlive them; `before` is the proven state of
// the database, without drift.

// The difference between the database and its proven state. Everything beyond the goal counts as an
// addition. Inserts missing rows of the migrations, and fills in CatalogChange::apart.
struct RepairTo {
  const proof::GoalState& goal;
};

// The difference of two states, written for the database as it is, so that its additions remain.
struct RollBackByDifference {
  const proof::GoalState& before;
  const proof::GoalState& goal;
  const std::vector<release::RollbackLoss>& lost_later;  // as proof::ProvenRollback has them
};

// The script that was proven.
struct RollBackByScript {
  const proof::KnownState& before;
  const proof::KnownState& goal;
  const proof::ProvenRollback& rollback;
};

// The renames that the proven script begins with, and the difference after them: the script itself
// does not know the additions.
struct RollBackAfterRenames {
  const proof::KnownState& before;
  const proof::GoalState& goal;
  const proof::ProvenRollback& rollback;
};

struct ChangeQuestion {
  std::variant<RepairTo, RollBackByDifference, RollBackByScript, RollBackAfterRenames> kind;
  catalog::ComparisonRules rules;
  std::vector<std::string> allowed_losses;  // globs on object names
  bool keep_data = false;                   // moves data that would be lost to ballast_kept
  std::vector<release::RollbackLoss> made_again = {};  // as release::Rollback has them
  bool only_shows = false;                             // no trigger of the database may run

  const proof::KnownState& Goal() const;
  const proof::KnownState* Before() const;  // null for a repair
  bool IsRepair() const { return std::holds_alternative<RepairTo>(kind); }
};

struct CatalogChange : plan::Change {
  std::vector<difference::Statement> statements;  // of the scripts
  std::vector<std::string> additions;             // the additions that remain
  std::vector<std::string> dropped_additions;     // dropped with the object that they belong to
  // Differences that `ignore` matches: before the change; once it is made, those that it has left.
  std::vector<std::string> ignored;
  std::vector<std::string> losable;  // labels of what the script can lose, with data or not
  std::vector<MadeAgainObject> made_again;
  std::vector<std::string> restored_rows;  // "2 rows of \"Plan\""
  size_t missing_rows = 0;                 // of the migrations that cannot be restored
  // Tables whose rows were not compared with those of the migrations, which are too many.
  std::vector<std::string> uncompared_rows;
  std::vector<std::string> notices;  // sentences about what the change does not do
  apply::LiveStateBefore live;
};

// The object of the statement at a line of the script (1: the first); empty if there is none.
std::string ObjectAtLine(const CatalogChange& change, int line);

// Reads the live database and determines the change. Its script refuses to drop anything but the
// losses that were counted. Changes nothing: what it tries, it rolls back. B511, and errors of
// reading. Blocking rows and losses are part of the result.
Result<CatalogChange> FindChange(const ChangeQuestion& question, const std::string& schema,
                                 postgres::Session& session);

// Descriptions of what differs between the live database and the state, without additions. Changes
// nothing. Errors of reading.
Result<std::vector<std::string>> FindDrift(const proof::KnownState& state,
                                           const catalog::ComparisonRules& rules,
                                           const std::string& schema, postgres::Session& session);

}  // namespace ballast::change
