// SPDX-License-Identifier: Apache-2.0
#include "assess/resolution.h"

#include <utility>

#include "assess/known_state_comparison.h"
#include "postgres/observe.h"

namespace ballast::assess {

Result<ResolutionAssessment> AssessResolution(const plan::ResolutionRequest& request,
                                              const plan::ResolvableMigrations& migrations,
                                              project::Artifacts& artifacts,
                                              postgres::Session& session,
                                              const postgres::ObserveOptions& observe,
                                              Progress& progress) {
  TRY_ASSIGN(plan::Observation observation, postgres::Observe(session, observe, progress));
  const Result<bool> converts = plan::NeedsConversion(request, migrations, observation);
  if (converts && *converts) {
    TRY(CompareWithAll(plan::FollowHistory{}, artifacts, session, {}, observation));
  }
  auto decision = plan::DecideResolution(request, migrations, observation);
  return ResolutionAssessment{std::move(observation), std::move(decision)};
}

}  // namespace ballast::assess
