// SPDX-License-Identifier: Apache-2.0
#include "workspace/migrations_folder.h"

#include <fmt/format.h>

#include "base/text.h"
#include "release/nul_byte.h"
#include "workspace/files.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr char kScriptName[] = "migration.sql";
constexpr std::string_view kKey = "provider";
constexpr std::string_view kPrefix = "provider = ";
constexpr std::string_view kNoProvider = "<PROVIDER NOT FOUND>";  // as Prisma
constexpr char kLockName[] = "migration_lock.toml";

Result<release::Migration> LoadMigration(const fs::path& folder, const std::string& name) {
  if (!IsUtf8(name)) {
    return MakeError(ErrorCode::kCannotRead,
                     fmt::format("the name of the migration folder {} is not UTF-8, so that it "
                                 "cannot be recorded",
                                 DecodeUtf8Lossy(name)),
                     "rename the folder", {folder.string(), 0});
  }
  const fs::path file = folder / name / kScriptName;
  TRY_ASSIGN(std::optional<std::string> bytes, ReadFileIfExists(file));
  if (!bytes) return release::Migration{name, {}, {}};
  TRY(release::CheckNoNulByte(*bytes, file.string()));
  return release::MakeMigration(name, *std::move(bytes));
}

}  // namespace

Result<MigrationsFolder> LoadMigrations(const fs::path& folder) {
  MigrationsFolder found;
  std::error_code failed;
  if (fs::status(folder, failed).type() == fs::file_type::not_found) return found;
  TRY_ASSIGN(const std::vector<FolderEntry> entries, ListFolder(folder));
  for (const FolderEntry& entry : entries) {
    if (entry.kind != EntryKind::kFolder) continue;
    TRY_ASSIGN(release::Migration migration, LoadMigration(folder, entry.name));
    found.migrations.push_back(std::move(migration));
  }
  found.moved_in_byte_order = release::SortMigrations(found.migrations);
  return found;
}

Result<std::map<std::string, std::string>> LoadDownScripts(const fs::path& folder) {
  std::map<std::string, std::string> scripts;
  for (const std::string& name : MigrationNames(folder)) {
    const fs::path file = folder / name / "down.sql";
    TRY_ASSIGN(std::optional<std::string> text, ReadFileIfExists(file));
    if (!text) continue;
    TRY(release::CheckNoNulByte(*text, file.string()));
    scripts[name] = *std::move(text);
  }
  return scripts;
}

std::vector<std::string> MigrationNames(const fs::path& folder) {
  std::vector<std::string> names;
  if (folder.empty() || !IsFolder(folder)) return names;
  const auto entries = ListFolder(folder);
  if (!entries) return names;
  for (const FolderEntry& entry : *entries) {
    if (entry.kind == EntryKind::kFolder) names.push_back(entry.name);
  }
  return names;
}

std::string ProviderOfLock(std::string_view text) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.starts_with(kKey)) continue;
    while (line.starts_with(kPrefix)) line.remove_prefix(kPrefix.size());
    while (line.starts_with('"')) line.remove_prefix(1);
    while (line.ends_with('"')) line.remove_suffix(1);
    return std::string(line);
  }
  return std::string(kNoProvider);
}

Status CheckMigrationLock(const fs::path& folder) {
  const fs::path file = folder / kLockName;
  TRY_ASSIGN(const std::optional<std::string> text, ReadFileIfExists(file));
  if (!text) return {};
  const std::string provider = ProviderOfLock(*text);
  if (provider == "postgresql") return {};
  if (provider == kNoProvider) {
    const bool conflict = text->find("<<<<<<<") != std::string::npos;
    return MakeError(ErrorCode::kProviderMismatch,
                     conflict
                         ? "migration_lock.toml has a merge conflict, and no line names a provider"
                         : "no line of migration_lock.toml names a provider",
                     "it needs the line: provider = \"postgresql\"", {file.string(), 0});
  }
  return MakeError(
      ErrorCode::kProviderMismatch,
      fmt::format("The datasource provider `postgresql` specified in your schema does "
                  "not match the one specified in the migration_lock.toml, `{}`",
                  provider),
      fmt::format("if the migrations are for PostgreSQL, correct the line to `provider "
                  "= \"postgresql\"`; if they are for {}, name the folder of those for "
                  "PostgreSQL as `migrations` in ballast.toml, or start a new history",
                  provider),
      {file.string(), LineAt(*text, text->find(kKey))});
}

}  // namespace ballast::workspace
