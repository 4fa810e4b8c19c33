// SPDX-License-Identifier: Apache-2.0
// The places where a schema or a migrations folder may be, in order.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace ballast::workspace {

struct SchemaPlace {
  std::filesystem::path path;
  bool is_prisma_default = false;  // Prisma finds it there itself
};

// Prisma's default places below `base`, then schema folders, then the trigger.dev layout. Nothing
// when none is there. `tried` gets every place that was looked at.
std::optional<SchemaPlace> FindSchemaBelow(const std::filesystem::path& base,
                                           std::vector<std::string>* tried);

// Every folder "migrations" below `base` that has a migration_lock.toml. The walk is bounded in
// depth and breadth; node_modules, hidden folders and links are not entered.
std::vector<std::filesystem::path> FindMigrationsBelow(const std::filesystem::path& base);

// The schema that belongs to a migrations folder: beside it, or the folder around it when that
// holds *.prisma files. Nothing when neither is there.
std::optional<std::filesystem::path> SchemaBeside(const std::filesystem::path& migrations);

// The nearest folder from `directory` upward with a ".git" in it; or nothing.
std::optional<std::filesystem::path> TopOfCheckout(const std::filesystem::path& directory);

}  // namespace ballast::workspace
