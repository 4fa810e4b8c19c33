// SPDX-License-Identifier: Apache-2.0
#include "release/package_archives.h"

#include "base/check.h"
#include "release/archive.h"

namespace ballast::release {
namespace {

constexpr std::string_view kScriptSuffix = "/migration.sql";

// "NAME/migration.sql" or "NAME/" → NAME; empty when the entry is neither.
std::string MigrationOf(std::string_view path, bool folder) {
  if (folder) {
    if (path.ends_with('/')) path.remove_suffix(1);
  } else if (path.ends_with(kScriptSuffix)) {
    path.remove_suffix(kScriptSuffix.size());
  } else {
    return {};
  }
  const bool odd = path == "." || path == ".." || path.find('/') != std::string_view::npos ||
                   path.find('\\') == 0;
  return odd ? std::string() : std::string(path);
}

// A relative path of plain parts, as a manifest may name it; a folder's ends with a slash.
std::string PlainPath(std::string_view path, bool folder) {
  if (folder && path.ends_with('/')) path.remove_suffix(1);
  return IsPlainPath(path) ? std::string(path) : std::string();
}

}  // namespace

std::string PackHistory(const std::vector<Migration>& migrations) {
  std::vector<FileToPack> files;
  for (const Migration& migration : migrations) {
    BALLAST_CHECK(!MigrationOf(migration.name + "/", true).empty());
    const bool folder = !migration.script.has_value();
    files.push_back({migration.name + (folder ? "/" : std::string(kScriptSuffix)), folder,
                     migration.script.TextOrEmpty()});
  }
  return PackArchive(files);
}

Result<std::vector<Migration>> UnpackHistory(std::string_view archive, size_t limit_bytes) {
  const UnpackOptions options{"the packed history", kHistoryPath, limit_bytes, kMaxHistoryEntries,
                              MigrationOf};
  TRY_ASSIGN(std::vector<ArchivedFile> files, UnpackArchive(archive, options));
  std::vector<Migration> migrations;
  for (ArchivedFile& file : files) {
    std::string name = MigrationOf(file.path, file.folder);
    migrations.push_back(file.folder ? Migration{std::move(name), {}, {}}
                                     : MakeMigration(std::move(name), std::move(file.bytes)));
  }
  return migrations;
}

Result<Coverage> CoverageOfHistory(std::string_view archive, size_t limit_bytes) {
  const UnpackOptions options{"the packed history", kHistoryPath, limit_bytes, kMaxHistoryEntries,
                              MigrationOf};
  TRY_ASSIGN(std::vector<ArchivedDigest> files, DigestArchive(archive, options));
  Coverage coverage;
  for (ArchivedDigest& file : files) {
    coverage.push_back({MigrationOf(file.path, file.folder), std::move(file.sha256)});
  }
  return coverage;
}

std::string PackPackage(const Package& package) {
  std::vector<FileToPack> files;
  for (const auto& [path, bytes] : package.files) files.push_back({path, false, bytes});
  return PackArchive(files);
}

Result<std::map<std::string, std::string>> UnpackPackage(std::string_view archive,
                                                         const std::string& file) {
  const UnpackOptions options{"the packed package", file, kHistoryLimit, kMaxHistoryEntries,
                              PlainPath};
  TRY_ASSIGN(std::vector<ArchivedFile> unpacked, UnpackArchive(archive, options));
  std::map<std::string, std::string> files;
  for (ArchivedFile& entry : unpacked) {
    if (!entry.folder) files[entry.path] = std::move(entry.bytes);
  }
  return files;
}

}  // namespace ballast::release
