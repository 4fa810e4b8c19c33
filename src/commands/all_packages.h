// SPDX-License-Identifier: Apache-2.0
// The release packages of a project, wherever the repository keeps them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "project/project_context.h"
#include "release/package.h"

namespace ballast::commands {

struct FoundPackage {
  std::string place;  // a folder, "tag v4.0.0" or "branch railway-template-v4.0.0"
  std::string ref;    // the short name in git; empty: a folder
  std::optional<release::Package> package;
  std::string problem;  // why it cannot be read, or is not intact; empty: it is
};

// Those of the package folder, and of the tags and branches that are named like releases; packages
// of other projects are left out. B106 when the repository cannot be read.
Result<std::vector<FoundPackage>> AllPackages(const project::ProjectContext& context);

}  // namespace ballast::commands
