// SPDX-License-Identifier: Apache-2.0
// A database whose rows are those of migrations that a squash has replaced since. What it lacks of
// them runs first, out of the archive; the catalog is compared, and the rows become one.
#pragma once

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// What the squash replaces, earlier squashes included; empty without a squash.
release::Coverage SquashedNames(const FollowHistory& intent);

// Whether some row is of a replaced migration, and none of the squash itself.
bool HasRowsOfSquashed(const FollowHistory& intent, const Observation& observation);

// Refused with B513 where the database has run migrations after the squash in a combination that
// was not proven when the squash was made.
Decision FollowSquash(const FollowHistory& intent, const Observation& observation,
                      const Policy& policy);

}  // namespace ballast::plan
