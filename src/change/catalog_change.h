// SPDX-License-Identifier: Apache-2.0
// Changes a live database to a state that was built in a scratch database; shared by `repair` and
// `rollback`. difference/ writes the statements, the command specifies the rows of the migrations
// table, and apply/ executes and compares.
#pragma once

#include <string>
#include <vector>

#include "apply/executor.h"
#include "base/progress.h"
#include "base/result.h"
#include "catalog/managed_comparison.h"
#include "difference/difference.h"
#include "plan/change.h"
#include "postgres/session.h"
#include "proof/goal_state.h"
#include "proof/rollback_proof.h"

namespace ballast::change {

struct ChangeQuestion {
  const proof::GoalState& goal;
  // The proven state of the database; null: everything beyond the goal counts as an addition.
  const proof::GoalState* before = nullptr;
  catalog::ComparisonRules rules;
  std::vector<std::string> allowed_losses = {};  // globs on object names
  bool keep_data = false;         // moves data that would be lost into the schema ballast_kept
  bool restore_rows = false;      // inserts missing rows of the migrations
  bool may_commit_apart = false;  // fills in CatalogChange::apart
  // A proven rollback, whose script runs in place of the generated statements; or null.
  const proof::ProvenRollback* rollback = nullptr;
  // Only its renames run, and the generated statements after them: its script does not know the
  // additions.
  bool only_renames = false;
  // Refuses a script that drops anything but the losses that were counted.
  bool guard_losses = false;
  bool only_compare = false;  // finds drift and additions, but no statements
};

struct CatalogChange : plan::Change {
  std::vector<difference::Statement> statements;  // of the scripts
  std::vector<std::string> additions;             // the additions that remain
  std::vector<std::string> dropped_additions;     // dropped with the object that they belong to
  std::vector<std::string> ignored;
  std::vector<std::string> restored_rows;  // "2 rows of \"Plan\""
  std::vector<std::string> notices;        // sentences about what the change does not do
  apply::LiveStateBefore live;
};

// The object of the statement at a line of the script (1: the first); empty if there is none.
std::string ObjectAtLine(const CatalogChange& change, int line);

// Reads the live database and determines the change. Changes nothing: what it tries, it rolls back.
// B511, and errors of reading. Blocking rows and losses are part of the result.
Result<CatalogChange> FindChange(const ChangeQuestion& question, const std::string& schema,
                                 postgres::Session& session);

}  // namespace ballast::change
