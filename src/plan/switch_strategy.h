// SPDX-License-Identifier: Apache-2.0
// The rows of one strategy become those of the other, and nothing else happens. For
// `resolve --all-covered`; deploy converts as part of an upgrade (plan/upgrade.h).
#pragma once

#include <variant>

#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

enum class HistoryFormat {
  kRelease,     // a row for the baseline, one for each hotfix
  kDevelopment  // a row for each migration
};

// Whether the database has live rows, and they are those of the other strategy.
bool IsRecordedByOtherStrategy(const Observation& observation, HistoryFormat wanted);

// The plan proves the catalog before it writes, in one transaction. Refused with B504 unless the
// database equals a state (Observation::compared) that its rows speak of, too: then deploy has to
// run something first.
std::variant<Plan, Refusal> SwitchStrategy(const Observation& observation, HistoryFormat wanted);

}  // namespace ballast::plan
