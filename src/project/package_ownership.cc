// SPDX-License-Identifier: Apache-2.0
#include "project/package_ownership.h"

#include <fmt/format.h>

#include "base/text.h"
#include "workspace/files.h"
#include "workspace/migrations_folder.h"

namespace ballast::project {

namespace fs = std::filesystem;

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
  return view;
}

Status CheckOwnership(const ProjectContext& context, const release::Package& package,
                      const std::string& folder) {
  const release::ProjectView view = ProjectViewOf(context);
  return release::CheckOwnership(release::OwnershipOf(package.manifest, view), package.manifest,
                                 view, folder);
}

std::vector<std::string> DescribeCoverage(const ProjectContext& context,
                                          const release::Package& package) {
  std::vector<std::string> hotfixes;
  for (const release::Migration& hotfix : package.Hotfixes()) hotfixes.push_back(hotfix.name);
  const release::CoverageDifference difference = release::CompareCoverage(
      package.manifest.coverage, hotfixes, workspace::MigrationNames(context.project.migrations));
  std::vector<std::string> sentences;
  const auto add = [&](const std::vector<std::string>& names, std::string_view what) {
    if (names.empty()) return;
    sentences.push_back(fmt::format("{} {} {}: {}", Counted(names.size(), "migration"),
                                    names.size() == 1 ? "is" : "are", what, JoinSome(names)));
  };
  add(difference.not_covered, fmt::format("on disk but not in the package of {}, and will not run",
                                          package.manifest.version));
  add(difference.not_on_disk,
      fmt::format("in the package of {} but not on disk", package.manifest.version));
  return sentences;
}

}  // namespace ballast::project
