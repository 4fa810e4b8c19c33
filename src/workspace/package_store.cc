// SPDX-License-Identifier: Apache-2.0
#include "workspace/package_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "release/package_archives.h"
#include "release/rollback_script.h"
#include "workspace/files.h"
#include "workspace/package_location.h"
#include "workspace/replace_entries.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;
using release::kDevelopmentCoveragePath;
using release::kDevelopmentScriptPath;

using FileMap = std::map<std::string, std::string>;

// The entries of the package folder that are the package's.
const std::vector<std::string>& PackageEntries() {
  static const std::vector<std::string> entries = {release::kMigrationsPath, release::kSchemaPath,
                                                   release::kPrismaConfigPath,
                                                   release::kRollbackFolder};
  return entries;
}

bool IsPackageEntry(const std::string& name) {
  const auto& entries = PackageEntries();
  return std::find(entries.begin(), entries.end(), name) != entries.end();
}

std::string FirstPart(const std::string& path) {
  return path.substr(0, path.find('/'));
}

// Reads the package's entries, and refuses links that lead out of its folder.
class PackageReader {
 public:
  explicit PackageReader(const fs::path& folder) : folder_(folder) {
    std::error_code failed;
    real_folder_ = fs::canonical(folder, failed);
  }

  Result<FileMap> ReadAll() {
    TRY_ASSIGN(const std::vector<FolderEntry> entries, ListFolder(folder_));
    for (const FolderEntry& entry : entries) {
      if (IsPackageEntry(entry.name)) TRY(ReadEntry(entry.name, entry.kind));
    }
    return std::move(files_);
  }

 private:
  Status ReadEntry(const std::string& path, EntryKind kind) {
    switch (kind) {
      case EntryKind::kFile:
        return ReadOne(path);
      case EntryKind::kFolder:
        return ReadFolder(path);
      case EntryKind::kLink:
        return ReadLink(path);
      case EntryKind::kOther:
        break;
    }
    return Refused(path, "is neither a file nor a folder");
  }

  Status ReadOne(const std::string& path) {
    TRY_ASSIGN(files_[path], ReadFile(folder_ / path));
    return {};
  }

  Status ReadFolder(const std::string& path) {
    TRY_ASSIGN(const std::vector<FolderEntry> entries, ListFolder(folder_ / path));
    for (const FolderEntry& entry : entries) {
      TRY(ReadEntry(path + "/" + entry.name, entry.kind));
    }
    return {};
  }

  Status ReadLink(const std::string& path) {
    std::error_code failed;
    const fs::path real = fs::canonical(folder_ / path, failed);
    if (failed) return Refused(path, "is a broken link");
    const auto [end, rest] =
        std::mismatch(real_folder_.begin(), real_folder_.end(), real.begin(), real.end());
    if (end != real_folder_.end()) return Refused(path, "is a link to a file outside the package");
    if (!IsFile(real)) return Refused(path, "is a link to a folder, which Prisma ignores");
    return ReadOne(path);
  }

  Error Refused(const std::string& path, std::string_view what) const {
    Error error = MakeError(ErrorCode::kPackageEdited, fmt::format("{} {}", path, what),
                            "replace it with the file", {(folder_ / path).string(), 0});
    error.details.emplace_back("file", path);
    return error;
  }

  const fs::path& folder_;
  fs::path real_folder_;
  FileMap files_;
};

Error Missing(const std::string& shown_folder, std::string_view file) {
  Error error =
      MakeError(ErrorCode::kPackageMissing,
                fmt::format("there is no release package: {}/{} is missing", shown_folder, file),
                "create one with `ballast release create VERSION`", {shown_folder, 0});
  error.details.emplace_back("missing", std::string(file));
  return error;
}

Error HalfBaseline(const fs::path& folder, const char* existing, const char* missing) {
  return MakeError(
      ErrorCode::kBaselineStale,
      fmt::format("{} exists, but {} does not, so it is not known which migrations the "
                  "baseline covers",
                  existing, missing),
      "create both with `ballast baseline create`", {(folder / existing).string(), 0});
}

// Packages are compared byte by byte, and nobody reviews them line by line.
constexpr char kAttributesName[] = ".gitattributes";
constexpr char kAttributes[] =
    R"(# Written by ballast. Git keeps these files byte by byte, and shows no diffs of generated ones.
