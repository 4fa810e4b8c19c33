// SPDX-License-Identifier: Apache-2.0
// The release packages of a project that its repository has: on disk, and at tags and release
// branches in git.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "project/project_context.h"
#include "release/package.h"
#include "workspace/git.h"

namespace ballast::project {

struct KnownPackage {
  std::string place;  // "tag v4.0.0", "branch railway-template-v4.0.0", a folder
  std::string ref;    // the short name in git; empty: on disk
  std::optional<release::Package> package;
  std::string problem;  // why it cannot be used; empty: it can
};

// The names of tags and branches that can hold a release: `release_branches` and the usual ones.
std::vector<std::string> ReleaseRefGlobs(const ProjectContext& context);

// "tag v4.0.0", "branch railway-template-v4.0.0"
std::string PlaceOf(const workspace::GitRef& ref);

// Those on disk, then those in git; packages of other projects of the repository are left out.
Result<std::vector<KnownPackage>> KnownPackagesOf(const ProjectContext& context);

// The package in git that has this baseline: of several the one with the most hotfixes, and at a
// local branch rather than a remote one. Empty if none can be used.
std::optional<KnownPackage> PackageInGit(const ProjectContext& context,
                                         const std::string& baseline_checksum);

}  // namespace ballast::project
