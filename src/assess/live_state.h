// SPDX-License-Identifier: Apache-2.0
// Compares a live database with the proven state that its rows describe, before anything is
// changed: drift and additions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apply/verify_catalog.h"
#include "assess/known_state_comparison.h"
#include "base/result.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "plan/review.h"
#include "postgres/session.h"
#include "project/project_context.h"
#include "workspace/config.h"

namespace ballast::assess {

// The state whose rows are exactly those that count as applied; null if there is none.
const ProvenState* StateByRows(const std::vector<ProvenState>& states,
                               const plan::Observation& observation);

struct LiveState {
  apply::LiveStateBefore before;
  // What the database should have: `before.proven`, or what follows for a state between two proven
  // ones. Null if it is not known.
  catalog::SharedSnapshot expected = {};
  plan::StateComparison comparison = {};  // with `expected`
};

// The comparison rules of ballast.toml and the package.
catalog::ComparisonRules RulesOf(const project::ProjectContext& context,
                                 const project::Artifacts& artifacts);

// Reads live databases of a project. Keeps references to its arguments.
class LiveStateReader {
 public:
  // `allow_drift`: drift does not end the deploy.
  LiveStateReader(const project::ProjectContext& context, project::Artifacts& artifacts,
                  const plan::Intent& intent, bool allow_drift);

  // `after`: the proven record that the plan ends with, or that the database should equal. Reads
  // the database once, in its own transaction. Empty if the snapshot of `after` is not known
  // (packages of early versions). Errors as ReadSnapshot, and B401.
  Result<std::optional<LiveState>> Read(postgres::Session& session,
                                        const plan::Observation& observation,
                                        const plan::Decision& decision,
                                        const release::FingerprintRecord& after) const;

 private:
  project::Artifacts& artifacts_;
  const plan::Intent& intent_;
  catalog::ComparisonRules rules_;
};

// For reports: descriptions of drift and of what `ignore` matches.
std::vector<std::string> DescribeDrift(const LiveState& state);
std::vector<std::string> DescribeIgnored(const LiveState& state);

}  // namespace ballast::assess
