// SPDX-License-Identifier: Apache-2.0
// Finds migrations folders below a folder.
#pragma once

#include <filesystem>
#include <vector>

namespace ballast::workspace {

struct FoundMigrations {
  std::vector<std::filesystem::path> folders;
  bool is_complete = true;  // false: the search ended before it had seen everything
};

inline constexpr size_t kMostSearchedFolders = 20'000;

// Every folder below `base` with a migration_lock.toml that names no other provider than
// PostgreSQL, except those of release packages. The search skips node_modules, hidden folders,
// links, and everything that git ignores; it goes level by level, and ends after `most` folders.
FoundMigrations FindMigrationsBelow(const std::filesystem::path& base,
                                    size_t most = kMostSearchedFolders);

// Whether there are, or may be, several such folders below `base`; here those of other providers
// count, too. Asks git only if that depends on it.
bool HasSeveralMigrations(const std::filesystem::path& base);

}  // namespace ballast::workspace
