// SPDX-License-Identifier: Apache-2.0
#include "workspace/prisma_project.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/shell_word.h"
#include "base/text.h"
#include "prisma/parse.h"
#include "workspace/environment.h"
#include "workspace/files.h"
#include "workspace/migrations_folder.h"
#include "workspace/node_package.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;
using State = ConfigValue::State;

constexpr const char* kConfigSuffixes[] = {".js", ".ts", ".mjs", ".cjs", ".mts", ".cts"};
// Prisma's loader (the package c12) also finds these, and Prisma then refuses them.
constexpr const char* kRefusedSuffixes[] = {".json", ".jsonc", ".json5", ".yaml", ".yml", ".toml"};

// Without a slash at the end.
fs::path Normal(const fs::path& path) {
  fs::path normal = path.lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

// A folder outside of `top` has none above it.
std::vector<fs::path> Upward(const fs::path& folder, const fs::path& top) {
  std::vector<fs::path> folders = {folder};
  const fs::path relative = folder.lexically_relative(top);
  if (relative.empty() || *relative.begin() == "..") return folders;
  while (folders.back() != top && folders.back().has_relative_path()) {
    folders.push_back(folders.back().parent_path());
  }
  return folders;
}

// Whether other schema files are around a schema file: in its folder, or one level below.
bool HasFilesAround(const fs::path& schema) {
  const auto entries = ListFolder(schema.parent_path());
  if (!entries.ok()) return false;
  return std::any_of(entries->begin(), entries->end(), [&](const FolderEntry& entry) {
    if (entry.kind == EntryKind::kFolder)
      return HoldsSchemaFiles(schema.parent_path() / entry.name);
    return entry.name.ends_with(kSchemaSuffix) && entry.name != schema.filename();
  });
}

// Before 6.7 Prisma reads a schema folder only with this preview feature.
bool AsksForSchemaFolders(const fs::path& folder) {
  const auto files = LoadSchema(folder, folder);
  if (!files.ok()) return false;
  std::vector<prisma::SchemaFile> schema;
  for (const SchemaFile& file : *files) schema.push_back({file.path, file.text});
  return prisma::Parse(schema).datamodel.HasPreviewFeature("prismaSchemaFolder");
}

bool IsRefused(const fs::path& config) {
  return std::find(std::begin(kRefusedSuffixes), std::end(kRefusedSuffixes), config.extension()) !=
         std::end(kRefusedSuffixes);
}

// Prisma reads paths of a configuration from where the file is, not from where a link to it is.
fs::path Followed(const fs::path& file) {
  std::error_code failed;
  if (!fs::is_symlink(file, failed)) return file;
  const fs::path target = fs::canonical(file, failed);
  return failed ? file : target;
}

// The files that can be a project's configuration, the one that Prisma prefers first
// (@prisma/config loadConfigFromFile.ts; c12 src/loader.ts).
std::vector<std::string> ConfigNames(const std::optional<PrismaVersion>& version) {
  if (version && *version < kConfigLoader) return {"prisma.config.ts"};
  std::vector<std::string> names;
  const auto add = [&](const std::string& base, auto& suffixes) {
    for (const char* suffix : suffixes) names.push_back(base + suffix);
  };
  if (!version || *version >= kPrisma7Config) {
    for (const char* base : {"prisma7.config", ".config/prisma7"}) add(base, kConfigSuffixes);
  }
  for (const std::string base : {"prisma.config", ".config/prisma", ".config/prisma.config"}) {
    for (const char* place : {"", "/index"}) {
      add(base + place, kConfigSuffixes);
      add(base + place, kRefusedSuffixes);
    }
  }
  return names;
}

// Looks at one folder as Prisma would, and keeps what it found.
class PrismaFolder {
 public:
  PrismaFolder(const fs::path& folder, const PrismaSearch& search) : search_(search) {
    project_.base = folder;
  }

  Result<std::optional<PrismaProject>> Find() {
    TRY(LoadConfig());
    return FindWithConfig();
  }

  // The same after LoadConfig.
  Result<std::optional<PrismaProject>> FindWithConfig() {
    TRY_ASSIGN(const bool found, FindSchema());
    if (!found) return std::optional<PrismaProject>();
    TRY(FindMigrations());
    return std::optional(Finished());
  }

  // The project of a schema that was named.
  Result<PrismaProject> WithSchema(const fs::path& schema) {
    TRY(UseSchema(schema, true));
    TRY(FindMigrations());
    return Finished();
  }

  Status LoadConfig() {
    const std::optional<PrismaVersion> version = Version();
    if (version && *version < kConfigFile) return {};
    for (const std::string& name : ConfigNames(version)) {
      const fs::path file = project_.base / name;
      TRY_ASSIGN(const std::optional<std::string> text, ReadFileIfExists(file));
      if (!text) continue;
      if (IsRefused(file)) return RefusedConfig(file);
      project_.config = PrismaConfig(*text, Followed(file), project_.base);
      return {};
    }
    return {};
  }

  const PrismaConfig& config() const { return project_.config; }

  Status UseSchema(const fs::path& path, bool is_named) {
    project_.schema = path;
    project_.schema_is_folder = IsFolder(path);
    project_.schema_is_named = is_named;
    TRY_ASSIGN(project_.schema_files, LoadSchema(path, search_.shown_from));
    Result<DatasourceHint> datasource = ReadDatasource(project_.schema_files);
    project_.datasource_problem.reset();
    if (datasource.ok()) {
      project_.datasource = *std::move(datasource);
    } else {
      project_.datasource_problem = std::move(datasource).error();
    }
    return {};
  }

  Status FindMigrations() {
    const ConfigValue path =
        project_.config.Read("migrations.path", ConfigVariables(), &uncertain_);
    project_.migrations_problem.reset();
    project_.migrations_setting.clear();
    if (path.state == State::kNotUnderstood) {
      project_.migrations_problem = NotUnderstood("migrations.path", path);
    }
    if (path.state == State::kText && !path.text.empty()) {
      project_.migrations = *project_.config.ReadPath("migrations.path", ConfigVariables());
      project_.migrations_setting =
          "migrations.path in " + project_.config.file().filename().string();
    } else {
      ChooseMigrations();
    }
    return {};
  }

  // The project as found so far, with its version of Prisma.
  PrismaProject Finished() {
    project_.version = Version();
    project_.config.SetVersion(VersionOfConfig());
    return std::move(project_);
  }

  std::optional<PrismaVersion> Version() {
    if (!looked_for_version_) {
      project_.version = FindPrismaVersion(project_.base, search_.top);
      looked_for_version_ = true;
    }
    return project_.version;
  }

 private:
  Result<bool> FindSchema() {
    const char* const key = KeyOfSchema();
    const ConfigValue value = project_.config.Read(key, ConfigVariables(), &uncertain_);
    if (value.state == State::kNotUnderstood || value.state == State::kUndefined) {
      return NotUnderstood("schema", value);
    }
    // Prisma takes an empty path for none (@prisma/config loadConfigFromFile.ts).
    if (value.state == State::kText && !value.text.empty()) {
      const fs::path path = *project_.config.ReadPath(key, ConfigVariables());
      TRY(UseNamed(path, project_.config.file()));
      return true;
    }
    TRY(CheckNodePackage(project_.base, IsBefore7()));
    const std::optional<NodePackage> package = FindNodePackage(project_.base);
    if (package && package->prisma_schema && IsBefore7()) {
      project_.base = package->file.parent_path();
      TRY(UseNamed(Normal(project_.base / *package->prisma_schema), package->file));
      return true;
    }
    return FindSchemaAtUsualPlaces();
  }

  // Prisma 6.4 and 6.5 have { kind: "single", filePath } or { kind: "multi", folderPath }.
  const char* KeyOfSchema() {
    for (const char* key : {"schema.filePath", "schema.folderPath"}) {
      if (project_.config.Read(key, ConfigVariables()).state == State::kText) return key;
    }
    return "schema";
  }

  // A configuration with `engine` was written for Prisma 6, unless the project says otherwise.
  PrismaVersion VersionOfConfig() const {
    const State engine = project_.config.Read("engine", *search_.variables).state;
    const bool has_engine = engine == State::kText || engine == State::kUndefined;
    return project_.version || !has_engine ? project_.EffectiveVersion() : kNewestWithUrl;
  }

  bool IsBefore7() {
    const auto version = Version();
    return !version || *version < kPrisma7;
  }

  bool ReadsSchemaFolders() {
    const auto version = Version();
    return version && *version >= kSchemaFolders && *version < kMigrationsInside;
  }

  static Error RefusedConfig(const fs::path& file) {
    return MakeError(
        ErrorCode::kConfigInvalid,
        fmt::format("Unsupported Prisma config file extension: {}", file.extension().string()),
        "write the configuration as prisma.config.ts, because Prisma refuses this "
        "file too, or remove it",
        {file.string(), 0});
  }

  // A place that a file of the project names must exist.
  Status UseNamed(const fs::path& path, const fs::path& named_by) {
    search_.tried->push_back(path.string());
    if (Exists(path)) return UseSchema(path, false);
    return MakeError(ErrorCode::kNoProject,
                     fmt::format("{} names the schema {}, which does not exist", named_by.string(),
                                 path.string()),
                     "correct the path, or name the schema with --schema PATH",
                     {named_by.string(), 0});
  }

  Result<bool> FindSchemaAtUsualPlaces() {
    const fs::path folder = project_.base / "prisma" / "schema";
    for (const char* place : {"schema.prisma", "prisma/schema.prisma"}) {
      const fs::path path = project_.base / place;
      search_.tried->push_back(path.string());
      if (!IsFile(path)) continue;
      if (place[0] == 'p' && HoldsSchemaFiles(folder) && ReadsSchemaFolders() &&
          AsksForSchemaFolders(folder)) {
        return MakeError(
            ErrorCode::kNoProject,
            fmt::format("both {} and {} exist, and Prisma before 6.6 refuses to choose",
                        path.string(), folder.string()),
            "remove one of them, or choose with --schema PATH", {path.string(), 0});
      }
      TRY(UseSchema(path, false));
      TRY(PreferFolderWithModels(path));
      return true;
    }
    search_.tried->push_back(folder.string());
    if (HoldsSchemaFiles(folder)) {
      TRY(UseSchema(folder, !ReadsSchemaFolders()));
      return true;
    }
    return FindSchemaInPrismaFolder();
  }

  // A file that holds the datasource and no model, among files with models: the folder is the
  // schema, as for people who start Prisma with `--schema FOLDER`. Prisma without that option
  // reads the one file, so the choice is stated.
  Status PreferFolderWithModels(const fs::path& path) {
    if (!HasFilesAround(path) || !ModelNames(project_.schema_files).empty()) return {};
    const fs::path folder = path.parent_path();
    PrismaFolder look(project_.base, search_);
    if (!look.UseSchema(folder, true) || look.project_.datasource_problem ||
        ModelNames(look.project_.schema_files).empty()) {
      return {};
    }
    project_.notices.push_back(fmt::format(
        "{} declares no model, so all .prisma files of its folder are read; Prisma does that only "
        "with `--schema {}` or with `schema` in its configuration",
        path.lexically_relative(search_.shown_from).string(),
        folder.lexically_relative(search_.shown_from).string()));
    return UseSchema(folder, true);
  }

  // `prisma` itself is a schema of several files if exactly one of them has a datasource.
  Result<bool> FindSchemaInPrismaFolder() {
    const fs::path folder = project_.base / "prisma";
    search_.tried->push_back(folder.string());
    if (!HoldsSchemaFiles(folder)) return false;
    PrismaFolder look(project_.base, search_);
    if (!look.UseSchema(folder, true)) return false;
    if (look.project_.datasource_problem) {
      TRY(RefuseSeveralSchemas(folder, search_.shown_from));
      if (!look.project_.IsOtherProvider()) return false;
    }
    TRY(UseSchema(folder, true));
    return true;
  }

  // Prisma 5.15 to 6.5: next to the schema's folder. 6.6 and later: next to the file with the
  // datasource. 7: in the schema's folder. Where that does not exist, the one that does.
  void ChooseMigrations() {
    const fs::path around = project_.schema.parent_path() / "migrations";
    if (!project_.schema_is_folder) {
      project_.migrations = around;
      return;
    }
    const fs::path inside = project_.schema / "migrations";
    fs::path with_datasource = inside;
    if (!project_.datasource.file.empty()) {
      const fs::path file = search_.shown_from / project_.datasource.file;
      with_datasource = file.lexically_normal().parent_path() / "migrations";
    }
    std::vector<fs::path> places = {with_datasource, inside, around};
    if (const auto version = Version(); version && *version < kMigrationsInside) {
      places = {around, with_datasource, inside};
    } else if (version && *version >= kPrisma7) {
      places = {inside, with_datasource, around};
    }
    const auto found = std::find_if(places.begin(), places.end(), Exists);
    project_.migrations = found == places.end() ? places.front() : *found;
    if (project_.migrations == places.front() || !Version()) return;
    project_.notices.push_back(fmt::format(
        "Prisma {}.{} itself would look for migrations in {}, which does not exist; {} is used",
        Version()->major, Version()->minor, places.front().string(), project_.migrations.string()));
  }

  Error NotUnderstood(std::string_view key, const ConfigValue& value) const {
    const std::string file = project_.config.file().string();
    if (value.state == State::kUndefined) {
      return MakeError(
          ErrorCode::kConfigInvalid,
          fmt::format("{} is undefined; it needs {}", key,
                      value.variables.empty() ? "another value" : Join(value.variables, ", ")),
          "set the variable, or name the schema with --schema PATH", {file, value.line});
    }
    int line = value.line;
    std::string reason = project_.config.WithoutExport(&line);
    if (reason.empty()) {
      reason = "without running the file";
      if (value.what != key) {
        reason += ", which computes " + (value.what.empty() ? "its default export" : value.what);
      }
      reason += project_.config.ShownLine(line);
    }
    // If nothing of the file is known, its other keys are not, either.
    const std::string hint =
        value.what.empty()
            ? "name them in ballast.toml: schema = \"PATH\", migrations = \"PATH\" and "
              "url_variable = \"VARIABLE\""
            : fmt::format("name the {0} in ballast.toml (`{0}`){1}",
                          key == "schema" ? "schema" : "migrations",
                          key == "schema" ? ", or with --schema PATH" : "");
    return MakeError(
        ErrorCode::kConfigInvalid,
        fmt::format("{} cannot be determined {}",
                    value.what.empty() ? "schema, migrations.path and the database URL" : key,
                    reason),
        hint, {file, line});
  }

  // The variables that the configuration sees. Its .env files are read only if it needs them.
  const Variables& ConfigVariables() {
    if (has_variables_) return variables_;
    has_variables_ = true;
    variables_ = *search_.variables;
    if (!project_.config.Exists() || project_.config.step_count() == 0) return variables_;
    const auto decided = [&](std::string_view key) {
      const ConfigValue value = project_.config.Read(key, variables_);
      return value.state == State::kAbsent ||
             (value.state == State::kText && value.variables.empty());
    };
    if (decided("schema") && decided("migrations.path")) return variables_;
    EnvironmentPlaces places;
    places.directory = project_.base;
    places.reads_dotenv = false;
    places.config = project_.config;
    auto environment = LoadEnvironment(places, *search_.variables);
    if (!environment.ok()) return variables_;
    variables_ = std::move(environment->values);
    uncertain_ = std::move(environment->uncertain);
    return variables_;
  }

  const PrismaSearch& search_;
  PrismaProject project_;
  bool looked_for_version_ = false;
  Variables variables_;
  Variables uncertain_;  // see Environment
  bool has_variables_ = false;
};

// The folder of a project that has no configuration of Prisma's: that of its package.json, else
// `otherwise`.
fs::path BaseOf(const fs::path& folder, const fs::path& top, const fs::path& otherwise) {
  for (const fs::path& at : Upward(folder, top)) {
    if (IsFile(at / "package.json")) return at;
  }
  return otherwise;
}

fs::path AroundPrisma(const fs::path& folder) {
  return folder.filename() == "prisma" ? folder.parent_path() : folder;
}

// Whether only running the configuration would give its schema.
bool ComputesSchema(const PrismaConfig& config, const Variables& variables) {
  const State state = config.Read("schema", variables).state;
  return state == State::kNotUnderstood || state == State::kUndefined;
}

// Whether a configuration can be that of a schema that it does not name.
bool MayBelong(const PrismaConfig& config, const Variables& variables) {
  const ConfigValue schema = config.Read("schema", variables);
  return config.Exists() && (schema.state != State::kText || schema.text.empty());
}

}  // namespace

