// SPDX-License-Identifier: Apache-2.0
#include "workspace/squash_store.h"

#include <fmt/format.h>

#include "base/sha256.h"
#include "base/text.h"
#include "release/package.h"
#include "release/package_archives.h"
#include "workspace/files.h"
#include "workspace/replace_entries.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr char kScript[] = "migration.sql";

Error Edited(const fs::path& folder, const std::string& what) {
  return MakeError(ErrorCode::kSquashRefused,
                   fmt::format("the squash {} is not what `ballast squash` created: {}",
                               folder.filename().string(), what),
                   "restore the folder from version control", {folder.string(), 0});
}

Result<StoredSquash> LoadFrom(const fs::path& folder) {
  StoredSquash squash;
  TRY_ASSIGN(const std::string record, ReadFile(folder / release::kSquashRecord));
  TRY_ASSIGN(squash.record,
             release::ParseSquash(record, (folder / release::kSquashRecord).string()));
  TRY_ASSIGN(const std::optional<std::string> script, ReadFileIfExists(folder / kScript));
  TRY_ASSIGN(const std::optional<std::string> archive,
             ReadFileIfExists(folder / release::kSquashHistory));
  TRY_ASSIGN(const std::optional<std::string> snapshot,
             ReadFileIfExists(folder / release::kSquashSnapshot));
  TRY_ASSIGN(const std::optional<std::string> states,
             ReadFileIfExists(folder / release::kSquashStates));
  if (!script || !archive || !snapshot) return Edited(folder, "a file of it is missing");
  squash.script = *script;
  squash.archive = *archive;
  squash.snapshot = *snapshot;
  squash.states = states.value_or("");
  if (squash.record.name != folder.filename().string()) return Edited(folder, "it was renamed");
  if (!release::ChecksumMatches(squash.record.baseline.baseline_checksum,
                                DecodeUtf8Lossy(squash.script))) {
    return Edited(folder, "migration.sql was edited");
  }
  if (Sha256Hex(squash.archive) != squash.record.history_sha256) {
    return Edited(folder, "history.tar.zst was changed");
  }
  return squash;
}

}  // namespace

Result<std::optional<StoredSquash>> LoadSquash(const fs::path& migrations) {
  std::optional<StoredSquash> found;
  if (!IsFolder(migrations)) return found;
  std::string last;
  TRY_ASSIGN(const std::vector<FolderEntry> entries, ListFolder(migrations));
  for (const FolderEntry& entry : entries) {
    if (entry.kind != EntryKind::kFolder) continue;
    if (!IsFile(migrations / entry.name / release::kSquashRecord)) continue;
    if (last.empty() || release::PrismaOrder(last, entry.name)) last = entry.name;
  }
  if (last.empty()) return found;
  TRY_ASSIGN(found, LoadFrom(migrations / last));
  return found;
}

Status CheckReturnedMigrations(const fs::path& folder, const std::string& shown,
                               const std::vector<release::Migration>& migrations) {
  TRY_ASSIGN(const std::optional<StoredSquash> squash, LoadSquash(folder));
  if (!squash) return {};
  return release::CheckReturnedMigrations(squash->record, migrations, shown);
}

Result<std::vector<release::Migration>> HistoryOf(const StoredSquash& squash) {
  TRY_ASSIGN(std::vector<release::Migration> history,
             release::UnpackHistory(squash.archive, release::kHistoryLimit));
  if (release::CoverageOf(history) != squash.record.baseline.coverage) {
    return MakeError(
        ErrorCode::kSquashRefused,
        fmt::format("the archive of the squash {} has other migrations than its record",
                    squash.record.name),
        "restore the folder from version control");
  }
  return history;
}

Status StoreSquash(const fs::path& migrations, const StoredSquash& squash,
                   const std::vector<std::string>& replaced) {
  const std::string folder = squash.record.name + "/";
  std::map<std::string, std::string> files = {
      {folder + kScript, squash.script},
      {folder + release::kSquashRecord, release::RenderSquash(squash.record)},
      {folder + release::kSquashHistory, squash.archive},
      {folder + release::kSquashSnapshot, squash.snapshot}};
  if (!squash.states.empty()) files[folder + release::kSquashStates] = squash.states;
  std::vector<std::string> owned = replaced;
  owned.push_back(squash.record.name);
  return ReplaceEntries(migrations, files, owned);
}

}  // namespace ballast::workspace
