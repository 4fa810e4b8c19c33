// SPDX-License-Identifier: Apache-2.0
#include "workspace/project.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "base/nearest_name.h"
#include "base/text.h"
#include "workspace/config_search.h"
#include "workspace/files.h"
#include "workspace/package_location.h"
#include "workspace/package_store.h"
#include "workspace/projects_below.h"
#include "workspace/schema_files.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr char kMigrations[] = "migrations";
constexpr char kMonorepoPackage[] = "internal-packages/database";
constexpr char kPackagedSchema[] = "schema.release.prisma";
constexpr char kPackagedManifest[] = "release-migrations/manifest.json";

fs::path Resolved(const fs::path& base, const fs::path& path) {
  fs::path resolved = (base / path).lexically_normal();
  return resolved.has_filename() ? resolved : resolved.parent_path();
}

bool IsInside(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

// Carries one search from place to place, and keeps what was tried.
class ProjectFinder {
 public:
  ProjectFinder(const fs::path& directory, const Overrides& overrides, const Variables& variables)
      : overrides_(overrides) {
    project_.directory = directory;
    project_.top = RepositoryRoot(directory);
    upward_ = UpwardTo(directory, project_.top);
    search_ = {project_.top, directory, &variables, &tried_};
  }

  Result<Project> Find() {
    TRY(LoadConfig());
    TRY(FindPrisma());
    if (!overrides_.migrations.empty()) {
      project_.migrations = Resolved(project_.directory, overrides_.migrations);
    } else if (project_.config.migrations) {
      project_.migrations = Resolved(project_.config_root, *project_.config.migrations);
      project_.migrations_setting = "`migrations` in ballast.toml";
    } else if (project_.migrations_problem) {
      return *project_.migrations_problem;
    }
    PlacePackage();
    TRY(FallBackToSnapshot());
    const bool found = !project_.schema.empty() || !project_.migrations.empty() ||
                       IsFile(project_.package / kPackagedManifest) || IsFile(project_.package);
    if (!found) return NothingFound();
    if (!project_.schema.empty() && !project_.schema_is_snapshot) {
      project_.identity.schema = project_.schema.lexically_relative(project_.top).generic_string();
    }
    return std::move(project_);
  }

 private:
  Status LoadConfig() {
    project_.config_root = NearestRoot(upward_);
    if (!overrides_.config.empty()) return LoadConfigAt(overrides_.config);
    if (overrides_.schema.empty()) return LoadConfigIn(upward_);
    return LoadConfigOfSchema();
  }

  Status LoadConfigAt(const std::string& named) {
    const fs::path place = Resolved(project_.directory, named);
    TRY_ASSIGN(const std::optional<std::string> text, ReadFileIfExists(place));
    if (!text) {
      return MakeError(ErrorCode::kConfigInvalid,
                       fmt::format("there is no configuration file {}", place.string()),
                       "check the path");
    }
    TRY_ASSIGN(project_.config, ParseConfig(*text, place.string()));
    return {};
  }

  Status LoadConfigIn(const std::vector<fs::path>& folders) {
    TRY_ASSIGN(std::optional<FoundConfig> found, FindConfig(folders));
    if (!found) return {};
    project_.config = std::move(found->config);
    project_.config_root = std::move(found->root);
    return {};
  }

  // With --schema, the project is the schema's, wherever the command was started.
  Status LoadConfigOfSchema() {
    const fs::path started_in = project_.top;
    const fs::path written = Resolved(project_.directory, overrides_.schema);
    std::error_code failed;
    const fs::path real = fs::canonical(written, failed);
    if (failed) return LoadConfigIn(upward_);
    const fs::path around = IsFolder(written) ? written : written.parent_path();
    for (const fs::path& folder :
         {IsFolder(real) ? real : real.parent_path(), fs::canonical(around, failed), around}) {
      const fs::path own = TopOfSchema(folder, started_in);
      const fs::path last = IsInside(folder, started_in) ? started_in : own;
      project_.top = own;
      TRY(LoadConfigIn(UpwardTo(folder, last)));
      if (project_.config.file.empty()) continue;
      if (!IsInside(project_.config_root, own)) project_.top = last;
      return {};
    }
    return {};
  }

  // The top of the repository of a schema, which can be another one than that of the folder where
  // the command was started.
  static fs::path TopOfSchema(const fs::path& folder, const fs::path& started_in) {
    fs::path own = RepositoryRoot(folder);
    if (!IsInside(folder, started_in)) return own;
    const bool is_repository = IsInside(own, started_in) && (Exists(own / ".git") || IsMarked(own));
    return is_repository ? own : started_in;
  }

  Status FindPrisma() {
    search_.top = project_.top;
    if (!overrides_.schema.empty()) {
      search_.schema_is_option = project_.schema_is_option = true;
      TRY(UseSchemaAt(Resolved(project_.directory, overrides_.schema), "--schema"));
      return ApplyNamedBySchema();
    }
    if (!overrides_.project.empty()) return FindNamed(overrides_.project);
    const auto of_package = NamedAround(&ProjectFinder::PackageFoldersOf);
    if (of_package.size() == 1) return UseNamed(of_package.front());
    TRY(FindUpward());
    if (has_prisma_) return ApplyNamedBySchema();
    if (project_.config.schema) {
      return UseSchemaAt(Resolved(project_.config_root, *project_.config.schema),
                         project_.config.file.string());
    }
    if (!project_.config.projects.empty()) return FindNamedByFolder();
    return FindBelow(upward_);
  }

  void UseProject(PrismaProject found) {
    static_cast<PrismaProject&>(project_) = std::move(found);
    has_prisma_ = true;
  }

  Status UseSchemaAt(const fs::path& path, std::string_view named_by) {
    if (!Exists(path)) {
      return MakeError(ErrorCode::kNoProject,
                       fmt::format("Could not load the schema from {} (given by {}): file or "
                                   "directory not found",
                                   path.string(), named_by),
                       "check the path");
    }
    TRY_ASSIGN(PrismaProject found, PrismaProjectOf(SchemaAt(path), project_.directory, search_));
    found.schema_is_named = true;
    UseProject(std::move(found));
    return {};
  }

  // The path of a named schema without links, so that it is the same from everywhere. A link to a
  // file stays if its migrations are next to it, and one that leads out of the repository.
  fs::path SchemaAt(const fs::path& written) const {
    std::error_code failed;
    const fs::path real = fs::canonical(written, failed);
    if (failed) return written;
    if (IsFolder(real)) {
      const bool leaves = IsInside(written, project_.top) && !IsInside(real, project_.top);
      return leaves ? written : SchemaInFolder(real);
    }
    fs::path path = fs::canonical(written.parent_path(), failed) / written.filename();
    const bool has_migrations = Exists(path.parent_path() / kMigrations);
    if (!has_migrations && Exists(real.parent_path() / kMigrations)) path = real;
    const bool leaves = IsInside(written, project_.top) && !IsInside(path, project_.top);
    return leaves ? written : path;
  }

  // A project's folder means its schema if all schema files in it belong to that schema.
  fs::path SchemaInFolder(const fs::path& folder) const {
    if (Exists(folder / kMigrations) || HoldsSchemaFiles(folder)) return folder;
    std::vector<std::string> tried;
    PrismaSearch search = search_;
    search.tried = &tried;
    const auto found = FindPrismaProject(folder, search);
    if (!found.ok() || !*found || !IsSameSchema((*found)->schema, folder)) return folder;
    return (*found)->schema;
  }

  // The project of the folder or of the nearest above it; ballast.toml decides for its own folder
  // and for those below that have none. One of another provider is never passed over for one above
  // it.
  Status FindUpward() {
    for (size_t at = 0; at < upward_.size(); ++at) {
      const fs::path& folder = upward_[at];
      if (project_.config.schema && folder == project_.config_root) break;
      auto found = FindPrismaProject(folder, search_);
      if (!found.ok()) {
        if (DecidedByConfig()) break;
        return found.error();
      }
      if (!*found) continue;
      if ((*found)->IsOtherProvider() && IsDecidedByConfig(folder)) break;
      // Below it, and not its neighbours, which are other projects.
      const bool looks_below = (*found)->IsOtherProvider() && !DecidedByConfig();
      if (looks_below && FindBelow(std::span(upward_).first(at + 1)) && has_prisma_) return {};
      UseProject(std::move(**found));
      return {};
    }
    return {};
  }

  bool DecidedByConfig() const {
    return project_.config.schema || !project_.config.projects.empty();
  }

  // ballast.toml decides for its own folder, and for those of the schemas that it names.
  bool IsDecidedByConfig(const fs::path& folder) const {
    if (folder == project_.config_root && DecidedByConfig()) return true;
    return std::ranges::any_of(project_.config.projects, [&](const NamedProject& named) {
      return SchemaFoldersOf(named).front() == folder;
    });
  }

  // --- [project.NAME] ---

  fs::path SchemaOf(const NamedProject& named) const {
    return SchemaAt(Resolved(project_.config_root, *named.schema));
  }

  // A schema can be given as a file, or as the folder that has its files.
  static bool IsFolderOf(const fs::path& one, const fs::path& other) {
    return one.parent_path() == other || other.parent_path() == one;
  }

  // Those with the schema that was found: exactly, or else with the same files, or else as its
  // folder or file.
  std::vector<NamedProject> NamedBySchema() const {
    std::vector<NamedProject> exact, same, similar;
    for (const NamedProject& named : project_.config.projects) {
      const fs::path schema = SchemaOf(named);
      if (schema == project_.schema) exact.push_back(named);
      if (IsSameSchema(schema, project_.schema)) same.push_back(named);
      if (IsFolderOf(schema, project_.schema)) similar.push_back(named);
    }
    return !exact.empty() ? exact : !same.empty() ? same : similar;
  }

  Status ApplyNamedBySchema() {
    std::vector<NamedProject> named = NamedBySchema();
    if (!overrides_.project.empty()) {
      std::erase_if(named, [&](const auto& one) { return one.name != overrides_.project; });
      if (named.empty()) return NotItsSchema();
    }
    if (named.empty()) {
      TRY(RefuseMissingSchemas());
      return ApplyNamed(std::nullopt);
    }
    if (named.size() > 1) return SeveralNamed(named);
    return ApplyNamed(named.front());
  }

  // --schema and --project are given together.
  Error NotItsSchema() const {
    return MakeError(ErrorCode::kNoProject,
                     fmt::format("--schema {} is not the schema of project \"{}\" in ballast.toml",
                                 overrides_.schema, overrides_.project),
                     "pass only one of --schema and --project", {project_.config.file.string(), 0});
  }

  Error SeveralNamed(const std::vector<NamedProject>& named) const {
    std::vector<std::string> names;
    for (const NamedProject& one : named) names.push_back(one.name);
    return WithOthers(
        MakeError(ErrorCode::kNoProject,
                  fmt::format("there are several possible projects: {}", JoinSome(names)),
                  "choose one with --project NAME", {project_.config.file.string(), 0}));
  }

  // No entry has the schema that was found. An entry whose schema does not exist may be meant for
  // it, and without the entry its settings, such as the variable of the URL, would be lost.
  Status RefuseMissingSchemas() const {
    for (const NamedProject& named : project_.config.projects) {
      if (Exists(SchemaOf(named))) continue;
      return MakeError(
          ErrorCode::kNoProject,
          fmt::format("[project.{}] names {}, which does not exist, and no entry names {}",
                      named.name, *named.schema,
                      project_.schema.lexically_relative(project_.config_root).generic_string()),
          "correct the path, or add an entry for the schema that exists",
          {project_.config.file.string(), 0});
    }
    return {};
  }

  std::vector<std::string> ProjectNames() const {
    std::vector<std::string> names;
    for (const NamedProject& named : project_.config.projects) names.push_back(named.name);
    return names;
  }

  std::string NamesOfProjects() const { return JoinSome(ProjectNames()); }

  Status FindNamed(const std::string& name) {
    for (const NamedProject& named : project_.config.projects) {
      if (named.name == name) return UseNamed(named);
    }
    const bool any = !project_.config.projects.empty();
    return MakeError(ErrorCode::kNoProject,
                     fmt::format("there is no project \"{}\" in ballast.toml{}", name,
                                 DidYouMean(name, ProjectNames())),
                     any ? "it names " + NamesOfProjects()
                         : "add [project." + name + "] with its schema to ballast.toml",
                     {project_.config.file.string(), 0});
  }

  Status UseNamed(const NamedProject& named) {
    TRY(UseSchemaAt(SchemaOf(named), fmt::format("[project.{}] in ballast.toml", named.name)));
    return ApplyNamed(named);
  }

  // Its settings replace those of the whole file.
  Status ApplyNamed(const std::optional<NamedProject>& named) {
    Config& config = project_.config;
    if (!named) {
      // The file's own schema, migrations and variable are those of another project.
      if (config.schema && !IsSameSchema(SchemaAt(Resolved(project_.config_root, *config.schema)),
                                         project_.schema)) {
        config.migrations.reset();
        config.package.reset();
        config.url_variable.clear();
      }
      return {};
    }
    project_.identity.name = named->name;
    config.migrations = named->migrations;
    config.package = named->package;
    config.url_variable = named->url_variable;
    if (!named->platform.empty()) config.platform = named->platform;
    if (!named->setup_script.empty()) config.setup_script = named->setup_script;
    config.ignore.insert(config.ignore.end(), named->ignore.begin(), named->ignore.end());
    config.accepted.insert(config.accepted.end(), named->accepted.begin(), named->accepted.end());
    return {};
  }

  std::vector<fs::path> SchemaFoldersOf(const NamedProject& named) const {
    const fs::path folder = SchemaOf(named).parent_path();
    return {folder.filename() == "prisma" ? folder.parent_path() : folder};
  }

  std::vector<fs::path> PackageFoldersOf(const NamedProject& named) const {
    if (named.package) return {Resolved(project_.config_root, *named.package)};
    std::vector<fs::path> folders;
    for (const char* folder : kPackageFolders) {
      folders.push_back(project_.config_root / folder / named.name);
    }
    return folders;
  }

  // Those that have the nearest of these folders around the directory.
  using FoldersOf = std::vector<fs::path> (ProjectFinder::*)(const NamedProject&) const;
  std::vector<NamedProject> NamedAround(FoldersOf folders_of) const {
    std::vector<NamedProject> around;
    size_t deepest = 0;
    for (const NamedProject& named : project_.config.projects) {
      for (const fs::path& folder : (this->*folders_of)(named)) {
        if (folder == project_.config_root || !IsInside(project_.directory, folder)) continue;
        const size_t depth = folder.native().size();
        if (depth > deepest) around.clear();
        deepest = std::max(deepest, depth);
        if (depth == deepest) around.push_back(named);
      }
    }
    return around;
  }

  // The one whose folder is around the directory, or the only one.
  Status FindNamedByFolder() {
    const std::vector<NamedProject>& all = project_.config.projects;
    const std::vector<NamedProject> around = NamedAround(&ProjectFinder::SchemaFoldersOf);
    if (around.size() == 1) return UseNamed(around.front());
    if (all.size() == 1) return UseNamed(all.front());
    TRY_ASSIGN(const bool named, UseProjectOfPackage());
    if (named) return {};
    return SeveralNamed(around.empty() ? all : around);
  }

  // Where several projects are possible, the package that --package names decides: it records the
  // project that it belongs to. False if that folder has no package, or if this repository does
  // not have its project.
  Result<bool> UseProjectOfPackage() {
    if (overrides_.package.empty()) return false;
    const fs::path folder = Resolved(project_.directory, overrides_.package);
    if (!Exists(folder)) return MissingPackage(folder);
    const Result<release::Package> package = LoadPackage(folder);
    if (!package && package.error().code == ErrorCode::kPackageMissing) return false;
    if (!package) return package.error();
    const release::ProjectIdentity& owner = package->manifest.project;
    for (const NamedProject& named : project_.config.projects) {
      const bool is_owner = named.name == owner.name &&
                            IsSameSchema(SchemaOf(named), Resolved(project_.top, owner.schema));
      if (!is_owner) continue;
      TRY(UseNamed(named));
      return true;
    }
    const fs::path schema = Resolved(project_.top, owner.schema);
    if (owner.schema.empty() || !IsInside(schema, project_.top) || !Exists(schema)) return false;
    TRY(UseSchemaAt(schema, "the manifest of " + package->manifest.version));
    TRY(ApplyNamedBySchema());
    return true;
  }

  // --- without any configuration ---

  Status FindBelow(std::span<const fs::path> folders) {
    for (const fs::path& folder : folders) {
      TRY_ASSIGN(std::optional<PrismaProject> found,
                 FindPrismaProject(folder / kMonorepoPackage, search_));
      if (found && !found->IsOtherProvider()) {
        found->schema_is_named = true;
        UseProject(std::move(*found));
        return {};
      }
    }
    std::optional<ProjectsBelow> others;
    for (const fs::path& folder : folders) {
      ProjectsBelow below = FindProjectsBelow(folder, *search_.variables);
      if (below.migrations.size() > 1) {
        below.migrations = WithoutUnused(std::move(below.migrations), search_);
      }
      const std::vector<fs::path>& found = below.migrations;
      if (found.size() > 1) {
        TRY_ASSIGN(const bool named, UseProjectOfPackage());
        return named ? Status() : SeveralProjects(found, project_.directory, search_);
      }
      if (!below.is_complete) return IncompleteSearch(below, project_.directory, search_);
      if (found.empty()) {
        if (!below.of_others.empty() && !others) others = std::move(below);
        continue;
      }
      TRY_ASSIGN(PrismaProject project, PrismaProjectOfMigrations(found.front(), search_));
      project.schema_is_named = true;
      UseProject(std::move(project));
      return {};
    }
    if (others) others_ = OnlyProjectsOfOthers(*others, project_.directory, search_);
    return {};
  }

  // --- the package ---

  void PlacePackage() {
    const PackageLocation place =
        LocatePackage(project_, [&](const fs::path& folder) { return SchemaFoundFrom(folder); });
    project_.root = place.root;
    project_.package = place.package;
    if (project_.config.package) {
      project_.package = Resolved(project_.config_root, *project_.config.package);
    }
    if (!overrides_.package.empty()) {
      project_.package = Resolved(project_.directory, overrides_.package);
      project_.package_is_named = true;
    }
  }

  // The schema of the project that a command finds if it is started in that folder.
  fs::path SchemaFoundFrom(const fs::path& folder) const {
    Overrides none;
    ProjectFinder finder(folder, none, *search_.variables);
    finder.project_.top = project_.top;
    if (!finder.LoadConfig() || !finder.FindPrisma()) return {};
    return finder.project_.schema.empty() ? finder.project_.migrations : finder.project_.schema;
  }

  // An image that holds nothing but the package. The migrations then are the package's.
  Status FallBackToSnapshot() {
    const fs::path packaged = project_.package / kPackagedSchema;
    if (!project_.schema.empty() || !Exists(packaged)) return {};
    const fs::path migrations = project_.migrations;
    TRY_ASSIGN(PrismaProject found, PrismaProjectOf(packaged, project_.directory, search_));
    found.schema_is_named = true;
    UseProject(std::move(found));
    project_.schema_is_snapshot = true;
    project_.base = project_.directory;
    if (!migrations.empty()) project_.migrations = migrations;
    return {};
  }

  // Relative to the directory, which the error names.
  std::vector<std::string> Shown(const std::vector<std::string>& paths) const {
    std::vector<std::string> shown;
    shown.reserve(paths.size());
    for (const std::string& path : paths) shown.push_back(project_.ShownPath(path));
    return shown;
  }

  Error NothingFound() const {
    if (project_.package_is_named) return MissingPackage(project_.package);
    if (others_) return *others_;
    Error error = MakeError(
        ErrorCode::kNoProject,
        "no Prisma schema and no migrations were found; looked at " + Join(Shown(tried_), ", "),
        "start in the project's folder, or pass --schema PATH", {project_.directory.string(), 0});
    error.details.emplace_back(kFoundDetail, kFoundNothing);
    return error;
  }

  const Overrides& overrides_;
  Project project_;
  bool has_prisma_ = false;
  std::optional<Error> others_;   // OnlyProjectsOfOthers, if nothing else is found
  std::vector<fs::path> upward_;  // the directory first, the top of the checkout last
  mutable std::vector<std::string> tried_;
  PrismaSearch search_;
};

}  // namespace

