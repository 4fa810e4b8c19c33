// SPDX-License-Identifier: Apache-2.0
// Compares a database that has objects but no rows with the states that the project knows.
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

// A known state with its snapshot; null if an older package does not have it.
struct ProvenState {
  plan::ComparedState state;
  catalog::SharedSnapshot snapshot;
};

// All known states, those of the intent's strategy first. B401 for states.facts.
Result<std::vector<ProvenState>> ProvenStatesOf(const plan::Intent& intent,
                                                project::Artifacts& artifacts);

// The states that the squash in the migrations folder proved: after it, and after each later
// migration. `covers` has the rows of the replaced migrations, `resolved` those of the squash.
// Empty without a squash. B401 for its states.facts.
Result<std::vector<ProvenState>> StatesOfSquash(const project::Artifacts& artifacts);
// Both: the states whose rows a database can have.
Result<std::vector<ProvenState>> StatesWithRows(const plan::Intent& intent,
                                                project::Artifacts& artifacts);

// Sets `compared`: this release with and without its hotfixes, each state of `previous` (newest
// first), the development baseline (first if it belongs to the strategy), and the schema-only
// state. Reads the catalog once for each scope; changes nothing. Errors as ReadSnapshot, and B401
// for states.facts.
Status CompareWithAll(const plan::Intent& intent, project::Artifacts& artifacts,
                      postgres::Session& session, const catalog::ComparisonRules& rules,
                      plan::Observation& observation);
// Fulfils plan::Need::kComparison: the same with Compared::kKnownStates, and
// sets `baseline_printed_from_schema`.
Status CompareWithKnownStates(const plan::Intent& intent, project::Artifacts& artifacts,
                              postgres::Session& session, const catalog::ComparisonRules& rules,
                              plan::Observation& observation);

}  // namespace ballast::assess
