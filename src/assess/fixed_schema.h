// SPDX-License-Identifier: Apache-2.0
// Refuses to move a proven history to another schema than the one that it names.
#pragma once

#include <optional>

#include "base/result.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "project/project_context.h"

namespace ballast::assess {

// A baseline creates the objects of the history in the target schema (?schema=NAME). Migrations
// that name `public` create or use objects there, whatever the target schema is: then the baseline
// would not give their database. B302 with the first such migration; nothing for the schema public,
// and if no baseline is part of the decision. Errors as project::CoveredMigrations.
Result<std::optional<plan::Refusal>> RefuseFixedSchema(const plan::Intent& intent,
                                                       const project::Artifacts& artifacts,
                                                       const plan::Observation& observation,
                                                       const plan::Decision& decision);

}  // namespace ballast::assess
