// SPDX-License-Identifier: Apache-2.0
// The database that a state of the project is, made in a scratch database and read in all forms:
// what a live database is to become.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "catalog/database.h"
#include "proof/proof.h"
#include "release/manifest.h"
#include "release/migration.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

// How to make it.
struct GoalRecipe {
  std::string name;      // "release v1.0.0", for errors
  std::string baseline;  // a script; empty: none
  // After the baseline, as a replay runs them.
  std::vector<release::Migration> migrations;
  std::string setup_script;  // before it all, where there is no baseline
  // What is known of its rows: tables with keys that differ from one replay to the next are left
  // out of GoalState::rows. So are all tables where there is no baseline.
  std::vector<release::TableRows> known_rows;
};

// A table with rows that the history has put there. Tables come after those that their foreign keys
// refer to.
struct GoalRows {
  std::string table;                    // quoted
  std::vector<std::string> keys;        // columns of its primary key, quoted
  std::vector<std::string> key_values;  // of each row, as text
  std::string insert;                   // the statements
};

struct GoalState {
  State state;
  release::FingerprintRecord record;
  catalog::Database model;
  std::vector<GoalRows> rows;
};

// B300 when a script does not run; B302 names what the model cannot carry.
Result<GoalState> MakeGoalState(scratch::ScratchServer& server, const GoalRecipe& recipe,
                                Progress& progress);

// Its two halves: the scripts run in an empty database, and what a database then holds.
Status BuildGoal(const scratch::ScratchDatabase& database, const GoalRecipe& recipe,
                 Progress& progress);
Result<GoalState> ReadGoal(const scratch::ScratchDatabase& database, const GoalRecipe& recipe);

// The model of a live database, read in a transaction of its own.
Result<catalog::Database> ReadModel(postgres::Session& session, const std::string& target_schema);

// A server of that major where one can be had, else the newest that is installed.
Result<scratch::ScratchServer> StartServerOf(int major, scratch::ScratchOptions options,
                                             Progress& progress);

}  // namespace ballast::proof
