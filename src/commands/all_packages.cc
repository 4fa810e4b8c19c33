// SPDX-License-Identifier: Apache-2.0
#include "commands/all_packages.h"

#include "project/package_ownership.h"
#include "workspace/package_store.h"

namespace ballast::commands {

Result<std::vector<FoundPackage>> AllPackages(const project::ProjectContext& context) {
  std::vector<FoundPackage> all;
  for (auto& local : workspace::ListLocal(context.project.root, context.project.package)) {
    all.push_back({local.folder.string(),
                   {},
                   std::move(local.package),
                   local.problem ? local.problem->message : std::string()});
  }
  std::vector<std::string> globs = context.project.config.release_branches;
  globs.insert(globs.end(), {"v*", "railway-template-v*"});
  TRY_ASSIGN(auto refs, workspace::ListPackages(context.project.package, globs));
  for (workspace::PackageAtRef& at : refs) {
    const bool tag = at.ref.full.starts_with("refs/tags/");
    all.push_back({(tag ? "tag " : "branch ") + at.ref.name, at.ref.name, std::move(at.package),
                   at.problem ? at.problem->message : std::string()});
  }
  // Of other projects of the repository there is a package in the root, or in a folder above.
  const release::ProjectView view = project::ProjectViewOf(context);
  std::erase_if(all, [&](const FoundPackage& found) {
    return found.package &&
           release::OwnershipOf(found.package->manifest, view) == release::Ownership::kOther;
  });
  for (FoundPackage& found : all) {
    if (!found.package) continue;
    const Status whole = release::VerifyPackage(*found.package, nullptr);
    if (!whole) found.problem = whole.error().message;
  }
  return all;
}

}  // namespace ballast::commands
