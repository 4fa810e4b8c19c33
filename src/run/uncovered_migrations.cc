// SPDX-License-Identifier: Apache-2.0
#include "run/uncovered_migrations.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "proof/earlier_releases.h"
#include "release/staleness.h"
#include "workspace/migrations_folder.h"
#include "workspace/squash_store.h"

namespace ballast::run {
namespace {

std::string Sentence(const std::vector<std::string>& names, const std::string& version,
                     std::string_view one, std::string_view several) {
  return fmt::format("{} of the project {} ({}): {}", Counted(names.size(), "migration"),
                     names.size() == 1 ? one : several, version, JoinSome(names));
}

void Remove(std::vector<std::string>& names, const std::vector<std::string>& others) {
  std::erase_if(names, [&](const std::string& name) {
    return std::find(others.begin(), others.end(), name) != others.end();
  });
}

}  // namespace

std::vector<std::string> LateMergesIn(const workspace::Project& project,
                                      const release::Coverage& here,
                                      const release::Coverage& released) {
  std::vector<std::string> late = proof::LateMerges(here, released);
  if (late.empty()) return late;
  const auto squash = workspace::LoadSquash(project.migrations);
  if (squash && *squash) Remove(late, {(*squash)->record.name});
  return late;
}

std::vector<std::string> NoticesOfUncovered(const project::ProjectContext& context,
                                            const project::Artifacts& artifacts, bool by_release) {
  std::vector<std::string> notices;
  if (!artifacts.package) return notices;
  const auto folder = workspace::LoadMigrations(context.project.migrations);
  if (!folder || folder->migrations.empty()) return notices;
  const release::Manifest& manifest = artifacts.package->manifest;
  release::Staleness stale = release::CompareWithMigrations(manifest.coverage, folder->migrations);
  std::vector<std::string> late =
      LateMergesIn(context.project, release::CoverageOf(folder->migrations), manifest.coverage);
  for (const release::Migration& hotfix : artifacts.package->Hotfixes()) {
    Remove(late, {hotfix.name});
  }
  if (!late.empty()) {
    notices.push_back(
        fmt::format("not in {}, and named before its last migration (merged late): {}",
                    manifest.version, JoinSome(late)));
  }
  if (!by_release) return notices;
  Remove(stale.added, late);
  for (const release::Migration& hotfix : artifacts.package->Hotfixes()) {
    Remove(stale.added, {hotfix.name});
  }
  const std::string version = "release " + manifest.version;
  if (!stale.added.empty()) {
    notices.push_back(Sentence(stale.added, version, "is newer than the package and not deployed",
                               "are newer than the package and not deployed"));
  }
  if (!stale.edited.empty()) {
    notices.push_back(Sentence(stale.edited, version, "was edited since the package was created",
                               "were edited since the package was created"));
  }
  if (!stale.deleted.empty()) {
    notices.push_back(Sentence(stale.deleted, version, "was deleted since the package was created",
                               "were deleted since the package was created"));
  }
  return notices;
}

}  // namespace ballast::run
