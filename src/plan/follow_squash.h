// SPDX-License-Identifier: Apache-2.0
// Deploys to a database that has rows of migrations which a squash has replaced. The plan runs the
// replaced migrations that are missing, compares the catalog, and replaces the rows by one.
#pragma once

#include <optional>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The migrations that the squash replaces, including those of earlier squashes; empty without a
// squash.
release::Coverage SquashedNames(const FollowHistory& intent);

// A coverage with the migrations that the squash replaces in its place.
release::Coverage Unsquashed(const std::optional<SquashedHistory>& squash,
                             const release::Coverage& coverage);

// The observation with rows of single migrations in place of those of earlier squashes that this
// one replaces: the state of the database in names that the project still has.
Observation WithoutEarlierSquashes(const FollowHistory& intent, Observation observation);

// Whether there are rows of replaced migrations and none of the squash itself.
bool HasRowsOfSquashed(const FollowHistory& intent, const Observation& observation);

// Refuses with B513 if the database has run later migrations in a combination that was not proven
// when the squash was made.
Decision FollowSquash(const FollowHistory& intent, const Observation& observation,
                      const Policy& policy);

}  // namespace ballast::plan
