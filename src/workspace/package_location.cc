// SPDX-License-Identifier: Apache-2.0
#include "workspace/package_location.h"

#include <algorithm>
#include <optional>

#include "release/development_baseline.h"
#include "release/package.h"
#include "workspace/files.h"
#include "workspace/node_package.h"
#include "workspace/schema_files.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRailway = kPackageFolders[0];
constexpr const char* kOwn = kPackageFolders[1];
constexpr const char* kRailwayMarks[] = {kRailway, "railway.json", "railway.toml"};

bool HasRailwayMark(const fs::path& folder) {
  return std::any_of(std::begin(kRailwayMarks), std::end(kRailwayMarks),
                     [&](const char* mark) { return Exists(folder / mark); });
}

// Whether a folder contains a release package or a development baseline; scripts and ballast.toml
// do not count.
bool HasArtifacts(const fs::path& folder) {
  return Exists(folder / release::kMigrationsPath) ||
         Exists(folder / release::kDevelopmentCoveragePath) ||
         Exists(folder / release::kDevelopmentScriptPath);
}

// The package folder in `root`; that of a named project is below it. A folder that has a package or
// a baseline is kept, so that files for Railway do not hide it. Otherwise .railway where Railway is
// used, in the folder itself or above it, and a .ballast that exists.
fs::path FolderIn(const fs::path& root, const fs::path& top, const std::string& name = {}) {
  fs::path railway = name.empty() ? root / kRailway : root / kRailway / name;
  fs::path own = name.empty() ? root / kOwn : root / kOwn / name;
  if (HasArtifacts(railway)) return railway;
  if (HasArtifacts(own) || (!HasRailwayMark(root) && Exists(root / kOwn))) return own;
  const std::vector<fs::path> folders = UpwardTo(root, top);
  return std::any_of(folders.begin(), folders.end(), HasRailwayMark) ? railway : own;
}

// With the root of the file system left out.
std::vector<fs::path> AllUpward(const fs::path& directory) {
  std::vector<fs::path> folders = {directory};
  while (folders.back().parent_path().has_relative_path()) {
    folders.push_back(folders.back().parent_path());
  }
  return folders;
}

bool IsWorkspaceRoot(const fs::path& folder) {
  if (Exists(folder / "pnpm-workspace.yaml")) return true;
  const std::optional<NodePackage> package = ReadNodePackage(folder);
  return package && package->has_workspaces;
}

}  // namespace

bool IsMarked(const fs::path& folder) {
  return HasRailwayMark(folder) || Exists(folder / kOwn) || Exists(folder / "ballast.toml");
}

std::vector<fs::path> UpwardTo(const fs::path& folder, const fs::path& top) {
  std::vector<fs::path> folders = {folder};
  while (folders.back() != top && folders.back().has_relative_path()) {
    folders.push_back(folders.back().parent_path());
  }
  return folders;
}

bool IsPackageFolder(const fs::path& folder) {
  const fs::path name = folder.filename();
  return std::find(std::begin(kPackageFolders), std::end(kPackageFolders), name) !=
         std::end(kPackageFolders);
}

fs::path RepositoryRoot(const fs::path& directory) {
  const std::vector<fs::path> upward = AllUpward(directory);
  const auto git = std::find_if(upward.begin(), upward.end(),
                                [](const fs::path& folder) { return Exists(folder / ".git"); });
  if (git != upward.end()) return *git;
  for (const auto& is_top : {IsMarked, IsWorkspaceRoot}) {
    const auto highest = std::find_if(upward.rbegin(), upward.rend(), is_top);
    if (highest != upward.rend()) return *highest;
  }
  const auto package = std::find_if(upward.begin(), upward.end(), [](const fs::path& folder) {
    return Exists(folder / "package.json");
  });
  return package == upward.end() ? directory : *package;
}

fs::path NearestRoot(const std::vector<fs::path>& upward) {
  const auto marked = std::find_if(upward.begin(), upward.end(), IsMarked);
  return marked == upward.end() ? upward.front() : *marked;
}

PackageLocation LocatePackage(const Project& project,
                              const std::function<fs::path(const fs::path&)>& schema_found_from) {
  const bool has_own = Exists(project.base / kRailway) || Exists(project.base / kOwn);
  if (!project.identity.name.empty() && has_own && project.base != project.config_root) {
    return {project.base, FolderIn(project.base, project.top)};
  }
  if (!project.identity.name.empty()) {
    return {project.config_root, FolderIn(project.config_root, project.top, project.identity.name)};
  }
  const fs::path base = project.base.empty() ? project.directory : project.base;
  const std::vector<fs::path> folders = UpwardTo(base, project.top);
  const auto marked = std::find_if(folders.begin(), folders.end(), IsMarked);
  fs::path root = marked == folders.end() ? project.top : *marked;
  const fs::path& own = project.schema.empty() ? project.migrations : project.schema;
  if (root != base && !own.empty() && !IsSameSchema(schema_found_from(root), own)) root = base;
  return {root, FolderIn(root, project.top)};
}

}  // namespace ballast::workspace
