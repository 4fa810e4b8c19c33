// SPDX-License-Identifier: Apache-2.0
// Decides. Pure and total: for every intent, observation and policy there is a plan or a refusal
// with its remedies; contract and table are docs/decisions/0004-what-deploy-does.md.
#pragma once

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

Decision Decide(const Intent& intent, const Observation& observation, const Policy& policy);

// Whether the catalog says more than the rows do, so that it may be held against the states that
// the project knows (Observation::compared): objects without rows, or a baseline that nobody knows.
bool WantsComparison(const Intent& intent, const Observation& observation);

// Whether the points of the history shall be among the states that it is compared with: for an
// adoption, and where rows of deleted migrations are to be converted (steps.h).
bool WantsHistoryPoints(const Intent& intent, const Observation& observation, const Policy& policy);

// Whether deciding needs what the intent may leave out at first because it costs: the covered
// migrations themselves.
bool NeedsHistory(const Intent& intent, const Observation& observation);

}  // namespace ballast::plan
