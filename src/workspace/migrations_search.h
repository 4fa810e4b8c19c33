// SPDX-License-Identifier: Apache-2.0
// Finds migrations folders below a folder.
#pragma once

#include <filesystem>
#include <vector>

namespace ballast::workspace {

// Every folder below `base` with a migration_lock.toml that names no other provider than
// PostgreSQL, except those of release packages. The walk is bounded in depth and breadth;
// node_modules, hidden folders and links are not entered, and what git ignores does not count.
std::vector<std::filesystem::path> FindMigrationsBelow(const std::filesystem::path& base);
}  // namespace ballast::workspace
