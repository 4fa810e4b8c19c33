// SPDX-License-Identifier: Apache-2.0
// Determines how much of failed migrations was applied.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "postgres/session.h"
#include "project/project_context.h"

namespace ballast::assess {

// Fills in `failures` if rows have failed: from the whole catalog if a state before or after the
// migration is known, else from the objects that its script creates and drops. Changes nothing.
// Errors as Session::Query.
Status InspectFailures(const plan::Intent& intent, project::Artifacts& artifacts,
                       postgres::Session& session, plan::Observation& observation);

// A failed migration, for reports.
struct FailureLine {
  std::string name;
  std::string started_at;
  std::string error;  // the first line of the recorded error; can be empty
  plan::FailureEvidence evidence;
};
std::vector<FailureLine> FailureLines(const plan::Observation& observation);

}  // namespace ballast::assess
