// SPDX-License-Identifier: Apache-2.0
#include "project/package_ownership.h"

#include <set>
#include <string>
#include <vector>

#include "prisma/parse.h"
#include "workspace/files.h"
#include "workspace/migrations_folder.h"

namespace ballast::project {

namespace fs = std::filesystem;

namespace {

std::set<std::string> ModelsOf(const std::vector<workspace::SchemaFile>& files) {
  prisma::ParseOptions options;
  options.allow_missing_url = true;
  std::set<std::string> models;
  for (const prisma::Model& model : prisma::Parse(files, options).datamodel.models) {
    models.insert(model.name.text);
  }
  return models;
}

std::set<std::string> PackagedModels(const release::Package& package) {
  const auto schema = package.files.find(release::kSchemaPath);
  if (schema == package.files.end()) return {};
  return ModelsOf({{std::string(release::kSchemaPath), schema->second}});
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
  view.schema_exists = [top = project.top](const std::string& path) {
    std::error_code failed;
    return fs::exists(top / path, failed);
  };
  if (!project.schema_is_snapshot) view.models = ModelsOf(project.schema_files);
  return view;
}

Status CheckOwnership(const ProjectContext& context, const release::Package& package,
                      const std::string& folder) {
  const release::ProjectView view = ProjectViewOf(context);
  release::Ownership ownership = release::OwnershipOf(package.manifest, view);
  if (ownership == release::Ownership::kOwn &&
      release::HasOtherModels(package.manifest, PackagedModels(package), view)) {
    ownership = release::Ownership::kUnrelated;
  }
  return release::CheckOwnership(ownership, package.manifest, view, folder);
}

}  // namespace ballast::project
