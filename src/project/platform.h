// SPDX-License-Identifier: Apache-2.0
// Objects that the platform provides in a database before any deploy. They do not belong to the
// project: snapshot, baseline and comparisons ignore them, and so does the check for an empty
// database.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "project/project_context.h"

namespace ballast::project {

struct Platform {
  // SQL that creates them in a scratch database, with the names of its files
  // (release/platform_script.h); empty: there are none.
  std::string script;
  // Globs on the names of its objects (catalog::IsCovered).
  std::vector<std::string> names;
};

// From `platform` (a preset or a script) and `setup_script` in ballast.toml, and from
// migrations.initShadowDb, tables.external and enums.external in prisma.config. B104 if a script
// cannot be read, B307 for a NUL byte, P3018 for one that is cut off, B101 if `platform` is neither
// a preset nor a file.
Result<Platform> PlatformOf(const ProjectContext& context);

// B101 if `platform` is neither the name of a preset nor the path of a script, which may be missing
// (in an image).
Status CheckPlatformName(const ProjectContext& context);

// Only the names, including those recorded in the package. A missing script (in an image) is
// ignored. The scripts are read once for `artifacts` and its copies, which belong to one project;
// thread-safe.
const std::vector<std::string>& PlatformNames(const ProjectContext& context,
                                              const Artifacts& artifacts);

}  // namespace ballast::project