PrismaVersion PrismaProject::EffectiveVersion() const {
  if (version) return *version;
  return datasource.url.IsSet() || datasource.direct_url.IsSet() ? kNewestWithUrl : kNewestPrisma;
}

bool PrismaProject::IsOtherProvider() const {
  return datasource_problem && datasource_problem->code == ErrorCode::kNotPostgres;
}

namespace {

// Prisma is started where its configuration is, which can be above the folder in which a schema is
// found by default: the project of the nearest configuration that names this schema, or the folder
// that contains it.
std::optional<PrismaProject> ConfiguredAbove(const PrismaProject& found,
                                             const PrismaSearch& search) {
  for (const fs::path& place : Upward(found.base, search.top)) {
    PrismaFolder look(place, search);
    if (!look.LoadConfig() || !look.config().Exists()) continue;
    auto project = look.FindWithConfig();
    if (!project.ok() || !*project) continue;
    const bool around =
        (*project)->schema_is_folder && found.schema.parent_path() == (*project)->schema;
    if ((*project)->schema == found.schema || around) return std::move(*project);
  }
  return std::nullopt;
}

// Whether a schema is the project's: the same files, or the folder of its file, or a file of its
// folder.
bool IsSchemaOf(const PrismaProject& project, const fs::path& schema) {
  return IsSameSchema(project.schema, schema) || project.schema.parent_path() == schema ||
         schema.parent_path() == project.schema;
}

// The project, with the schema as it was named if that has other files.
Result<PrismaProject> WithNamedSchema(PrismaProject project, const fs::path& schema,
                                      const PrismaSearch& search) {
  if (IsSameSchema(project.schema, schema)) return project;
  PrismaFolder look(project.base, search);
  TRY(look.LoadConfig());
  return look.WithSchema(schema);
}

}  // namespace

