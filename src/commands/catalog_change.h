// SPDX-License-Identifier: Apache-2.0
// Changes a live database into a state that was made in a scratch database: what `repair` and
// `rollback` share. The statements come from difference/, the rows of the migrations table from the
// command, and apply/ runs and compares.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apply/executor.h"
#include "base/progress.h"
#include "base/result.h"
#include "catalog/managed_comparison.h"
#include "difference/difference.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "postgres/session.h"
#include "proof/goal_state.h"
#include "release/manifest.h"

namespace ballast::commands {

// Rows that a statement would fail on.
struct BlockingRows {
  std::string object;  // that cannot be made
  std::string what;    // "NULL in \"User\".\"name\""
  int64_t count = 0;
  std::string query;  // lists them
};

// Rows or values that would be gone.
struct DataLoss {
  std::string object;  // "table \"Old\"", "column \"User\".\"age\""
  int64_t count = 0;   // rows, or values that are not NULL
  bool allowed = false;
};

struct ChangeQuestion {
  std::string name;       // of the script in reports and in the journal: "repair"
  std::string goal_name;  // "release v1.0.0"
  const proof::GoalState& goal;
  // The state that the database was proven to be in; null: what it has beyond the goal are
  // additions.
  const proof::GoalState* before = nullptr;
  catalog::ComparisonRules rules;
  std::vector<std::string> allowed_losses;  // globs over names of objects
  bool keep_data = false;                   // moves what would be lost into the schema ballast_kept
  bool restore_rows = false;                // those of the history that are missing
  bool may_commit_apart = false;            // fills in CatalogChange::apart
  std::string given_script = {};            // in place of the statements; empty: none
  // What it loses; nothing: what the statements would.
  std::optional<std::vector<release::RollbackLoss>> given_losses = {};
  bool only_compare = false;  // finds drift and additions, and no statements
};

struct CatalogChange {
  std::vector<difference::Statement> statements;
  std::vector<std::string> drift;  // that it removes, in words
  std::vector<std::string> additions;
  std::vector<std::string> ignored;
  std::vector<BlockingRows> blocking;
  std::vector<DataLoss> losses;
  std::vector<std::string> kept;           // objects whose data moves to ballast_kept
  std::vector<std::string> restored_rows;  // "2 rows of \"Plan\""
  // Statements that run before the rest, each committed: concurrent index builds, and constraints
  // that are added NOT VALID and then validated, on tables with rows. A run that was stopped among
  // them is completed by the next one, which finds what is still missing.
  std::vector<difference::Statement> apart;
  std::string first_script;  // committed before the rest; empty: none
  std::string script;
  apply::LiveStateBefore live;

  bool empty() const { return apart.empty() && first_script.empty() && script.empty(); }
};

// Reads the live database and finds what has to be done. Changes nothing. B511 and the errors of
// reading. Data in the way and losses stand in the answer: see RefusalOf.
Result<CatalogChange> FindChange(const ChangeQuestion& question, const std::string& schema,
                                 postgres::Session& session);

// B508 where rows stand in the way, B509 where data would be lost that nobody named. `option`: by
// which it is named ("--drop").
std::optional<plan::Refusal> RefusalOf(const CatalogChange& change, const std::string& option,
                                       const std::vector<std::string>& remedies);

// The transactions: the script, the steps that write rows, and the comparison with the goal.
plan::Plan PlanOf(const CatalogChange& change, const ChangeQuestion& question,
                  std::vector<plan::Step> row_steps);

}  // namespace ballast::commands
