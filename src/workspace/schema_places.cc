// SPDX-License-Identifier: Apache-2.0
#include "workspace/schema_places.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "workspace/files.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 6;
constexpr size_t kMostFolders = 5000;

bool HoldsSchemaFiles(const fs::path& folder) {
  const auto entries = ListFolder(folder);
  return entries.ok() && std::any_of(entries->begin(), entries->end(), [](const FolderEntry& e) {
           return e.kind != EntryKind::kFolder && e.name.ends_with(".prisma");
         });
}

struct Candidate {
  const char* path;
  bool is_folder;
  bool is_prisma_default;
};
constexpr Candidate kCandidates[] = {
    {"schema.prisma", false, true},
    {"prisma/schema.prisma", false, true},
    {"prisma/schema", true, false},
    {"prisma", true, false},
    {"internal-packages/database/prisma/schema.prisma", false, false},
};

bool IsEntered(const FolderEntry& entry) {
  return entry.kind == EntryKind::kFolder && entry.name != "node_modules" &&
         !entry.name.starts_with('.');
}

}  // namespace

std::optional<SchemaPlace> FindSchemaBelow(const fs::path& base, std::vector<std::string>* tried) {
  for (const Candidate& candidate : kCandidates) {
    const fs::path path = base / candidate.path;
    tried->push_back(path.string());
    if (candidate.is_folder ? HoldsSchemaFiles(path) : IsFile(path)) {
      return SchemaPlace{path, candidate.is_prisma_default};
    }
  }
  return std::nullopt;
}

std::vector<fs::path> FindMigrationsBelow(const fs::path& base) {
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
      if (entry.name == "migrations" && IsFile(path / "migration_lock.toml")) {
        found.push_back(path);
      } else if (folder.depth < kDeepest) {
        waiting.push_back({path, folder.depth + 1});
      }
    }
  }
  return found;
}

std::optional<fs::path> SchemaBeside(const fs::path& migrations) {
  const fs::path around = migrations.parent_path();
  if (IsFile(around / "schema.prisma")) return around / "schema.prisma";
  if (HoldsSchemaFiles(around)) return around;
  if (HoldsSchemaFiles(around / "schema")) return around / "schema";
  return std::nullopt;
}

std::optional<fs::path> TopOfCheckout(const fs::path& directory) {
  for (fs::path at = directory;; at = at.parent_path()) {
    std::error_code failed;
    if (fs::exists(at / ".git", failed)) return at;
    if (!at.has_relative_path()) return std::nullopt;
  }
}

}  // namespace ballast::workspace
