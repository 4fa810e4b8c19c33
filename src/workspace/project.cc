// SPDX-License-Identifier: Apache-2.0
#include "workspace/project.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "workspace/files.h"
#include "workspace/node_package.h"
#include "workspace/schema_places.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr char kConfigName[] = "ballast.toml";
constexpr char kRailway[] = ".railway";
constexpr char kOwn[] = ".ballast";
constexpr const char* kRootMarks[] = {kConfigName, kRailway, kOwn, "railway.json", "railway.toml"};
constexpr const char* kPrismaConfigNames[] = {"js", "ts", "mjs", "cjs", "mts", "cts"};
constexpr char kPackagedSchema[] = "schema.release.prisma";
constexpr char kPackagedManifest[] = "release-migrations/manifest.json";

fs::path Resolved(const fs::path& base, const fs::path& path) {
  return (base / path).lexically_normal();
}

bool Exists(const fs::path& path) {
  std::error_code failed;
  return fs::exists(path, failed);
}

// The folders from `directory` up to the top of its checkout.
std::vector<fs::path> FoldersUpward(const fs::path& directory) {
  const std::optional<fs::path> top = TopOfCheckout(directory);
  std::vector<fs::path> folders = {directory};
  while (top && folders.back() != *top) folders.push_back(folders.back().parent_path());
  return folders;
}

// Carries one search from place to place, and keeps what was tried.
class ProjectFinder {
 public:
  ProjectFinder(const fs::path& directory, const Overrides& overrides) : overrides_(overrides) {
    project_.directory = directory;
    upward_ = FoldersUpward(directory);
  }

  Result<Project> Find() {
    FindRoot();
    TRY(LoadConfig());
    FindPackage();
    TRY(LoadPrismaConfig());
    TRY(FindSchema());
    TRY(FindMigrations());
    const bool found = !project_.schema.empty() || !project_.migrations.empty() ||
                       IsFile(project_.package / kPackagedManifest) || IsFile(project_.package);
    if (!found) return NothingFound();
    return std::move(project_);
  }

 private:
  void FindRoot() {
    project_.root = project_.directory;
    for (const fs::path& folder : upward_) {
      const bool marked = std::any_of(std::begin(kRootMarks), std::end(kRootMarks),
                                      [&](const char* mark) { return Exists(folder / mark); });
      if (!marked) continue;
      project_.root = folder;
      return;
    }
  }

  Status LoadConfig() {
    std::vector<fs::path> places = {project_.root / kConfigName,
                                    project_.root / kRailway / kConfigName,
                                    project_.root / kOwn / kConfigName};
    if (!overrides_.config.empty()) places = {Resolved(project_.directory, overrides_.config)};
    for (const fs::path& place : places) {
      TRY_ASSIGN(const std::optional<std::string> text, ReadFileIfThere(place));
      if (!text) continue;
      TRY_ASSIGN(project_.config, ParseConfig(*text, place.string()));
      return {};
    }
    if (overrides_.config.empty()) return {};
    return MakeError(ErrorCode::kConfigInvalid,
                     fmt::format("there is no configuration file {}", places.front().string()),
                     "check the path");
  }

  void FindPackage() {
    const bool railway = Exists(project_.root / kRailway) ||
                         Exists(project_.root / "railway.json") ||
                         Exists(project_.root / "railway.toml");
    project_.package = project_.root / (railway ? kRailway : kOwn);
    if (project_.config.package) {
      project_.package = Resolved(project_.root, *project_.config.package);
    }
    if (!overrides_.package.empty()) {
      project_.package = Resolved(project_.directory, overrides_.package);
    }
  }

  Status LoadPrismaConfig() {
    for (const char* folder : {"prisma.config.", ".config/prisma."}) {
      for (const char* suffix : kPrismaConfigNames) {
        const fs::path file = project_.directory / (folder + std::string(suffix));
        TRY_ASSIGN(const std::optional<std::string> text, ReadFileIfThere(file));
        if (!text) continue;
        project_.prisma_config = ReadPrismaConfig(*text, file.string());
        const auto& notices = project_.prisma_config.notices;
        project_.notices.insert(project_.notices.end(), notices.begin(), notices.end());
        return {};
      }
    }
    return {};
  }

  // A place that someone named must be there.
  Status TakeNamedSchema(const fs::path& path, std::string_view said_by, bool is_named) {
    if (!Exists(path)) {
      return MakeError(ErrorCode::kNoProject,
                       fmt::format("Could not load the schema from {} (said by {}): file or "
                                   "directory not found",
                                   path.string(), said_by),
                       "check the path");
    }
    return TakeSchema(path, is_named);
  }

  Status TakeSchema(const fs::path& path, bool is_named) {
    project_.schema = path;
    project_.schema_is_folder = IsFolder(path);
    project_.schema_is_named = is_named;
    TRY_ASSIGN(project_.schema_files, LoadSchema(path, project_.directory));
    Result<DatasourceHint> datasource = ReadDatasource(project_.schema_files);
    if (datasource.ok()) {
      project_.datasource = *std::move(datasource);
    } else {
      project_.datasource_problem = std::move(datasource).error();
    }
    return {};
  }

