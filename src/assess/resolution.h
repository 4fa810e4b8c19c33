// SPDX-License-Identifier: Apache-2.0
// Observe, compare, decide for `ballast resolve`, as assess.h for the other commands.
#pragma once

#include <string>

#include "apply/verify_catalog.h"
#include "base/progress.h"
#include "base/result.h"
#include "catalog/managed_comparison.h"
#include "plan/observation.h"
#include "plan/resolve.h"
#include "postgres/observe.h"
#include "postgres/session.h"
#include "project/project_context.h"

namespace ballast::assess {

struct ResolutionAssessment {
  plan::Observation observation;
  Result<plan::ResolutionDecision> decision;  // errors as plan::DecideResolution
};

// Holds the deployment lock afterwards. Compares the catalog with the known states only if rows of
// the other strategy are to be converted. Errors as postgres::Observe and CompareWithAll.
Result<ResolutionAssessment> AssessResolution(const plan::ResolutionRequest& request,
                                              const plan::ResolvableMigrations& migrations,
                                              project::Artifacts& artifacts,
                                              postgres::Session& session,
                                              const postgres::ObserveOptions& observe,
                                              const catalog::ComparisonRules& rules,
                                              Progress& progress);

// The database before its rows are converted to those of the state that it has according to
// `record`. Errors as ReadSnapshot, and B401.
Result<apply::LiveStateBefore> ReadBeforeConversion(const release::FingerprintRecord& record,
                                                    const std::string& schema,
                                                    const project::Artifacts& artifacts,
                                                    const catalog::ComparisonRules& rules,
                                                    postgres::Session& session);

}  // namespace ballast::assess
