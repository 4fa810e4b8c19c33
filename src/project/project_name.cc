// SPDX-License-Identifier: Apache-2.0
#include "project/project_name.h"

#include <filesystem>
#include <system_error>

#include "workspace/migrations_search.h"

namespace ballast::project {

std::string NameOf(const ProjectContext& context) {
  const workspace::ProjectIdentity& identity = context.project.identity;
  return identity.name.empty() ? identity.schema : identity.name;
}

std::string NameAmongSeveral(const ProjectContext& context) {
  const workspace::Project& project = context.project;
  if (!project.identity.name.empty()) return project.identity.name;
  std::error_code ignored;
  const bool has_git = std::filesystem::exists(project.top / ".git", ignored);
  if (has_git && !workspace::HasSeveralMigrations(project.top)) return {};
  // An image without .git can have the other projects, too.
  const bool at_top = project.identity.schema.find('/') == std::string::npos ||
                      project.identity.schema.starts_with("prisma/");
  return !has_git && at_top ? std::string() : project.identity.schema;
}

}  // namespace ballast::project
