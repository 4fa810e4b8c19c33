// SPDX-License-Identifier: Apache-2.0
// The planner is pure and total: for every intent, observation and policy it returns a plan, a
// refusal with remedies, or what it needs to know first. docs/decisions/0004-what-deploy-does.md
// has the contract and the table.
#pragma once

#include <string_view>
#include <variant>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// Knowledge that only some decisions need, because it takes time to get.
enum class Need {
  // The rows are not sufficient: Observation::compared with Compared::kKnownStates, and
  // `baseline_printed_from_schema`.
  kComparison,
  // Compared::kAllStates: for an adoption, and for converting rows of deleted migrations (steps.h),
  // if the catalog equals no state that is known without a replay.
  kHistoryPoints,
  // ApplyRelease::history: to upgrade, or to see which migrations change rows.
  kHistory
};
std::string_view NameOf(Need need);  // "comparison", "history points", "history"

// For a need, the caller gets the knowledge and asks again; no need is named twice then. An
// observation with Compared::kAllStates and an intent with its history always get a decision.
std::variant<Decision, Need> Decide(const Intent& intent, const Observation& observation,
                                    const Policy& policy);

}  // namespace ballast::plan
