// SPDX-License-Identifier: Apache-2.0
#include "assess/resolution.h"

#include <utility>

#include "assess/known_state_comparison.h"
#include "introspect/live_snapshot.h"
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
  apply::LiveStateBefore before;
  TRY_ASSIGN(before.proven, project::ProvenSnapshot(artifacts, record.catalog));
  before.rules = rules;
  before.scope = record.scope;
  if (before.proven) {
    before.scope = introspect::LivingScope({before.proven.get()});
    before.scope.vocabulary = record.scope.vocabulary;
    before.extensions = introspect::MovableExtensions(*before.proven);
  }
  TRY_ASSIGN(before.live,
             apply::ReadLive(session, record, schema, before.scope, before.extensions));
  return before;
}

}  // namespace ballast::assess
