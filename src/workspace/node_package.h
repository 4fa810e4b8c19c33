// SPDX-License-Identifier: Apache-2.0
// package.json, as far as Prisma cares for it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace ballast::workspace {

struct NodePackage {
  std::filesystem::path file;
  std::string name;
  std::optional<std::string> prisma_schema;  // "prisma": { "schema": … }, as written
  bool has_workspaces = false;
};

// The package.json of a folder; nothing where there is none, or none that is valid JSON.
std::optional<NodePackage> ReadNodePackage(const std::filesystem::path& folder);

// The nearest package.json from `directory` upward. One that is not valid JSON is passed over, and
// so is that of a generated client (".prisma/client"), as Prisma does.
std::optional<NodePackage> FindNodePackage(const std::filesystem::path& directory);

// B104 where the nearest package.json from `directory` upward cannot be read or is not a file.
Status CheckNodePackage(const std::filesystem::path& directory);

}  // namespace ballast::workspace
