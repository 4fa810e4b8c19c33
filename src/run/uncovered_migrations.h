// SPDX-License-Identifier: Apache-2.0
// Finds migrations of the project that a release does not include.
#pragma once

#include <string>
#include <vector>

#include "project/project_context.h"

namespace ballast::run {

// The migrations of `here` that are not in the release and sort before its last one. A squash is
// none of them: it replaces migrations of the release.
std::vector<std::string> LateMergesIn(const workspace::Project& project,
                                      const release::Coverage& here,
                                      const release::Coverage& released);

// Sentences about migrations on disk that the package does not cover, that were edited since it was
// made, and that were deleted; those that sort before its last migration (late merges) have their
// own sentence. Empty without a package or a migrations folder.
std::vector<std::string> NoticesOfUncovered(const project::ProjectContext& context,
                                            const project::Artifacts& artifacts, bool by_release);

}  // namespace ballast::run
