// SPDX-License-Identifier: Apache-2.0
// Whether a proven history can move to another schema than the one that it names.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "plan/intent.h"
#include "plan/review.h"
#include "project/project_context.h"

namespace ballast::assess {

// The schema that the migrations name, if the baseline would create their objects in
// `target_schema` instead: `public`, or the schema that the package or the development baseline
// records. For a release, its hotfixes count as well. Errors as project::CoveredMigrations.
Result<std::optional<plan::FixedSchema>> OtherSchemaThan(const std::string& target_schema,
                                                         const plan::Intent& intent,
                                                         const project::Artifacts& artifacts);

}  // namespace ballast::assess
