// SPDX-License-Identifier: Apache-2.0
// Upgrade paths to this release, from an earlier release and from the development strategy.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The proven state of the database: of the releases with its baseline, the one with the most
// hotfixes of which all are applied. Null if there is none.
const release::PreviousRelease* PreviousOf(const std::vector<release::PreviousRelease>& known,
                                           const std::set<std::string_view>& applied,
                                           const std::string& baseline_checksum);

// Upgrades from `previous`, whose baseline the database was deployed from. Runs the migrations that
// this release covers and that one did not, by set and in history order. Afterwards the rows are
// those of a fresh deploy of this release, and the catalog equals the proven one (except column
// order). Rows of unknown migrations remain, with a notice; --strict refuses them.
Decision Upgrade(const ApplyRelease& release, const release::PreviousRelease& previous,
                 const Observation& observation, const Policy& policy);

// For a database with a row per migration: runs the missing ones, compares the catalog, and
// replaces the rows by those of a release deploy.
Decision UpgradeFromDevelopment(const ApplyRelease& release, const Observation& observation,
                                const Policy& policy);

// The reverse: the history is to be followed, but the database has rows of the release strategy.
// Brings it to the release of the project's package, compares it, and continues with the history.
Decision FollowFromRelease(const FollowHistory& intent, const Observation& observation,
                           const Policy& policy);

}  // namespace ballast::plan
