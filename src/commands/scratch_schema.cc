// SPDX-License-Identifier: Apache-2.0
#include "commands/scratch_schema.h"

#include "apply/named_schema.h"
#include "workspace/migrations_folder.h"

namespace ballast::commands {

Result<std::string> ScratchSchemaOf(const project::ProjectContext& context) {
  TRY_ASSIGN(const project::Artifacts artifacts, project::LoadArtifacts(context));
  if (artifacts.package && artifacts.package->manifest.database_schema) {
    return *artifacts.package->manifest.database_schema;
  }
  if (artifacts.baseline && artifacts.baseline->database_schema) {
    return *artifacts.baseline->database_schema;
  }
  TRY_ASSIGN(const auto on_disk, workspace::LoadMigrations(context.project.migrations));
  TRY_ASSIGN(const std::string setup, project::SetupScriptOf(context));
  return apply::NamedSchemaOf(on_disk.migrations, setup).value_or("");
}

}  // namespace ballast::commands
