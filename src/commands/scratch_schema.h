// SPDX-License-Identifier: Apache-2.0
// The schema of a database that is created for a project.
#pragma once

#include <string>

#include "base/result.h"
#include "project/project_context.h"

namespace ballast::commands {

// The schema in which the project's migrations must run (apply/named_schema.h): as the package or
// the development baseline records it, else as the migrations on disk name it. Empty if they run in
// any. Errors as project::LoadArtifacts and workspace::LoadMigrations.
Result<std::string> ScratchSchemaOf(const project::ProjectContext& context);

}  // namespace ballast::commands
