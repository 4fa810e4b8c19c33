// SPDX-License-Identifier: Apache-2.0
// A live database against the proven state that its rows say it is in, before anything touches it:
// what has drifted, and what others have added.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apply/verify_catalog.h"
#include "assess/known_state_comparison.h"
#include "base/result.h"
#include "catalog/managed_comparison.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "postgres/session.h"
#include "project/project_context.h"
#include "workspace/config.h"

namespace ballast::assess {

// The state whose rows are just those that count as applied; null when there is none.
const ProvenState* StateByRows(const std::vector<ProvenState>& states,
                               const plan::Observation& observation);

struct LiveState {
  apply::LiveStateBefore before;
  std::string name;  // of the proven state before: "release v1.0.0"; empty: none is known
  catalog::ManagedComparison found;  // against it; empty where none is known
};

// `after`: the proven record that the plan ends with, or that the database should be at. One look
// at the database, in a transaction of its own. Nothing where the proven facts of `after` are not
// known (packages of early versions). The errors of ReadSnapshot, and B401.
Result<std::optional<LiveState>> AssessLiveState(
    const plan::Intent& intent, project::Artifacts& artifacts, postgres::Session& session,
    const plan::Observation& observation, const plan::Decision& decision,
    const release::FingerprintRecord& after, const catalog::ComparisonRules& rules);

// What the plan ends with; null where it compares nothing.
const release::FingerprintRecord* ProvenAfter(const plan::Plan& plan);

// What ballast.toml and the package say of comparisons.
catalog::ComparisonRules RulesOf(const project::ProjectContext& context,
                                 const project::Artifacts& artifacts);

struct DriftPolicy {
  bool allow_drift = false;  // --allow-drift
  bool strict = false;       // --strict: additions are refused, too
};

// B503: the objects that have drifted, by name; or, where the policy is strict, the additions.
std::optional<plan::Refusal> RefuseDrift(const LiveState& state, const DriftPolicy& policy);

// P3005: before a fresh deploy, objects whose names the release needs.
std::optional<plan::Refusal> RefuseNamesInTheWay(const LiveState& state,
                                                 const catalog::Snapshot& proven_after);

// Names of additions, and drift in words, for reports.
std::vector<std::string> AdditionNames(const LiveState& state);
std::vector<std::string> DriftInWords(const LiveState& state);

}  // namespace ballast::assess
