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
};

// The nearest package.json from `directory` upward. One that is not valid JSON is passed over, and
// so is that of a generated client (".prisma/client"), as Prisma does.
std::optional<NodePackage> FindNodePackage(const std::filesystem::path& directory);

}  // namespace ballast::workspace
