// SPDX-License-Identifier: Apache-2.0
#include "assess/resolution.h"

#include <utility>
#include <vector>

#include "assess/known_state_comparison.h"
#include "postgres/observe.h"

namespace ballast::assess {

Result<ResolutionAssessment> AssessResolution(const plan::ResolutionRequest& request,
                                              const plan::ResolvableMigrations& migrations,
                                              project::Artifacts& artifacts,
                                              postgres::Session& session,
                                              const postgres::ObserveOptions& observe,
                                              const catalog::ComparisonRules& rules,
                                              Progress& progress) {
  TRY_ASSIGN(plan::Observation observation, postgres::Observe(session, observe, progress));
  const Result<bool> converts = plan::NeedsConversion(request, migrations, observation);
  if (converts && *converts) {
    TRY(CompareWithAll(plan::FollowHistory{}, artifacts, session, rules, observation));
  }
  auto decision = plan::DecideResolution(request, migrations, observation);
  return ResolutionAssessment{std::move(observation), std::move(decision)};
}

Result<apply::LiveStateBefore> ReadBeforeConversion(const release::FingerprintRecord& record,
                                                    const std::string& schema,
                                                    const project::Artifacts& artifacts,
                                                    const catalog::ComparisonRules& rules,
                                                    postgres::Session& session) {
  TRY_ASSIGN(catalog::SharedSnapshot proven, project::ProvenSnapshot(artifacts, record.catalog));
  std::vector<const catalog::Snapshot*> states;
  if (proven) states.push_back(proven.get());
  TRY_ASSIGN(apply::LiveStateBefore before, apply::ReadLiveBefore(session, record, schema, states));
  before.proven = std::move(proven);
  before.rules = rules;
  return before;
}

}  // namespace ballast::assess