Error PrismaProject::NoMigrations() const {
  const std::string about = schema.empty() ? "" : " (schema " + schema.string() + ")";
  if (!migrations_setting.empty() && !Exists(migrations)) {
    return MakeError(
        ErrorCode::kNoProject,
        fmt::format("there is no migrations folder {}, which {} names{}", migrations.string(),
                    migrations_setting, about),
        fmt::format("correct {}, or copy the folder into the image", migrations_setting),
        {migrations.string(), 0});
  }
  return MakeError(ErrorCode::kNoProject,
                   fmt::format("{}{}{}{}",
                               IsFolder(migrations) ? "there are no migrations in"
                                                    : "there is no migrations folder",
                               migrations.empty() ? "" : " ", migrations.string(), about),
                   "create the first migration with prisma migrate dev, copy the folder into the "
                   "image, or name it as `migrations` in ballast.toml; for a database that prisma "
                   "db push made: ballast baseline create, then ballast deploy --adopt",
                   {migrations.string(), 0});
}

Status PrismaProject::CheckProvider() const {
  if (IsOtherProvider()) return *datasource_problem;
  return CheckMigrationLock(migrations);
}

Result<std::optional<PrismaProject>> FindPrismaProject(const fs::path& folder,
                                                       const PrismaSearch& search) {
  // `prisma/schema.prisma` is a default place of the folder around `prisma`.
  if (folder.filename() == "prisma" && folder != search.top && !IsFile(folder / "package.json")) {
    TRY_ASSIGN(std::optional<PrismaProject> around,
               FindPrismaProject(folder.parent_path(), search));
    if (around && around->schema == folder / "schema.prisma") return around;
  }
  PrismaFolder look(folder, search);
  TRY_ASSIGN(std::optional<PrismaProject> found, look.Find());
  if (found && !found->config.Exists()) {
    if (auto configured = ConfiguredAbove(*found, search)) return configured;
  }
  return found;
}

