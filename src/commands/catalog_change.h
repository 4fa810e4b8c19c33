// SPDX-License-Identifier: Apache-2.0
// Changes a live database to a state that was built in a scratch database; shared by `repair` and
// `rollback`. difference/ writes the statements, the command specifies the rows of the migrations
// table, and apply/ executes and compares.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
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

// Rows that would make a statement fail.
struct BlockingRows {
  std::string object;  // the object that cannot be created
  std::string what;    // "NULL in \"User\".\"name\""
  int64_t count = 0;   // 0: not known
  std::string query;   // lists the rows
};

// Rows or values that would be lost.
struct DataLoss {
  std::string object;  // "table \"Old\"", "column \"User\".\"age\""
  int64_t count = 0;   // number of rows, or of values that are not NULL
  bool allowed = false;
};

struct ChangeQuestion {
  std::string name;       // of the script in reports and the journal: "repair"
  std::string goal_name;  // "release v1.0.0"
  const proof::GoalState& goal;
  // The proven state of the database; null: everything beyond the goal counts as an addition.
  const proof::GoalState* before = nullptr;
  catalog::ComparisonRules rules;
  std::vector<std::string> allowed_losses;  // globs on object names
  bool keep_data = false;         // moves data that would be lost into the schema ballast_kept
  bool restore_rows = false;      // inserts missing rows of the migrations
  bool may_commit_apart = false;  // fills in CatalogChange::apart
  std::string given_script = {};  // instead of the generated statements; or empty
  // Statements that the generated ones follow: renames that a rollback reverts, so that it does not
  // drop the object and create another. And the proven state of the database after them.
  std::string renames = {};
  const catalog::Database* renamed = nullptr;
  // The losses of `given_script` or `renames`; nullopt: those of the statements.
  std::optional<std::vector<release::RollbackLoss>> given_losses = {};
  // Of the rows of the migrations, how many `given_script` may remove from a table (quoted).
  std::map<std::string, int64_t> removable_rows = {};
  // Refuses a script that drops anything but the losses that were counted.
  bool guard_losses = false;
  std::string conflict_remedy = {};  // for rows that conflict; or empty
  bool only_compare = false;         // finds drift and additions, but no statements
};

struct CatalogChange {
  std::vector<difference::Statement> statements;
  std::vector<std::string> drift;              // descriptions of the drift that it removes
  std::vector<std::string> additions;          // the additions that remain
  std::vector<std::string> dropped_additions;  // dropped with the object that they belong to
  // Additions that `given_script` would lose, because it drops their object and creates it again.
  std::vector<std::string> lost_additions;
  // Additions for which `given_script` fails, because they depend on what it drops or converts.
  std::vector<std::string> in_the_way;
  std::vector<std::string> ignored;
  std::vector<BlockingRows> blocking;
  std::vector<DataLoss> losses;
  std::vector<std::string> kept;           // objects whose data is moved to ballast_kept
  std::vector<std::string> restored_rows;  // "2 rows of \"Plan\""
  std::vector<std::string> notices;        // sentences about what the change does not do
  // Statements that run before the rest and are committed one by one: concurrent index builds, and
  // constraints on tables with rows that are added NOT VALID and then validated. After an
  // interruption, the next run finds what is still missing.
  std::vector<difference::Statement> apart;
  std::string first_script;  // committed before the rest; or empty
  std::string script;
  apply::LiveStateBefore live;

  bool empty() const { return apart.empty() && first_script.empty() && script.empty(); }
};

// Reads the live database and determines the change. Changes nothing: what it tries, it rolls back.
// B511, and errors of reading.
// Blocking rows and losses are part of the result: see change_plan.h.
Result<CatalogChange> FindChange(const ChangeQuestion& question, const std::string& schema,
                                 postgres::Session& session);

}  // namespace ballast::commands
