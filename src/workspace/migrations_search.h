// SPDX-License-Identifier: Apache-2.0
// Finds migrations folders below a folder.
#pragma once

#include <filesystem>
#include <vector>

namespace ballast::workspace {

// Every folder below `base` with a migration_lock.toml that names no other provider than
// PostgreSQL, except those of release packages. The search is limited in depth and breadth; it
// skips node_modules, hidden folders, links, and everything that git ignores.
std::vector<std::filesystem::path> FindMigrationsBelow(const std::filesystem::path& base);

// Whether FindMigrationsBelow finds several. Asks git only if that depends on it.
bool HasSeveralMigrations(const std::filesystem::path& base);

}  // namespace ballast::workspace