  Status FindSchema() {
    if (!overrides_.schema.empty()) {
      return TakeNamedSchema(Resolved(project_.directory, overrides_.schema), "--schema", true);
    }
    if (project_.config.schema) {
      return TakeNamedSchema(Resolved(project_.root, *project_.config.schema),
                             project_.config.file.string(), true);
    }
    if (project_.prisma_config.schema) {
      const fs::path file = project_.prisma_config.file;
      return TakeNamedSchema(Resolved(file.parent_path(), *project_.prisma_config.schema),
                             file.string(), false);
    }
    const std::optional<NodePackage> package = FindNodePackage(project_.directory);
    if (package && package->prisma_schema) {
      return TakeNamedSchema(Resolved(package->file.parent_path(), *package->prisma_schema),
                             package->file.string(), false);
    }
    return FindSchemaAtUsualPlaces();
  }

  Status FindSchemaAtUsualPlaces() {
    for (const fs::path& base : SearchedFolders()) {
      if (const auto place = FindSchemaBelow(base, &tried_)) {
        const bool found_by_prisma = place->is_prisma_default && base == project_.directory;
        return TakeSchema(place->path, !found_by_prisma);
      }
    }
    TRY(FindSchemaByMigrations());
    const fs::path packaged = project_.package / kPackagedSchema;
    if (!project_.schema.empty() || !Exists(packaged)) return {};
    return TakeSchema(packaged, true);  // an image that holds nothing but the package
  }

  Status FindSchemaByMigrations() {
    std::vector<fs::path> found;
    for (const fs::path& base : SearchedFolders()) {
      found = FindMigrationsBelow(base);
      if (!found.empty()) break;
    }
    if (found.empty()) return {};
    if (found.size() > 1) return SeveralFound(found);
    project_.migrations = found.front();
    const std::optional<fs::path> schema = SchemaBeside(found.front());
    return schema ? TakeSchema(*schema, true) : Status();
  }

  std::vector<fs::path> SearchedFolders() const {
    std::vector<fs::path> folders = {project_.directory};
    for (const fs::path& folder : {project_.root, upward_.back()}) {
      if (folder != folders.back()) folders.push_back(folder);
    }
    return folders;
  }

  Status FindMigrations() {
    if (!overrides_.migrations.empty()) {
      project_.migrations = Resolved(project_.directory, overrides_.migrations);
    } else if (project_.config.migrations) {
      project_.migrations = Resolved(project_.root, *project_.config.migrations);
    } else if (project_.prisma_config.migrations_path) {
      project_.migrations = Resolved(fs::path(project_.prisma_config.file).parent_path(),
                                     *project_.prisma_config.migrations_path);
    } else if (project_.migrations.empty() && !project_.schema.empty()) {
      project_.migrations = MigrationsBesideSchema();
    }
    return {};
  }

  // Prisma 6: beside the file with the datasource. Prisma 7: beside the schema, or in its folder.
  fs::path MigrationsBesideSchema() const {
    fs::path whole = (project_.schema_is_folder ? project_.schema : project_.schema.parent_path()) /
                     "migrations";
    if (project_.datasource.file.empty()) return whole;
    const fs::path file = Resolved(project_.directory, project_.datasource.file);
    fs::path beside = file.parent_path() / "migrations";
    return !Exists(beside) && Exists(whole) ? whole : beside;
  }

  static Error SeveralFound(const std::vector<fs::path>& found) {
    std::vector<std::string> names;
    names.reserve(found.size());
    for (const fs::path& folder : found) names.push_back(folder.string());
    return MakeError(ErrorCode::kNoProject,
                     "several migrations folders could be meant: " + JoinSome(names),
                     "say which with --schema PATH, or with `schema` in ballast.toml");
  }

  Error NothingFound() const {
    return MakeError(ErrorCode::kNoProject,
                     fmt::format("no Prisma schema and no migrations were found; looked at {}",
                                 Join(tried_, ", ")),
                     "start in the project's folder, or say --schema PATH",
                     {project_.directory.string(), 0});
  }

  const Overrides& overrides_;
  Project project_;
  std::vector<fs::path> upward_;  // the directory first, the top of the checkout last
  std::vector<std::string> tried_;
};

}  // namespace

EnvironmentPlaces Project::DotenvPlaces() const {
  return {directory, schema_is_named ? schema : fs::path(), !prisma_config.file.empty(),
          prisma_config.loads_dotenv};
}

UrlChoice Project::UrlChoiceWith(std::string option) const {
  return {std::move(option), datasource, datasource_problem, prisma_config.url,
          prisma_config.direct_url};
}

Result<Project> FindProject(const fs::path& directory, const Overrides& overrides) {
  std::error_code failed;
  const fs::path absolute = fs::canonical(directory, failed);
  if (failed) {
    return MakeError(ErrorCode::kNoProject,
                     fmt::format("there is no folder {}", directory.string()), "check the path");
  }
  return ProjectFinder(absolute, overrides).Find();
}

}  // namespace ballast::workspace
