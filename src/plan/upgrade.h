// SPDX-License-Identifier: Apache-2.0
// Upgrade paths that end in this release: from an earlier release, and from the development
// strategy.
#pragma once

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The proven state that the database is in: of those with its baseline the one with the most
// hotfixes, all of them applied. Null when there is none.
const release::PreviousRelease* PreviousOf(const ApplyRelease& release,
                                           const Observation& observation,
                                           const std::string& baseline_checksum);

// From `previous`, whose baseline the database was deployed from: the migrations that this release
// covers and that one did not, by set and in the history's order; afterwards the rows are those
// that a fresh deploy of this release leaves, and the catalog is the proven one (column order
// apart). Rows of migrations that neither knows stay, with a notice; --strict refuses them.
Decision Upgrade(const ApplyRelease& release, const release::PreviousRelease& previous,
                 const Observation& observation, const Policy& policy);

// The database has the rows of single migrations: those that are missing run, the catalog is
// proven, and the rows become those of a release deploy.
Decision UpgradeFromDevelopment(const ApplyRelease& release, const Observation& observation,
                                const Policy& policy);

// The reverse: a database with the rows of the release strategy, and the history is asked for. It
// is brought to the release that the project has a package of, compared, and continues from there.
Decision FollowFromRelease(const FollowHistory& intent, const Observation& observation,
                           const Policy& policy);

}  // namespace ballast::plan
