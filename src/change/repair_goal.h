// SPDX-License-Identifier: Apache-2.0
// Determines the proven state that a live database should have, and how to build it in a scratch
// database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assess/known_state_comparison.h"
#include "base/result.h"
#include "plan/change.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "project/strategy_selection.h"
#include "proof/goal_state.h"
#include "release/manifest.h"

namespace ballast::change {

struct RepairGoal {
  proof::GoalScripts scripts;
  std::string version;  // of a release; empty: the goal is none
  std::string proven;   // expected fingerprint of the built state; empty: not known
  int vocabulary = catalog::kVocabulary;  // of that fingerprint
  catalog::SharedSnapshot snapshot = {};  // of that fingerprint; null: not known
  plan::StateRows rows;
  release::Coverage covers;  // of a release or baseline: the migrations that it covers
  // Migrations that the rows of the goal would record, although no row of the database shows that
  // they have run, and that change rows (sql::DependsOnRows), in order.
  std::vector<std::string> unrecorded;
};

// The migrations that a database in this state has run, in no order: those that it covers, that its
// rows record, and that build it.
release::Coverage RunBy(const RepairGoal& state);

// The single migrations of a history with a squash: those that it replaces, then the others in
// their order. Without a squash, its migrations.
std::vector<release::Migration> UnsquashedHistory(const plan::FollowHistory& history);

// The single migrations that the database has, with the rows that it has for them. Nothing if it
// has rows of other migrations.
std::optional<RepairGoal> GoalOfSingleMigrations(const plan::FollowHistory& history,
                                                 const plan::Observation& observation,
                                                 const std::string& setup_script);

// Whether the rows of the migrations table record that the migration has run: by its own name, or
// by that of a squash that replaces it.
bool HasRun(const plan::FollowHistory& history, const plan::Observation& observation,
            std::string_view migration);

// Whether the row of the release that the database was deployed from, if it has one, is of one of
// these states.
bool KnowsRelease(const plan::Intent& intent, const std::vector<assess::ProvenState>& states,
                  const plan::Observation& observation);

// From the rows of the migrations table: the state of exactly what they record. Without rows, or
// with just that of an unknown baseline, the state in which a deploy would end. B506 if the project
// does not know the state, or lacks a script. `again`: the command to run with another package.
Result<RepairGoal> GoalByRows(project::LoadedProject& project, const plan::Observation& observation,
                              const std::string& again);

// How to build a state of the package or an earlier one. B512 if its scripts are not available.
Result<RepairGoal> GoalOfState(const assess::ProvenState& state,
                               const project::LoadedProject& project);

// The migration history up to and including these migrations.
RepairGoal GoalOfHistory(std::vector<release::Migration> migrations, std::string setup_script);

// Builds the state and verifies it (B303 if it is not the proven one).
Result<proof::GoalState> MakeGoal(const RepairGoal& goal, scratch::ScratchServer& server,
                                  Progress& progress);

}  // namespace ballast::change
