// SPDX-License-Identifier: Apache-2.0
// Finds migrations folders below a folder.
#pragma once

#include <filesystem>
#include <vector>

namespace ballast::workspace {

// Every folder "migrations" below `base` with a migration_lock.toml for PostgreSQL. The search is
// limited in depth and breadth; it skips node_modules, hidden folders, links, and everything that
// git ignores.
std::vector<std::filesystem::path> FindMigrationsBelow(const std::filesystem::path& base);
}  // namespace ballast::workspace
