// SPDX-License-Identifier: Apache-2.0
// The parts of package.json that Prisma uses.
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

// The package.json of a folder; no value if there is none or it is not valid JSON.
std::optional<NodePackage> ReadNodePackage(const std::filesystem::path& folder);

// The nearest package.json from `directory` upward. As Prisma does, it skips invalid JSON and that
// of a generated client (".prisma/client").
std::optional<NodePackage> FindNodePackage(const std::filesystem::path& directory);

// B104 where the nearest package.json from `directory` upward cannot be read or is not a file; with
// `is_read`, where Prisma reads its `prisma.schema`: B101 if it is not valid JSON, or that not
// text.
Status CheckNodePackage(const std::filesystem::path& directory, bool is_read);

}  // namespace ballast::workspace
