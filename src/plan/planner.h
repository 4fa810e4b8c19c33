// SPDX-License-Identifier: Apache-2.0
// The planner is pure and total: for every intent, observation and policy it returns a plan or a
// refusal with remedies. docs/decisions/0004-what-deploy-does.md has the contract and the table.
#pragma once

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

Decision Decide(const Intent& intent, const Observation& observation, const Policy& policy);

// Whether the catalog must be compared with the states that the project knows
// (Observation::compared), because the rows are not sufficient: there are objects but no rows, or
// an unknown baseline.
bool NeedsComparison(const Intent& intent, const Observation& observation, const Policy& policy);

// Whether these states must include the points of the history: for an adoption, and for converting
// rows of deleted migrations (steps.h).
bool NeedsHistoryPoints(const Intent& intent, const Observation& observation, const Policy& policy);

// Whether the decision needs the covered migrations, which the intent may omit at first because
// reading them takes time.
bool NeedsHistory(const Intent& intent, const Observation& observation, const Policy& policy);

}  // namespace ballast::plan
