// SPDX-License-Identifier: Apache-2.0
// Checks that a package belongs to the project that a command works on.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "project/project_context.h"
#include "release/ownership.h"

namespace ballast::project {

// The project as release::OwnershipOf needs it. Scripts are read only when needed.
release::ProjectView ProjectViewOf(const ProjectContext& context);

// B409 for a package of another project. `folder` is where it was found.
Status CheckOwnership(const ProjectContext& context, const release::Package& package,
                      const std::string& folder);

}  // namespace ballast::project
