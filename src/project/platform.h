// SPDX-License-Identifier: Apache-2.0
// What the platform provides in a database before anything is deployed. It counts as no part of
// what the project owns: catalog, baseline, emptiness and comparison leave it out.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "project/project_context.h"

namespace ballast::project {

struct Platform {
  // SQL that makes it in a scratch database; empty: the platform provides nothing.
  std::string script;
  // Globs over the names of its objects (catalog::IsCovered).
  std::vector<std::string> names;
};

// From `platform` (a preset, or a script) and `setup_script` in ballast.toml, and from
// migrations.initShadowDb, tables.external and enums.external of prisma.config. B104 when a script
// cannot be read, B101 where `platform` names neither a preset nor a file.
Result<Platform> PlatformOf(const ProjectContext& context);

// The names alone, with those that the package records; a script that is not there (in an image)
// adds nothing.
std::vector<std::string> PlatformNames(const ProjectContext& context, const Artifacts& artifacts);

}  // namespace ballast::project