std::string Project::PlaceInRepository() const {
  return (directory.lexically_relative(top) / "").generic_string();
}

std::string Project::ShownPath(const fs::path& path) const {
  return path.lexically_proximate(directory).string();
}

EnvironmentPlaces Project::DotenvPlaces() const {
  EnvironmentPlaces places;
  const fs::path own = base.empty() ? directory : base;
  // As Prisma with --schema, which reads the .env of the folder where it is started.
  const bool as_option = schema_is_option && !prisma_config().Exists();
  places.directory = as_option ? directory : own;
  places.shown_from = directory;
  places.named_schema = schema_is_named ? schema : fs::path();
  places.reads_dotenv = !prisma_config().Exists() && EffectiveVersion() < kPrisma7;
  places.config = prisma_config();
  const bool above = own != directory && IsInside(own, directory);
  if (as_option && own != directory) {
    places.other_folder = own;
  } else if (above) {
    places.other_folder = directory;
  }
  return places;
}

std::vector<std::string> Project::UrlVariables() const {
  if (!config.url_variable.empty()) return {config.url_variable};
  std::vector<std::string> variables;
  for (const char* key : {"datasource.directUrl", "datasource.url"}) {
    // Without any variable the value is undefined, and names all that were asked for.
    const ConfigValue value = prisma_config().Read(key, {});
    if (value.state != ConfigValue::State::kUndefined) continue;
    variables.insert(variables.end(), value.variables.begin(), value.variables.end());
  }
  if (variables.empty()) {
    for (const UrlSource* source : {&datasource.direct_url, &datasource.url}) {
      if (!source->variable.empty()) variables.push_back(source->variable);
    }
  }
  if (variables.empty()) variables = {"DATABASE_URL"};
  if (variables == std::vector<std::string>{"DATABASE_URL"})
    variables = {"DIRECT_URL", "DATABASE_URL"};
  return variables;
}

UrlChoice Project::UrlChoiceWith(std::string option) const {
  return {std::move(option), config.url_variable, datasource, datasource_problem, prisma_config()};
}

Error MissingPackage(const fs::path& package) {
  const std::string path = package.string();
  return MakeError(ErrorCode::kPackageMissing, "there is no package at " + path,
                   "correct --package, or omit it", {path, 0});
}

Result<Project> FindProject(const fs::path& directory, const Overrides& overrides,
                            const Variables& variables) {
  std::error_code failed;
  const fs::path absolute = fs::canonical(directory, failed);
  if (failed) {
    return MakeError(ErrorCode::kNoProject,
                     fmt::format("there is no folder {}", directory.string()), "check the path");
  }
  return ProjectFinder(absolute, overrides, variables).Find();
}

bool FoundNothing(const Error& error) {
  return error.Detail(kFoundDetail) == kFoundNothing;
}

}  // namespace ballast::workspace
