// SPDX-License-Identifier: Apache-2.0
// How run reports, metrics and the dashboard name a project.
#pragma once

#include <string>

#include "project/project_context.h"

namespace ballast::project {

// The name in ballast.toml, else the path of the schema from the top of the
// repository.
std::string NameOf(const ProjectContext& context);

// The same if it distinguishes the project from others: it is named in ballast.toml, or the
// repository has further projects. Otherwise empty.
std::string NameAmongSeveral(const ProjectContext& context);

}  // namespace ballast::project
