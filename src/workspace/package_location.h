// SPDX-License-Identifier: Apache-2.0
// The location of a project's package folder.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "workspace/project.h"

namespace ballast::workspace {

// The folders that a package is in by default.
inline constexpr const char* kPackageFolders[] = {".railway", ".ballast"};
bool IsPackageFolder(const std::filesystem::path& folder);  // by its name

// Whether it has a ballast.toml, a package folder or a railway.json/.toml.
bool IsMarked(const std::filesystem::path& folder);
// The folder, and those above it up to `top`.
std::vector<std::filesystem::path> UpwardTo(const std::filesystem::path& folder,
                                            const std::filesystem::path& top);

struct PackageLocation {
  std::filesystem::path root;     // the folder that contains the package folder
  std::filesystem::path package;  // .railway or .ballast, or a folder below it for a named project
};

// The root of the repository of a folder: the nearest parent with a ".git". In an image or an
// archive without one: the highest with a ballast.toml, a package folder or a railway.json/.toml,
// else the highest workspace root (npm, pnpm, yarn), else the nearest with a package.json, else the
// folder itself.
std::filesystem::path RepositoryRoot(const std::filesystem::path& directory);

// The first of the folders with a ballast.toml, a package folder or a railway.json/.toml; else the
// first.
std::filesystem::path NearestRoot(const std::vector<std::filesystem::path>& upward);

// The package folder of the nearest root above the project if a command started there finds the
// same project, because a package belongs to one project; otherwise the project's own folder.
// It is .railway where Railway is used, otherwise .ballast; a folder that has a package or a
// development baseline is kept.
// `schema_found_from` returns the schema that a command finds from a folder.
PackageLocation LocatePackage(
    const Project& project,
    const std::function<std::filesystem::path(const std::filesystem::path&)>& schema_found_from);

}  // namespace ballast::workspace
