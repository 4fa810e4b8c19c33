// SPDX-License-Identifier: Apache-2.0
// Whether a package that was found belongs to the project that a command works on.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "project/project_context.h"
#include "release/ownership.h"

namespace ballast::project {

// The project as release::OwnershipOf looks at it: names of the migration folders, and scripts as
// far as they are asked for.
release::ProjectView ProjectViewOf(const ProjectContext& context);

// B409 for the package of another project. `folder` is where it was found.
Status CheckOwnership(const ProjectContext& context, const release::Package& package,
                      const std::string& folder);

// A sentence each for migrations on disk that the package does not cover, and for covered ones that
// are not on disk. Empty where the project has no migrations.
std::vector<std::string> DescribeCoverage(const ProjectContext& context,
                                          const release::Package& package);

}  // namespace ballast::project
