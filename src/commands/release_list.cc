// SPDX-License-Identifier: Apache-2.0
#include "commands/release_list.h"

#include <fmt/format.h>

#include "project/package_ownership.h"
#include "project/project_context.h"
#include "workspace/package_store.h"

namespace ballast::commands {
namespace {

struct Found {
  std::string place;
  std::string ref;  // the short name in git
  std::optional<release::Package> package;
  std::string problem;
};

Result<std::vector<Found>> AllPackages(const project::ProjectContext& context) {
  std::vector<Found> all;
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
  // For other projects of the repository: a package in the root or in a parent folder.
  const release::ProjectView view = project::ProjectViewOf(context);
  std::erase_if(all, [&](const Found& found) {
    return found.package &&
           release::OwnershipOf(found.package->manifest, view) == release::Ownership::kOther;
  });
  for (Found& found : all) {
    if (!found.package) continue;
    const Status whole = release::VerifyPackage(*found.package, nullptr);
    if (!whole) found.problem = whole.error().message;
  }
  return all;
}

ListedRelease Listed(const Found& found) {
  ListedRelease line;
  line.place = found.place;
  line.problem = found.problem;
  if (!found.package) return line;
  const release::Manifest& manifest = found.package->manifest;
  line.version = manifest.version;
  line.migration_count = manifest.migration_count;
  line.hotfixes = static_cast<int>(found.package->Hotfixes().size());
  line.baseline_includes_up_to = manifest.baseline_includes_up_to;
  line.fingerprint = manifest.fingerprint.catalog;
  line.generated_at = manifest.generated_at;
  for (const auto& previous : manifest.previous) line.moves_from.push_back(previous.version);
  return line;
}

Result<release::Package> PackageNamed(const std::string& name,
                                      const project::ProjectContext& context,
                                      const std::vector<Found>& all) {
  for (const Found& found : all) {
    if (!found.package) continue;
    if (found.ref == name || found.package->manifest.version == name) return *found.package;
  }
  Result<release::Package> package = workspace::LoadPackage(context.project.directory / name);
  if (package || package.error().code != ErrorCode::kPackageMissing) return package;
  return MakeError(ErrorCode::kPackageMissing, fmt::format("there is no release \"{}\"", name),
                   "ballast release list shows the releases; a package folder is also accepted");
}

// The resulting database: after the hotfixes, if there are any.
Result<catalog::Snapshot> SnapshotOf(const release::Package& package) {
  for (const char* path : {release::kHotfixSnapshotPath, release::kSnapshotPath}) {
    const auto file = package.files.find(path);
    if (file != package.files.end()) return catalog::ParseSnapshot(file->second, path);
  }
  return catalog::Snapshot{};
}

Status List(const project::Invocation& invocation, ListReport& report) {
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  TRY_ASSIGN(const std::vector<Found> all, AllPackages(context));
  for (const Found& found : all) report.releases.push_back(Listed(found));
  return {};
}

Status Compare(const std::string& a, const std::string& b, const project::Invocation& invocation,
               ReleaseDiffReport& report) {
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  TRY_ASSIGN(const std::vector<Found> all, AllPackages(context));
  TRY_ASSIGN(const release::Package package_a, PackageNamed(a, context, all));
  TRY_ASSIGN(const release::Package package_b, PackageNamed(b, context, all));
  report.diff = release::Diff(package_a, package_b);
  TRY_ASSIGN(const catalog::Snapshot facts_a, SnapshotOf(package_a));
  TRY_ASSIGN(const catalog::Snapshot facts_b, SnapshotOf(package_b));
  report.differences = catalog::Diff(facts_a, facts_b);
  return {};
}

}  // namespace

ListReport ListReleases(const project::Invocation& invocation) {
  ListReport report;
  Status done = List(invocation, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

ReleaseDiffReport DiffReleases(const std::string& a, const std::string& b,
                               const project::Invocation& invocation) {
  ReleaseDiffReport report;
  Status done = Compare(a, b, invocation, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
