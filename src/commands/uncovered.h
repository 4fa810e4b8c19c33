// SPDX-License-Identifier: Apache-2.0
// What a release does not deploy of the project that is here.
#pragma once

#include <string>
#include <vector>

#include "project/project_context.h"

namespace ballast::commands {

// A sentence each for migrations on disk that the package does not cover, that were edited since it
// was made, and that were deleted; those that are named before its last migration (merged late) in
// a sentence of their own. Empty without a package or a migrations folder.
std::vector<std::string> NoticesOfUncovered(const project::ProjectContext& context,
                                            const project::Artifacts& artifacts, bool by_release);

}  // namespace ballast::commands
