// SPDX-License-Identifier: Apache-2.0
// What tells a rollback from an upgrade: a state is an earlier one only if the database has run
// everything that it includes.
#pragma once

#include <string>
#include <vector>

#include "change/repair_goal.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "release/manifest.h"

namespace ballast::change {

// The migrations and hotfixes that `goal` includes and a database in the state `now` has not run,
// in order. Only a deploy runs them: a change of the catalog would record them without their
// effects on rows. `history`: of the project, with a squash perhaps; or null.
//
// A hotfix counts as run if the database has it under another name, and, of an earlier release, if
// migrations replace it that the database has: the upgrade path is proven. Of a release, names that
// the manifest does not cover are not compared, because squashes have other names for the same.
std::vector<std::string> MissingMigrations(const RepairGoal& goal, const RepairGoal& now,
                                           const release::Manifest& manifest,
                                           const plan::FollowHistory* history,
                                           const plan::Observation& observation);

}  // namespace ballast::change
