// SPDX-License-Identifier: Apache-2.0
#include "release/package.h"
#include "release/package_archives.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <set>

#include "base/printable.h"
#include "base/sha256.h"
#include "base/text.h"
#include "release/baseline_script.h"
#include "release/consistency.h"
#include "release/coverage.h"
#include "release/line_endings.h"
#include "release/nul_byte.h"

namespace ballast::release {
namespace {

constexpr std::string_view kScriptName = "migration.sql";

// "release-migrations/NAME/rest" → NAME; empty for anything else.
std::string_view FolderOf(std::string_view path) {
  const std::string_view root = kMigrationsPath;
  if (path.size() <= root.size() + 1 || !path.starts_with(root) || path[root.size()] != '/') {
    return {};
  }
  path.remove_prefix(root.size() + 1);
  const size_t slash = path.find('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

bool IsHotfixFile(std::string_view path) {
  const std::string_view folder = FolderOf(path);
  return !folder.empty() && folder != kBaselineName;
}

// Folders of the package whose script the manifest does not name.
std::vector<std::string> UnprovenFolders(const Package& package) {
  std::set<std::string> named;
  for (const auto& [path, checksum] : package.manifest.files) named.emplace(FolderOf(path));
  std::vector<std::string> unproven;
  for (const Migration& hotfix : package.Hotfixes()) {
    if (!named.contains(hotfix.name)) unproven.push_back(hotfix.name);
  }
  return unproven;
}

struct FileProblem {
  std::string file;
  std::string what;
  bool is_converted = false;  // only its line endings differ
};

std::vector<FileProblem> ProblemsOfFiles(const Package& package) {
  std::vector<FileProblem> problems;
  for (const auto& [path, checksum] : package.manifest.files) {
    const auto file = package.files.find(path);
    if (file == package.files.end()) {
      problems.push_back({path, "is missing"});
    } else if (Sha256Hex(file->second) != checksum) {
      const bool is_converted = Sha256Hex(WithLineFeeds(file->second)) == checksum;
      problems.push_back({path, "was changed", is_converted});
    }
  }
  for (const auto& [path, bytes] : package.files) {
    const bool known =
        path == kManifestPath || path == kSealPath || package.manifest.files.contains(path);
    if (known || IsHotfixFile(path)) continue;
    problems.push_back({path, "is not named by the manifest"});
  }
  return problems;
}

Error ErrorOf(const std::vector<FileProblem>& problems, const std::string& version) {
  std::vector<std::string> names;
  std::vector<std::string> words;
  for (const FileProblem& problem : problems) {
    names.push_back(problem.file);
    words.push_back(problem.file + " " + problem.what);
  }
  const std::string& first = problems.front().file;
  if (std::ranges::all_of(problems, &FileProblem::is_converted)) {
    return ConvertedLineEndings(Join(names, ", ") + (names.size() == 1 ? " has" : " have"), first);
  }
  return MakeError(
      ErrorCode::kPackageEdited, "the package does not match its manifest: " + Join(words, "; "),
      "restore the package from version control, or create it again with `ballast release create " +
          version + " --replace`",
      {first, 0});
}

Status FilesAreAsNamed(const Package& package) {
  const std::vector<FileProblem> problems = ProblemsOfFiles(package);
  if (problems.empty()) return {};
  Error error = ErrorOf(problems, package.manifest.version);
  for (const FileProblem& problem : problems) error.details.emplace_back("file", problem.file);
  return error;
}

Error BadManifest(std::string message) {
  return MakeError(ErrorCode::kManifestInvalid, std::move(message),
                   "create the package again with `ballast release create`", {kManifestPath, 0});
}

Status CoverageIsASet(const Manifest& manifest) {
  std::set<std::string_view> seen;
  for (const CoveredMigration& covered : manifest.coverage) {
    if (!IsPlainPath(covered.name) || covered.name.find('/') != std::string::npos) {
      return BadManifest(fmt::format("coverage names \"{}\", which is not a folder name",
                                     Printable(covered.name)));
    }
    if (covered.name == kBaselineName || !seen.insert(covered.name).second) {
      return BadManifest(fmt::format("coverage names the migration \"{}\" {}", covered.name,
                                     covered.name == kBaselineName ? "itself" : "twice"));
    }
  }
  return {};
}

Status ManifestAgreesWithItself(const Manifest& manifest) {
  const size_t count = manifest.coverage.size();
  if (manifest.migration_count < 0 || static_cast<size_t>(manifest.migration_count) != count) {
    return BadManifest(fmt::format("migration_count is {}, but coverage has {}",
                                   manifest.migration_count, Counted(count, "migration")));
  }
  TRY(CoverageIsASet(manifest));
  const std::string last = count == 0 ? std::string() : manifest.coverage.back().name;
  if (manifest.baseline_includes_up_to != last) {
    return BadManifest(
        fmt::format("baseline_includes_up_to is \"{}\", but the last of coverage is \"{}\"",
                    manifest.baseline_includes_up_to, last));
  }
  for (const auto& [path, checksum] : manifest.files) {
    if (!IsPlainPath(path)) return BadManifest(fmt::format("files names \"{}\"", Printable(path)));
  }
  for (const char* path : {kBaselinePath, kLockPath}) {
    if (!manifest.files.contains(path)) {
      return BadManifest(fmt::format("files does not name {}", path));
    }
  }
  return {};
}

Status BaselineIsAsNamed(const Package& package) {
  const Manifest& manifest = package.manifest;
  if (ChecksumOf(package.Baseline()) != manifest.baseline_checksum) {
    return BadManifest(fmt::format("baseline_checksum is not that of {}", kBaselinePath));
  }
  if (CountLines(package.Baseline()) != manifest.baseline_lines) {
    return BadManifest(
        fmt::format("baseline_lines is {}, but {} has {}", manifest.baseline_lines, kBaselinePath,
                    Counted(static_cast<size_t>(CountLines(package.Baseline())), "line")));
  }
  return BaselineScriptFits(package.Baseline(), manifest.coverage);
}

Status HotfixesFit(const Package& package) {
  const std::vector<Migration> hotfixes = package.Hotfixes();
  if (hotfixes.empty()) return {};  // the usual case
  const std::set<std::string_view> covered = CoveredNames(package.manifest.coverage);
  for (const Migration& hotfix : hotfixes) {
    const std::string folder = fmt::format("{}/{}", kMigrationsPath, hotfix.name);
    if (covered.contains(hotfix.name)) {
      return MakeError(ErrorCode::kNameReused,
                       fmt::format("the hotfix {} has the name of a migration that the baseline "
                                   "covers, so that it would be skipped",
                                   hotfix.name),
                       "give the folder a new name", {folder, 0});
    }
    if (PrismaOrder(hotfix.name, kBaselineName)) {
      return MakeError(
          ErrorCode::kPackageEdited,
          fmt::format("the hotfix {} sorts before {}, so that Prisma would run it first",
                      hotfix.name, kBaselineName),
          "give the folder a name that starts with its time, as Prisma does", {folder, 0});
    }
  }
  return {};
}

Error HistoryDiffers(const std::string& name, std::string_view what) {
  return MakeError(
      ErrorCode::kPackageEdited,
      fmt::format("the packed history and the coverage do not agree: {} {}", name, what),
      "restore the package from version control", {kHistoryPath, 0});
}

}  // namespace

bool IsPlainPath(std::string_view path) {
  for (const char c : path) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\\' || c == 0x7F) return false;
  }
  for (const std::string& part : Split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return !path.empty();
}

const std::string& Package::Baseline() const {
  static const std::string none;
  const auto baseline = files.find(kBaselinePath);
  return baseline == files.end() ? none : baseline->second;
}

std::vector<Migration> Package::Hotfixes() const {
  std::map<std::string, Migration> found;
  for (const auto& [path, bytes] : files) {
    if (!IsHotfixFile(path)) continue;
    const std::string name(FolderOf(path));
    Migration& hotfix = found.try_emplace(name, Migration{name, {}, {}}).first->second;
    if (path == fmt::format("{}/{}/{}", kMigrationsPath, name, kScriptName)) {
      hotfix = MakeMigration(name, bytes);
    }
  }
  std::vector<Migration> hotfixes;
  hotfixes.reserve(found.size());
  for (auto& [name, hotfix] : found) hotfixes.push_back(std::move(hotfix));
  SortMigrations(hotfixes);
  return hotfixes;
}

Package WithoutHotfixes(Package package) {
  const auto is_of_hotfix = [](const auto& file) {
    return IsHotfixFile(file.first) || file.first == kHotfixSnapshotPath;
  };
  std::erase_if(package.files, is_of_hotfix);
  std::erase_if(package.manifest.files, is_of_hotfix);
  package.manifest.version = SplitHotfixes(package.manifest.version).base;
  package.manifest.with_hotfixes = {};
  package.manifest.manifest_digest.clear();
  return package;
}

void CompletePackage(Package* package) {
  Manifest& manifest = package->manifest;
  manifest.files.clear();
  package->files.erase(kSealPath);
  for (const auto& [path, bytes] : package->files) {
    if (path != kManifestPath) manifest.files[path] = Sha256Hex(bytes);
  }
  manifest.baseline_checksum = ChecksumOf(package->Baseline());
  manifest.baseline_lines = CountLines(package->Baseline());
  manifest.migration_count = static_cast<int>(manifest.coverage.size());
  manifest.baseline_includes_up_to =
      manifest.coverage.empty() ? std::string() : manifest.coverage.back().name;
  AddDigest(&manifest);
  package->files[kManifestPath] = RenderManifest(manifest);
}

namespace {

// Also in a hotfix that the manifest does not name, and in a rollback.
Status ScriptsHaveNoNulByte(const Package& package) {
  for (const auto& [path, bytes] : package.files) {
    if (path.ends_with(".sql")) TRY(CheckNoNulByte(bytes, path));
  }
  return {};
}

}  // namespace

Status VerifyPackage(const Package& package, std::vector<std::string>* unproven) {
  // The largest check, in parallel with the others.
  std::future<Status> history = std::async(std::launch::async | std::launch::deferred,
                                           [&package] { return VerifyHistory(package); });
  TRY(ManifestAgreesWithItself(package.manifest));
  TRY(ManifestIsConsistent(package.manifest));
  TRY(FilesAreAsNamed(package));
  TRY(BaselineIsAsNamed(package));
  TRY(HotfixesFit(package));
  TRY(ScriptsHaveNoNulByte(package));
  TRY(PartsAreConsistent(package));
  TRY(history.get());
  if (unproven != nullptr) *unproven = UnprovenFolders(package);
  return {};
}

Status VerifyHistory(const Package& package, size_t limit_bytes) {
  const auto archive = package.files.find(kHistoryPath);
  if (archive == package.files.end()) return {};
  TRY_ASSIGN(const Coverage migrations, CoverageOfHistory(archive->second, limit_bytes));
  const Coverage& coverage = package.manifest.coverage;
  for (size_t i = 0; i < std::max(migrations.size(), coverage.size()); ++i) {
    if (i >= migrations.size()) return HistoryDiffers(coverage[i].name, "is not in the archive");
    if (i >= coverage.size() || migrations[i].name != coverage[i].name) {
      return HistoryDiffers(migrations[i].name, "is not covered, or not at this place");
    }
    if (migrations[i].checksum != coverage[i].checksum) {
      return HistoryDiffers(coverage[i].name, "has a different checksum");
    }
  }
  return {};
}

std::string RollbackPath(std::string_view version) {
  return fmt::format("{}/{}.sql", kRollbackFolder, version);
}

const Rollback* RollbackTo(const Manifest& manifest, std::string_view version) {
  for (const Rollback& rollback : manifest.rollbacks) {
    if (rollback.version == version && !rollback.path.empty()) return &rollback;
  }
  return nullptr;
}

int CountLines(std::string_view text) {
  const auto ends = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  return ends + (!text.empty() && text.back() != '\n' ? 1 : 0);
}

std::string RenderPrismaConfig(const std::vector<std::string>& url_variables) {
  std::vector<std::string> urls;
  urls.reserve(url_variables.size());
  for (const std::string& variable : url_variables) urls.push_back("process.env." + variable);
  return fmt::format(
      "// Points Prisma (6.12 and later) at the release:\n"
      "//   npx prisma migrate deploy --config prisma.release.config.ts\n"
      "// Prisma loads no .env file when it reads a configuration; set the variables yourself.\n"
      "// Prisma 7 takes the URL from here, Prisma 6 from the schema.\n"
      "import {{ createRequire }} from \"node:module\";\n"
      "\n"
      "// Prisma's own module. In a monorepo it may be installed only where Prisma runs.\n"
      "function prismaConfig() {{\n"
      "  for (const place of [__filename, process.argv[1]]) {{\n"
      "    try {{\n"
      "      return createRequire(place)(\"prisma/config\");\n"
      "    }} catch {{}}\n"
      "  }}\n"
      "  throw new Error(`prisma/config is found neither from ${{__filename}} nor from "
      "${{process.argv[1]}}: install prisma next to one of them`);\n"
      "}}\n"
      "\n"
      "export default prismaConfig().defineConfig({{\n"
      "  schema: \"{}\",\n"
      "  migrations: {{ path: \"{}\" }},\n"
      "  datasource: {{ url: {} }},\n"
      "}});\n",
      kSchemaPath, kMigrationsPath, Join(urls, " || "));
}

std::string RenderMigrationLock() {
  return "# Please do not edit this file: it says what the migrations were written for.\n"
         "# It belongs in version control.\n"
         "provider = \"postgresql\"\n";
}

}  // namespace ballast::release
