// SPDX-License-Identifier: Apache-2.0
// Which of the states that the project knows a database is in that has objects and no rows.
#pragma once

#include <vector>

#include "base/result.h"
#include "catalog/managed_comparison.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "postgres/session.h"
#include "project/project_context.h"

namespace ballast::assess {

// A state that the project knows, with its facts; empty where an older package does not have them.
struct ProvenState {
  plan::ComparedState state;
  catalog::Snapshot snapshot;
};

// All of them, those of the intent's own strategy first. B401 for states.facts.
Result<std::vector<ProvenState>> ProvenStatesOf(const plan::Intent& intent,
                                                project::Artifacts& artifacts);

// Fills in `compared`: this release with and without its hotfixes, each state
// of `previous` (newest first), the development baseline (first where it is the strategy's own) and
// what the schema alone gives. One look at the catalog for each scope among them; nothing is
// changed. The errors of ReadSnapshot, and B401 for states.facts.
Status CompareWithAll(const plan::Intent& intent, project::Artifacts& artifacts,
                      postgres::Session& session, const catalog::ComparisonRules& rules,
                      plan::Observation& observation);
// The same where plan::WantsComparison, and `baseline_printed_from_schema`; leaves other databases
// alone.
Status CompareStates(const plan::Intent& intent, project::Artifacts& artifacts,
                     postgres::Session& session, const catalog::ComparisonRules& rules,
                     plan::Observation& observation);

}  // namespace ballast::assess
