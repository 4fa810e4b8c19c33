// SPDX-License-Identifier: Apache-2.0
// Whether a proven history can move to another schema than the one that it names.
#pragma once

#include <string>

#include "base/result.h"
#include "plan/intent.h"
#include "project/project_context.h"

namespace ballast::assess {

// The name of the first migration whose script names the schema `public`; empty if none does. For
// a release, of those that its baseline covers and its hotfixes. Errors as
// project::CoveredMigrations.
Result<std::string> MigrationNamingPublic(const plan::Intent& intent,
                                          const project::Artifacts& artifacts);

}  // namespace ballast::assess
