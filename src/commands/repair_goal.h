// SPDX-License-Identifier: Apache-2.0
// Which proven state a live database should be in, and how that state is made in a scratch
// database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assess/known_state_comparison.h"
#include "base/result.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "project/project_context.h"
#include "proof/goal_state.h"
#include "release/manifest.h"

namespace ballast::commands {

struct RepairGoal {
  proof::GoalRecipe recipe;
  std::string proven;  // fingerprint that the made state must have; empty: none is recorded
  int vocabulary = catalog::kVocabulary;  // of that fingerprint
  // Rows that the migrations table has in this state: as run, and as marked.
  release::Coverage run;
  release::Coverage resolved;
};

// By the rows of the migrations table; where there are none, or where they are of an unknown
// baseline, the state that a deploy would end in. B506 where the project knows no such state.
Result<RepairGoal> GoalByRows(const plan::Intent& intent, const project::ProjectContext& context,
                              project::Artifacts& artifacts, const plan::Observation& observation);

// How a state of the package, or one before it, is made. B512 where its scripts are not here.
Result<RepairGoal> GoalOfState(const assess::ProvenState& state, const plan::Intent& intent,
                               const project::ProjectContext& context,
                               const project::Artifacts& artifacts);

// The history up to and including these migrations.
RepairGoal GoalOfHistory(std::vector<release::Migration> migrations, std::string setup_script);

// The steps that make the migrations table what the goal says.
std::vector<plan::Step> RowSteps(const RepairGoal& goal, const plan::Observation& observation);

// Makes the state, and checks that it is the proven one (B303 where it is not).
Result<proof::GoalState> MakeGoal(const RepairGoal& goal, scratch::ScratchServer& server,
                                  Progress& progress);

}  // namespace ballast::commands
