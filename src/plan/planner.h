// SPDX-License-Identifier: Apache-2.0
// The planner is pure and total: for every intent, observation and policy it returns a plan, a
// refusal with remedies, or what it needs to know first. docs/decisions/0004-what-deploy-does.md
// has the contract and the table.
#pragma once

#include <variant>

#include "plan/intent.h"
#include "plan/need.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// For a need, the caller gets the knowledge and asks again; no need is named twice then. An
// observation with Compared::kAllStates and `script_objects`, and an intent with its history always
// get a decision.
std::variant<Decision, Need> Decide(const Intent& intent, const Observation& observation,
                                    const Policy& policy);

}  // namespace ballast::plan