Result<PrismaProject> PrismaProjectOf(const fs::path& schema, const fs::path& started_in,
                                      const PrismaSearch& search) {
  const fs::path folder = IsFolder(schema) ? schema : schema.parent_path();
  std::vector<fs::path> places = Upward(folder, search.top);
  places.push_back(started_in);
  std::optional<PrismaProject> by_default;
  for (const fs::path& place : places) {
    auto found = FindPrismaProject(place, search);
    if (!found.ok() || !*found || !IsSchemaOf(**found, schema)) continue;
    TRY_ASSIGN(PrismaProject project, WithNamedSchema(std::move(**found), schema, search));
    if (project.config.Exists()) return project;
    if (!by_default) by_default = std::move(project);
  }
  // As Prisma with --schema: the configuration of the current folder holds, but for its schema.
  if (search.schema_is_option) {
    PrismaFolder look(started_in, search);
    TRY(look.LoadConfig());
    if (look.config().Exists()) return look.WithSchema(schema);
  }
  if (by_default && IsFile(by_default->base / "package.json")) return *std::move(by_default);
  // A configuration that computes its schema specifies the rest of a project in its folder.
  for (const fs::path& place : Upward(folder, search.top)) {
    PrismaFolder look(place, search);
    TRY(look.LoadConfig());
    if (ComputesSchema(look.config(), *search.variables)) return look.WithSchema(schema);
  }
  if (by_default) return *std::move(by_default);
  // Without a package.json Prisma is started where the command is, with --schema.
  const auto is_outside = [](const fs::path& path, const fs::path& of) {
    return path.lexically_relative(of).native().starts_with("..");
  };
  const bool outside = is_outside(schema, started_in) || is_outside(started_in, search.top);
  const fs::path base = BaseOf(folder, search.top, outside ? AroundPrisma(folder) : started_in);
  for (const fs::path& place : {base, started_in}) {
    PrismaFolder look(place, search);
    TRY(look.LoadConfig());
    if (!MayBelong(look.config(), *search.variables)) continue;
    return look.WithSchema(schema);
  }
  return PrismaFolder(base, search).WithSchema(schema);
}

Result<PrismaProject> PrismaProjectOfMigrations(const fs::path& migrations,
                                                const PrismaSearch& search) {
  const fs::path around = migrations.parent_path();
  std::optional<PrismaProject> next_to;
  for (const fs::path& place : Upward(around, search.top)) {
    auto found = FindPrismaProject(place, search);
    if (!found.ok() || !*found) continue;
    if ((*found)->migrations == migrations) return std::move(**found);
    const fs::path& schema = (*found)->schema;
    const bool is_next_to = schema == around || schema.parent_path() == around;
    if (is_next_to && !next_to) next_to = std::move(**found);
  }
  if (next_to) return *std::move(next_to);
  PrismaFolder look(BaseOf(around, search.top, AroundPrisma(around)), search);
  for (const fs::path& schema : {around / "schema.prisma", around, around / "schema"}) {
    if (IsFolder(schema) ? !HoldsSchemaFiles(schema) : !IsFile(schema)) continue;
    TRY(look.UseSchema(schema, true));
    if (schema == around) TRY(RefuseSeveralSchemas(around, search.shown_from));
    break;
  }
  PrismaProject project = look.Finished();
  project.migrations = migrations;
  return project;
}

}  // namespace ballast::workspace
