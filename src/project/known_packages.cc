// SPDX-License-Identifier: Apache-2.0
#include "project/known_packages.h"

#include <utility>

#include "project/package_ownership.h"
#include "workspace/package_store.h"

namespace ballast::project {

std::vector<std::string> ReleaseRefGlobs(const ProjectContext& context) {
  std::vector<std::string> globs = context.project.config.release_branches;
  globs.insert(globs.end(), {"v*", "railway-template-v*"});
  return globs;
}

std::string PlaceOf(const workspace::GitRef& ref) {
  return (ref.full.starts_with("refs/tags/") ? "tag " : "branch ") + ref.name;
}

Result<std::vector<KnownPackage>> KnownPackagesOf(const ProjectContext& context) {
  std::vector<KnownPackage> all;
  for (auto& local : workspace::ListLocal(context.project.root, context.project.package)) {
    all.push_back({local.folder.string(),
                   {},
                   std::move(local.package),
                   local.problem ? local.problem->message : std::string()});
  }
  TRY_ASSIGN(auto refs, workspace::ListPackages(context.project.package, ReleaseRefGlobs(context)));
  for (workspace::PackageAtRef& at : refs) {
    all.push_back({PlaceOf(at.ref), at.ref.name, std::move(at.package),
                   at.problem ? at.problem->message : std::string()});
  }
  // Of other projects of the repository there is a package in the root, or in a folder above.
  const release::ProjectView view = ProjectViewOf(context);
  std::erase_if(all, [&](const KnownPackage& found) {
    return found.package &&
           release::OwnershipOf(found.package->manifest, view) == release::Ownership::kOther;
  });
  for (KnownPackage& found : all) {
    if (!found.package) continue;
    const Status whole = release::VerifyPackage(*found.package, nullptr);
    if (!whole) found.problem = whole.error().message;
  }
  return all;
}

std::optional<KnownPackage> PackageInGit(const ProjectContext& context,
                                         const std::string& baseline_checksum) {
  auto known = KnownPackagesOf(context);
  if (!known) return std::nullopt;
  const auto hotfixes = [](const KnownPackage& one) {
    return release::SplitHotfixes(one.package->manifest.version).hotfixes;
  };
  std::optional<KnownPackage> best;
  for (KnownPackage& one : *known) {
    const bool usable = one.package && one.problem.empty() && !one.ref.empty();
    if (!usable || one.package->manifest.baseline_checksum != baseline_checksum) continue;
    if (!best || hotfixes(one) > hotfixes(*best)) best = std::move(one);
  }
  return best;
}

}  // namespace ballast::project
