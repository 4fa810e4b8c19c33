// SPDX-License-Identifier: Apache-2.0
// Looks how much of the migrations that are recorded as failed is there.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "postgres/session.h"
#include "project/project_context.h"

namespace ballast::assess {

// Fills in `failures`, where rows have failed: by the catalog as a whole where a state before or
// after the migration is known, else by the objects that its script creates and drops. Changes
// nothing. The errors of Session::Query.
Status InspectFailures(const plan::Intent& intent, project::Artifacts& artifacts,
                       postgres::Session& session, plan::Observation& observation);

// A failed migration, for reports.
struct FailureLine {
  std::string name;
  std::string started_at;
  std::string error;  // as it was recorded, its first line; may be empty
  plan::FailureEvidence evidence;
};
std::vector<FailureLine> FailureLines(const plan::Observation& observation);

}  // namespace ballast::assess
