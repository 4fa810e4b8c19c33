// SPDX-License-Identifier: Apache-2.0
// Reads from the server what a plan relies on, so that plan::Review can confirm or refuse it.
#pragma once

#include "assess/assess.h"
#include "base/result.h"
#include "plan/review.h"

namespace ballast::assess {

// Sets `live`, `comparison` and `comparer` of the assessment, whose observation and decision
// are complete. The result refers to `assessment.live`. Nothing is read for a decision that
// refuses. Errors as ReadSnapshot and Session::Query, and those of the package's files.
Result<plan::PlanFindings> ExaminePlan(const project::ProjectContext& context,
                                       project::Artifacts& artifacts, const plan::Intent& intent,
                                       postgres::Session& session, const AssessOptions& options,
                                       Assessment& assessment);

// The findings for a database that does not exist. Errors as project::CoveredMigrations.
Result<plan::PlanFindings> ExaminePlanOfMissing(const project::Artifacts& artifacts,
                                                const plan::Intent& intent,
                                                const Assessment& assessment);

}  // namespace ballast::assess
