// SPDX-License-Identifier: Apache-2.0
#include "commands/list_names.h"

#include <set>

#include "commands/release_list.h"
#include "project/project_context.h"
#include "workspace/migrations_folder.h"

namespace ballast::commands {
namespace {

std::set<std::string> Releases(const project::Invocation& invocation) {
  std::set<std::string> names;
  for (const ListedRelease& release : ListReleases(invocation).releases) {
    if (!release.version.empty()) names.insert(release.version);
  }
  return names;
}

std::set<std::string> Migrations(const project::Invocation& invocation) {
  std::set<std::string> names;
  const auto context = project::LoadProject(invocation);
  if (!context) return names;
  const auto folder = workspace::LoadMigrations(context->project.migrations);
  if (!folder) return names;
  for (const release::Migration& migration : folder->migrations) names.insert(migration.name);
  return names;
}

}  // namespace

std::vector<std::string> ListNames(const ListNamesOptions& options,
                                   const project::Invocation& invocation) {
  const std::set<std::string> names =
      options.kind == NameKind::kReleases ? Releases(invocation) : Migrations(invocation);
  return {names.begin(), names.end()};
}

}  // namespace ballast::commands
