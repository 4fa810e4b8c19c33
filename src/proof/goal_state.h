// SPDX-License-Identifier: Apache-2.0
// Creates the database of a project state in a scratch database and reads it in all forms; used as
// the goal for a live database.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "catalog/database.h"
#include "catalog/dated_partitions.h"
#include "catalog/snapshot.h"
#include "introspect/rows_reader.h"
#include "proof/proof.h"
#include "release/manifest.h"
#include "release/migration.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

// How to create it.
struct GoalScripts {
  std::string name;      // "release v1.0.0", for errors
  std::string baseline;  // a script; or empty
  // Run after the baseline, as in a replay.
  std::vector<release::Migration> migrations;
  std::string setup_script;   // run first
  catalog::Scope asked = {};  // everything, and what only this state asks for (EverythingAnd)
  // The rows of the baseline, which name columns whose values differ between replays.
  std::vector<release::TableRows> known_rows;
  catalog::DatedPartitions dated;  // the snapshot gets remarks about them
  bool with_rows = false;          // whether GoalState has the rows, which only a repair needs
};

// A table with rows from the migrations. Tables follow those that their foreign keys reference.
struct GoalRows {
  std::string table;                    // quoted
  std::vector<std::string> keys;        // columns of its primary key, quoted
  std::vector<std::string> key_values;  // of each row, as introspect::KeySql writes it
  std::string insert;                   // the statements
  // False: the table has no key, or its values can differ between replays. Then rows cannot be
  // recognized, and belong only into a table that has none.
  bool known_keys = true;
  std::vector<std::string> rules;  // introspect::RulesAgainstOnConflict
};

// What a package has of a state, too.
struct KnownState {
  catalog::SharedSnapshot snapshot;  // never null
  release::FingerprintRecord record;
};

// A state that was built.
struct GoalState : KnownState {
  catalog::Database model;
  std::vector<GoalRows> rows;
  std::vector<introspect::OmittedRows> omitted_rows;  // of tables that `rows` does not have
};

// B300 if a script fails; B302 names what the model does not support.
Result<GoalState> MakeGoalState(scratch::ScratchServer& server, const GoalScripts& scripts,
                                Progress& progress);

// The two steps of MakeGoalState: run the scripts in an empty database (B300), and read it (B302).
// `scripts`: those that have made the database, or none; then its rows have no known keys.
Status BuildGoal(const scratch::ScratchDatabase& database, const GoalScripts& scripts,
                 Progress& progress);
Result<GoalState> ReadGoal(const scratch::ScratchDatabase& database, const GoalScripts& scripts);

// The model of a database that ballast has deployed, so the schema `ballast` is its journal. The
// session must be idle: the function uses its own transaction (REPEATABLE READ, READ ONLY).
Result<catalog::Database> ReadModel(postgres::Session& session, const std::string& target_schema);

// The same in the transaction that is open, of which it changes settings, with its own changes.
Result<catalog::Database> ReadModelHere(postgres::Session& session,
                                        const std::string& target_schema);

// A server of that major version if available, else of the newest installed one.
Result<scratch::ScratchServer> StartServerOf(int major, scratch::ScratchOptions options,
                                             Progress& progress);

}  // namespace ballast::proof
