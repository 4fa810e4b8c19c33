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

constexpr int kDeepestFolder = 6;
constexpr size_t kMostFolders = 5000;
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

// Also those that git ignores.
std::vector<fs::path> FindAllBelow(const fs::path& base) {
  struct Folder {
    fs::path path;
    int depth;
  };
  std::deque<Folder> waiting = {{base, 0}};
  std::vector<fs::path> found;
  for (size_t seen = 0; !waiting.empty() && seen < kMostFolders; ++seen) {
    const Folder folder = waiting.front();
    waiting.pop_front();
    const auto entries = ListFolder(folder.path);
    if (!entries.ok()) continue;
    for (const FolderEntry& entry : *entries) {
      if (!IsEntered(entry)) continue;
      const fs::path path = folder.path / entry.name;
      if (entry.name != release::kMigrationsPath && IsForPostgres(path / "migration_lock.toml")) {
        found.push_back(path);
      } else if (folder.depth < kDeepestFolder) {
        waiting.push_back({path, folder.depth + 1});
      }
    }
  }
  return found;
}

}  // namespace

std::vector<fs::path> FindMigrationsBelow(const fs::path& base) {
  std::vector<fs::path> found = FindAllBelow(base);
  if (!found.empty()) std::erase_if(found, IgnoredByGit(base));
  return found;
}

bool HasSeveralMigrations(const fs::path& base) {
  std::vector<fs::path> found = FindAllBelow(base);
  if (found.size() > 1) std::erase_if(found, IgnoredByGit(base));
  return found.size() > 1;
}

}  // namespace ballast::workspace
