// SPDX-License-Identifier: Apache-2.0
// A database of a release whose package another branch of the repository has.
#pragma once

#include "plan/observation.h"
#include "plan/plan.h"
#include "project/project_context.h"

namespace ballast::assess {

// If the decision is a refusal (B504) of rows from a release that the project's package does not
// know, and a tag or a branch has the package of that release: the refusal names both, and the
// command that deploys there. Reads git only for such a refusal.
void NameReleaseElsewhere(const project::ProjectContext& context,
                          const project::Artifacts& artifacts, const plan::Observation& observation,
                          plan::Decision& decision);

}  // namespace ballast::assess
