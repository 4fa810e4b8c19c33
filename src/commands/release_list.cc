// SPDX-License-Identifier: Apache-2.0
#include "commands/release_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/nearest_name.h"
#include "project/known_packages.h"
#include "project/project_context.h"
#include "release/rollback_script.h"
#include "workspace/files.h"
#include "workspace/package_store.h"

namespace ballast::commands {
namespace {

using project::KnownPackage;

ListedRelease Listed(const KnownPackage& found) {
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

// The package of the version with the most hotfixes; null if there is none.
const release::Package* WithHotfixes(const std::string& version,
                                     const std::vector<KnownPackage>& all) {
  const release::Package* last = nullptr;
  int most = 0;
  for (const KnownPackage& found : all) {
    if (!found.package) continue;
    const release::SplitVersion split = release::SplitHotfixes(found.package->manifest.version);
    if (split.base != version || split.hotfixes <= most) continue;
    last = &*found.package;
    most = split.hotfixes;
  }
  return last;
}

std::optional<release::Package> Exactly(const std::string& name,
                                        const std::vector<KnownPackage>& all) {
  const auto found = std::ranges::find_if(all, [&](const KnownPackage& one) {
    return one.package && (one.ref == name || one.package->manifest.version == name);
  });
  return found == all.end() ? std::nullopt : found->package;
}

// A version names the release without its hotfixes, also if it is only known with them; a tag, a
// branch and a folder name what is there.
Result<release::Package> PackageNamed(const std::string& name,
                                      const project::ProjectContext& context,
                                      const std::vector<KnownPackage>& all) {
  if (auto exact = Exactly(name, all)) return *std::move(exact);
  Result<release::Package> package = workspace::LoadPackage(context.project.directory / name);
  if (package || package.error().code != ErrorCode::kPackageMissing) return package;
  if (const release::Package* last = WithHotfixes(name, all)) {
    return release::WithoutHotfixes(*last);
  }
  std::vector<std::string> versions;
  for (const KnownPackage& found : all) {
    if (found.package) versions.push_back(found.package->manifest.version);
  }
  return MakeError(ErrorCode::kPackageMissing,
                   fmt::format("there is no release \"{}\"{}", name, DidYouMean(name, versions)),
                   "ballast release list shows the releases; a package folder is also accepted");
}

// Which state is compared, where the release has another one.
void NoteHotfixes(const release::Package& package, const std::vector<KnownPackage>& all,
                  std::vector<std::string>& notices) {
  if (!package.Hotfixes().empty()) return;
  const std::string& version = package.manifest.version;
  const release::Package* last = WithHotfixes(version, all);
  if (last == nullptr) return;
  const size_t count = last->Hotfixes().size();
  notices.push_back(fmt::format("{} is compared without its {}; with {}: {}", version,
                                count == 1 ? "hotfix" : fmt::format("{} hotfixes", count),
                                count == 1 ? "it" : "them", last->manifest.version));
}

// The resulting database: after the hotfixes, if there are any.
Result<catalog::Snapshot> SnapshotOf(const release::Package& package) {
  for (const char* path : {release::kHotfixSnapshotPath, release::kSnapshotPath}) {
    const auto file = package.files.find(path);
    if (file != package.files.end()) return catalog::ParseSnapshot(file->second, path);
  }
  return catalog::Snapshot{};
}

// Scripts that somebody has written; ballast makes the others.
std::vector<std::filesystem::path> OwnRollbacks(const std::filesystem::path& package) {
  std::vector<std::filesystem::path> own;
  const auto scripts = workspace::ReadRollbackScripts(package);
  if (!scripts) return own;
  for (const auto& [path, text] : *scripts) {
    if (!release::IsWrittenRollback(text)) own.push_back(package / path);
  }
  return own;
}

std::vector<std::string> InputPaths(const workspace::Project& project) {
  const workspace::Config& config = project.config;
  std::vector<std::filesystem::path> inputs = {
      project.schema, project.migrations,
      config.file.empty() ? project.root / "ballast.toml" : config.file,
      project.prisma_config().file()};
  for (const std::string& script : {config.platform, config.setup_script}) {
    const std::filesystem::path file = project.config_root / script;  // or the name of a preset
    if (!script.empty() && workspace::IsFile(file)) inputs.push_back(file);
  }
  const auto rollbacks = OwnRollbacks(project.package);
  inputs.insert(inputs.end(), rollbacks.begin(), rollbacks.end());
  std::vector<std::string> paths;
  for (const std::filesystem::path& input : inputs) {
    if (!input.empty()) paths.push_back(input.string());
  }
  return paths;
}

Status List(const project::Invocation& invocation, ListReport& report) {
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  report.folder = context.project.package.string();
  report.inputs = InputPaths(context.project);
  report.release_branches = context.project.config.release_branches;
  TRY_ASSIGN(const std::vector<KnownPackage> all, project::KnownPackagesOf(context));
  for (const KnownPackage& found : all) report.releases.push_back(Listed(found));
  return {};
}

Status Compare(const std::string& a, const std::string& b, const project::Invocation& invocation,
               ReleaseDiffReport& report) {
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  TRY_ASSIGN(const std::vector<KnownPackage> all, project::KnownPackagesOf(context));
  TRY_ASSIGN(const release::Package package_a, PackageNamed(a, context, all));
  TRY_ASSIGN(const release::Package package_b, PackageNamed(b, context, all));
  report.diff = release::Diff(package_a, package_b);
  const bool differ = report.diff.version_a != report.diff.version_b;
  report.name_a = differ ? report.diff.version_a : a;
  report.name_b = differ ? report.diff.version_b : b;
  NoteHotfixes(package_a, all, report.notices);
  if (differ) NoteHotfixes(package_b, all, report.notices);
  TRY_ASSIGN(const catalog::Snapshot snapshot_a, SnapshotOf(package_a));
  TRY_ASSIGN(const catalog::Snapshot snapshot_b, SnapshotOf(package_b));
  report.differences = catalog::DiffOnAnyDate(snapshot_a, snapshot_b);
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
