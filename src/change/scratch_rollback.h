// SPDX-License-Identifier: Apache-2.0
// Proves a rollback of a live database in a scratch server: back, and forward again.
#pragma once

#include <string>

#include "base/progress.h"
#include "base/result.h"
#include "change/repair_goal.h"
#include "plan/observation.h"
#include "project/strategy_selection.h"
#include "proof/goal_state.h"
#include "proof/rollback_proof.h"
#include "scratch/scratch_server.h"

namespace ballast::change {

struct ScratchRollbackQuestion {
  std::string from;  // "release v2.0.0"
  std::string to;    // a version or a migration, as the user names it
  const RepairGoal& now;
  const RepairGoal& goal;
  const proof::GoalState& before;  // of `now`
  const proof::GoalState& after;   // of `goal`
  const proof::RollbackScripts& scripts;
  const project::LoadedProject& project;
  const plan::Observation& observation;  // of the live database
  Progress& progress;
};

// The rollback, or a record with the reason why there is none. Each time, the proven catalog must
// be reached, with rows. Errors as proof::ProveRollback, and those of the scratch server.
Result<proof::ProvenRollback> ProveInScratch(const ScratchRollbackQuestion& question,
                                             scratch::ScratchServer& server);

}  // namespace ballast::change
