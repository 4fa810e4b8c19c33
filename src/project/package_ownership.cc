// SPDX-License-Identifier: Apache-2.0
#include "project/package_ownership.h"

#include "workspace/files.h"
#include "workspace/migrations_folder.h"
#include "workspace/schema_files.h"

namespace ballast::project {

namespace fs = std::filesystem;

namespace {

bool HasOtherModels(const workspace::Project& project, const release::Package& package) {
  const auto packaged = package.files.find(release::kSchemaPath);
  return packaged != package.files.end() && !project.schema_is_snapshot &&
         release::AreOtherModels(workspace::ModelNames({{packaged->first, packaged->second}}),
                                 workspace::ModelNames(project.schema_files),
                                 !package.Hotfixes().empty());
}

}  // namespace

release::ProjectView ProjectViewOf(const ProjectContext& context) {
  const workspace::Project& project = context.project;
  release::ProjectView view;
  view.identity.name = project.identity.name;
  view.identity.schema = project.identity.schema;
  view.migrations = workspace::MigrationNames(project.migrations);
  view.has_script = [folder = project.migrations](const release::CoveredMigration& covered) {
    const auto script = workspace::ReadFileIfExists(folder / covered.name / "migration.sql");
    return script && *script && release::ChecksumMatches(covered.checksum, **script);
  };
  // The path can be another way to write the project's own schema.
  view.schema_exists = [top = project.top, own = project.schema](const std::string& path) {
    std::error_code failed;
    return fs::exists(top / path, failed) && !workspace::IsSameSchema(top / path, own);
  };
  return view;
}

Status CheckOwnership(const ProjectContext& context, const release::Package& package,
                      const std::string& folder) {
  const release::ProjectView view = ProjectViewOf(context);
  release::Ownership ownership = release::OwnershipOf(package.manifest, view);
  if (ownership == release::Ownership::kOwn && release::DependsOnModels(package.manifest, view) &&
      HasOtherModels(context.project, package)) {
    ownership = release::Ownership::kUnrelated;
  }
  return release::CheckOwnership(ownership, package.manifest, view, folder);
}

}  // namespace ballast::project