schema.release.prisma RAW linguist-generated
schema.release.prisma/** RAW linguist-generated
prisma.release.config.ts RAW linguist-generated
rollback/** RAW
release-migrations/** RAW
release-migrations/0_baseline/** -diff linguist-generated
release-migrations/*.facts -diff linguist-generated
release-migrations/*.zst -diff linguist-generated
release-migrations/manifest.json* -diff linguist-generated
baseline.sql RAW -diff linguist-generated
baseline.json RAW -diff linguist-generated
baseline.facts RAW -diff linguist-generated
)";

// The length of its first words, by which a file of an earlier version is recognized.
constexpr size_t kAttributesMark = std::string_view("# Written by ballast.").size();

// "!" and not "-": git refuses an encoding that is false.
constexpr char kRaw[] = "-text -filter -ident !working-tree-encoding";

// The pattern of a line of .gitattributes.
std::string_view PatternOf(std::string_view line) {
  return line.substr(0, line.find_first_of(" \t"));
}

// The attributes of the package's files, and the lines of an earlier version of ballast that
// somebody added for other files.
std::string AttributesFor(const std::string& existing) {
  std::string attributes = ReplaceAll(kAttributes, "RAW", kRaw);
  const std::vector<std::string> own = Split(attributes, '\n');
  for (const std::string& line : Split(existing, '\n')) {
    const bool known = std::any_of(own.begin(), own.end(), [&](const std::string& each) {
      return PatternOf(each) == PatternOf(line);
    });
    if (!known) attributes += line + "\n";
  }
  return attributes;
}

Status ReplaceWithAttributes(const fs::path& folder, FileMap files,
                             std::vector<std::string> owned) {
  TRY_ASSIGN(const std::optional<std::string> existing, ReadFileIfExists(folder / kAttributesName));
  const std::string_view mark = std::string_view(kAttributes).substr(0, kAttributesMark);
  if (!existing || existing->starts_with(mark)) {  // else somebody else wrote it
    files[kAttributesName] = AttributesFor(existing.value_or(""));
    owned.emplace_back(kAttributesName);
  }
  return ReplaceEntries(folder, files, owned);
}

}  // namespace

Result<release::Package> MakePackage(FileMap files, const std::string& shown_folder) {
  for (const char* needed : {release::kManifestPath, release::kBaselinePath}) {
    if (!files.contains(needed)) return Missing(shown_folder, needed);
  }
  std::erase_if(files, [](const auto& file) { return !IsPackageEntry(FirstPart(file.first)); });
  release::Package package;
  TRY_ASSIGN(package.manifest, release::ParseManifest(files.at(release::kManifestPath),
                                                      shown_folder + "/" + release::kManifestPath));
  // Scripts that were written since do not belong to the package.
  std::erase_if(files, [&](const auto& file) {
    return FirstPart(file.first) == release::kRollbackFolder &&
           !package.manifest.files.contains(file.first);
  });
  package.files = std::move(files);
  return package;
}

Result<release::Package> LoadPackage(const fs::path& folder) {
  if (IsFile(folder)) {
    TRY_ASSIGN(const std::string packed, ReadFile(folder));
    TRY_ASSIGN(FileMap unpacked, release::UnpackPackage(packed, folder.string()));
    return MakePackage(std::move(unpacked), folder.string());
  }
  if (!IsFolder(folder)) return Missing(folder.string(), release::kManifestPath);
  TRY_ASSIGN(FileMap files, PackageReader(folder).ReadAll());
  return MakePackage(std::move(files), folder.string());
}

Status StorePackage(const fs::path& folder, const release::Package& package) {
  FileMap files = package.files;
  TRY_ASSIGN(FileMap scripts, ReadRollbackScripts(folder));
  for (auto& [path, text] : scripts) {
    if (!release::IsWrittenRollback(text)) files.try_emplace(path, std::move(text));
  }
  return ReplaceWithAttributes(folder, std::move(files), PackageEntries());
}

Result<FileMap> ReadRollbackScripts(const fs::path& folder) {
  FileMap scripts;
  const fs::path place = folder / release::kRollbackFolder;
  if (!IsFolder(place)) return scripts;
  TRY_ASSIGN(const std::vector<FolderEntry> entries, ListFolder(place));
  for (const FolderEntry& entry : entries) {
    if (entry.kind == EntryKind::kFolder || !entry.name.ends_with(".sql")) continue;
    TRY_ASSIGN(scripts[std::string(release::kRollbackFolder) + "/" + entry.name],
               ReadFile(place / entry.name));
  }
  return scripts;
}

bool RestoreInterruptedPackage(const fs::path& folder) {
  const auto is_whole = [&] {
    const Result<release::Package> package = LoadPackage(folder);
    std::vector<std::string> unproven;
    return package && release::VerifyPackage(*package, &unproven);
  };
  return IsFolder(folder) && RestoreEntries(folder, PackageEntries(), is_whole);
}

Status StorePackedPackage(const fs::path& file, const std::string& packed) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const std::string name = file.filename().string();
  return ReplaceEntries(folder, {{name, packed}}, {name});
}

Result<std::optional<StoredBaseline>> LoadDevelopmentBaseline(const fs::path& folder) {
  if (IsFile(folder)) return std::optional<StoredBaseline>();
  TRY_ASSIGN(std::optional<std::string> script, ReadFileIfExists(folder / kDevelopmentScriptPath));
  TRY_ASSIGN(const std::optional<std::string> json,
             ReadFileIfExists(folder / kDevelopmentCoveragePath));
  if (!script && !json) return std::optional<StoredBaseline>();
  if (!json) return HalfBaseline(folder, kDevelopmentScriptPath, kDevelopmentCoveragePath);
  if (!script) return HalfBaseline(folder, kDevelopmentCoveragePath, kDevelopmentScriptPath);
  StoredBaseline baseline;
  TRY_ASSIGN(baseline.record, release::ParseDevelopmentBaseline(
                                  *json, (folder / kDevelopmentCoveragePath).string()));
  TRY_ASSIGN(const std::optional<std::string> snapshot,
             ReadFileIfExists(folder / release::kDevelopmentSnapshotPath));
  baseline.snapshot = snapshot.value_or("");
  baseline.script = *std::move(script);
  return std::optional<StoredBaseline>(std::move(baseline));
}

Status StoreDevelopmentBaseline(const fs::path& folder, const StoredBaseline& baseline) {
  FileMap files = {{kDevelopmentScriptPath, baseline.script},
                   {kDevelopmentCoveragePath, release::RenderDevelopmentBaseline(baseline.record)}};
  if (!baseline.snapshot.empty()) files[release::kDevelopmentSnapshotPath] = baseline.snapshot;
  return ReplaceWithAttributes(
      folder, files,
      {kDevelopmentCoveragePath, kDevelopmentScriptPath, release::kDevelopmentSnapshotPath});
}

namespace {

// The package folder of this checkout, then the other one that the project can have: .railway, or a
// .railway/NAME, is in the checkout of a release branch only, if nothing else is kept in it.
std::vector<fs::path> PossibleFolders(const fs::path& folder) {
  std::vector<fs::path> folders = {folder};
  const auto add = [&](const fs::path& usual, const fs::path& rest) {
    if (!IsPackageFolder(usual)) return;
    for (const char* other : kPackageFolders) {
      if (usual.filename() == other) continue;
      folders.push_back(rest.empty() ? usual.parent_path() / other
                                     : usual.parent_path() / other / rest);
    }
  };
  add(folder, {});
  add(folder.parent_path(), folder.filename());
  return folders;
}

// No value if the ref has no package.
Result<std::optional<PackageAtRef>> PackageIn(const GitRef& ref, const fs::path& folder) {
  for (const fs::path& place : PossibleFolders(folder)) {
    TRY_ASSIGN(FileMap files, FilesAt(folder.parent_path(), ref.full, place));
    Result<release::Package> package =
        MakePackage(std::move(files), ref.name + ":" + place.filename().string());
    if (package.ok()) return std::optional(PackageAtRef{ref, *std::move(package), {}});
    if (package.error().code != ErrorCode::kPackageMissing) {
      return std::optional(PackageAtRef{ref, {}, std::move(package).error()});
    }
  }
  return std::optional<PackageAtRef>();
}

}  // namespace

Result<std::vector<PackageAtRef>> ListPackages(const fs::path& folder,
                                               const std::vector<std::string>& globs) {
  TRY_ASSIGN(const std::vector<GitRef> refs, ListGitRefs(folder.parent_path(), globs));
  std::vector<PackageAtRef> found;
  for (const GitRef& ref : refs) {
    TRY_ASSIGN(std::optional<PackageAtRef> at, PackageIn(ref, folder));
    if (at) found.push_back(*std::move(at));
  }
  return found;
}

std::vector<LocalPackage> ListLocal(const fs::path& root, const fs::path& folder) {
  std::vector<fs::path> folders = {folder};
  for (const char* usual : kPackageFolders) {
    if (std::find(folders.begin(), folders.end(), root / usual) == folders.end()) {
      folders.push_back(root / usual);
    }
  }
  std::vector<LocalPackage> found;
  for (const fs::path& place : folders) {
    Result<release::Package> package = LoadPackage(place);
    if (package.ok()) {
      found.push_back({place, *std::move(package), {}});
    } else if (package.error().code != ErrorCode::kPackageMissing) {
      found.push_back({place, {}, std::move(package).error()});
    }
  }
  return found;
}

}  // namespace ballast::workspace
