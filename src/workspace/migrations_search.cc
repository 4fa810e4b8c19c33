// SPDX-License-Identifier: Apache-2.0
#include "workspace/migrations_search.h"

#include <algorithm>
#include <deque>

#include "release/package.h"
#include "workspace/files.h"
#include "workspace/git.h"
#include "workspace/migrations_folder.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOtherProviders[] = {"sqlite", "mysql", "sqlserver", "mongodb",
                                           "cockroachdb"};

bool IsEntered(const FolderEntry& entry) {
  return entry.kind == EntryKind::kFolder && entry.name != "node_modules" &&
         !entry.name.starts_with('.');
}

bool IsForPostgres(const fs::path& lock) {
  const Result<std::optional<std::string>> text = ReadFileIfExists(lock);
  if (!text.ok() || !*text) return false;
  const std::string provider = ProviderOfLock(**text);
  return std::find(std::begin(kOtherProviders), std::end(kOtherProviders), provider) ==
         std::end(kOtherProviders);
}

// Also those that git ignores. `is_migrations` decides by the path of a migration_lock.toml.
FoundMigrations FindAllBelow(const fs::path& base, size_t most,
                             bool (*is_migrations)(const fs::path& lock)) {
  std::deque<fs::path> waiting = {base};
  FoundMigrations found;
  for (size_t seen = 0; !waiting.empty() && seen < most; ++seen) {
    const fs::path folder = waiting.front();
    waiting.pop_front();
    const auto entries = ListFolder(folder);
    if (!entries.ok()) continue;
    for (const FolderEntry& entry : *entries) {
      if (!IsEntered(entry)) continue;
      const fs::path path = folder / entry.name;
      if (entry.name != release::kMigrationsPath && is_migrations(path / "migration_lock.toml")) {
        found.folders.push_back(path);
      } else {
        waiting.push_back(path);
      }
    }
  }
  found.is_complete = waiting.empty();
  return found;
}

}  // namespace

FoundMigrations FindMigrationsBelow(const fs::path& base, size_t most) {
  FoundMigrations found = FindAllBelow(base, most, IsForPostgres);
  if (!found.folders.empty()) std::erase_if(found.folders, IgnoredByGit(base));
  return found;
}

bool HasSeveralMigrations(const fs::path& base) {
  FoundMigrations found = FindAllBelow(base, kMostSearchedFolders, IsFile);
  if (!found.is_complete) return true;
  if (found.folders.size() > 1) std::erase_if(found.folders, IgnoredByGit(base));
  return found.folders.size() > 1;
}

}  // namespace ballast::workspace
