// SPDX-License-Identifier: Apache-2.0
#include "workspace/environment.h"

#include <fmt/format.h>

#include <limits>

#include "base/text.h"
#include "workspace/files.h"
#include "workspace/node_package.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;
using State = ConfigValue::State;

constexpr char kFileName[] = ".env";
constexpr char kProcessOrigin[] = "the environment";
constexpr int kRankOfAssignment = std::numeric_limits<int>::min();

struct EnvironmentFiles {
  fs::path root;    // next to package.json; or empty
  fs::path schema;  // the first of the schema's places; or empty
};

// A file, or a pipe through which a secrets manager provides one.
bool IsFileOrPipe(const fs::path& file) {
  return Exists(file) && !IsFolder(file);
}

EnvironmentFiles FindFiles(const EnvironmentPlaces& places) {
  EnvironmentFiles files;
  if (const auto package = FindNodePackage(places.directory)) {
    const fs::path file = package->file.parent_path() / kFileName;
    if (IsFileOrPipe(file)) files.root = file;
  }
  std::vector<fs::path> candidates;
  if (!places.named_schema.empty()) {
    candidates.push_back(places.named_schema.parent_path() / kFileName);
  }
  candidates.push_back(places.directory / "prisma" / kFileName);
  candidates.push_back(places.directory / kFileName);
  for (const fs::path& candidate : candidates) {
    if (!IsFileOrPipe(candidate)) continue;
    files.schema = candidate;
    break;
  }
  return files;
}

void Merge(const Variables& values, const std::string& file, Environment* environment) {
  environment->loaded.push_back(file);
  const int rank = static_cast<int>(environment->loaded.size());
  for (const auto& [key, value] : values) {
    environment->values[key] = value;
    if (environment->origins.emplace(key, file).second) environment->ranks[key] = rank;
  }
}

enum class Expansion { kNone, kPrisma, kDotenvExpand };

Result<Variables> LoadFile(const fs::path& file, Expansion expansion, const Variables& environment,
                           const std::string& encoding = {}) {
  TRY_ASSIGN(const std::string bytes, ReadFile(file));
  const std::optional<std::string> text = DecodeDotenv(bytes, encoding);
  if (!text) {
    return MakeError(ErrorCode::kConfigInvalid,
                     fmt::format("the encoding \"{}\" of a .env file is not supported", encoding),
                     "use utf8, latin1, ascii or utf16le (DOTENV_CONFIG_ENCODING)",
                     {file.string(), 0});
  }
  Variables values = ParseDotenv(*text);
  if (expansion == Expansion::kDotenvExpand) return ExpandDotenvFully(values, environment);
  if (expansion == Expansion::kNone) {
    for (auto& [key, value] : values) {
      if (const auto set = environment.find(key); set != environment.end()) value = set->second;
    }
    return values;
  }
  Result<Variables> expanded = ExpandDotenv(values, environment);
  if (expanded.ok()) return expanded;
  Error error = std::move(expanded).error();
  error.where.file = file.string();
  return error;
}

Status RefuseConflicts(const Variables& root, const EnvironmentFiles& files,
                       const EnvironmentPlaces& places) {
  TRY_ASSIGN(const std::string text, ReadFile(files.schema));
  std::vector<std::string> conflicts;
  for (const auto& [key, value] : ParseDotenv(DecodeUtf8Lossy(text))) {
    const auto other = root.find(key);
    if (other != root.end() && other->second == value) conflicts.push_back(key);
  }
  if (conflicts.empty()) return {};
  const std::string root_file = places.Shown(files.root);
  const std::string schema_file = places.Shown(files.schema);
  return MakeError(
      ErrorCode::kConfigInvalid,
      fmt::format("There is a conflict between env var{} in {} and {}: {}",
                  conflicts.size() > 1 ? "s" : "", root_file, schema_file, Join(conflicts, ", ")),
      fmt::format("move the contents of {} to {}", schema_file, root_file), {schema_file, 0});
}

// Each variable that is not set, or is empty, may be set, and with `overrides` any may have another
// value.
void MakeUncertain(const std::string& reason, bool overrides, Environment* environment) {
  environment->uncertain.emplace(kAllUnset, reason);
  for (const auto& [key, value] : environment->values) {
    if (overrides || value.empty()) environment->uncertain.emplace(key, reason);
  }
}

// Variables that the process has are certain nevertheless, as in a container with another user.
bool IsForbidden(const fs::path& file, const EnvironmentPlaces& places, bool overrides,
                 Environment* environment) {
  if (MayRead(file)) return false;
  MakeUncertain(places.Shown(file) + " cannot be read: Permission denied", overrides, environment);
  return true;
}

Status LoadPrismaFiles(const EnvironmentPlaces& places, Environment* environment) {
  const EnvironmentFiles files = FindFiles(places);
  if (IsForbidden(files.root, places, false, environment) ||
      IsForbidden(files.schema, places, false, environment)) {
    return {};
  }
  std::error_code failed;
  const bool same = files.root == files.schema || fs::equivalent(files.root, files.schema, failed);
  if (!files.root.empty()) {
    TRY_ASSIGN(const Variables root, LoadFile(files.root, Expansion::kPrisma, environment->values));
    if (!same && !files.schema.empty()) TRY(RefuseConflicts(root, files, places));
    Merge(root, places.Shown(files.root), environment);
  }
  if (same || files.schema.empty()) return {};
  TRY_ASSIGN(const Variables schema,
             LoadFile(files.schema, Expansion::kPrisma, environment->values));
  Merge(schema, places.Shown(files.schema), environment);
  return {};
}

// As dotenv does: a path that begins with "~" is in the home directory.
fs::path InHome(const fs::path& path, const fs::path& directory, const Environment& environment) {
  const std::string& text = path.native();
  const std::string* home = environment.Find("HOME");
  if (!text.starts_with('~') || home == nullptr) return path;
  return directory / *home / fs::path(text.substr(1)).relative_path();
}

// With the settings that variables give to `import "dotenv/config"`; empty ones do not count.
PrismaConfig::DotenvFile WithVariables(PrismaConfig::DotenvFile file,
                                       const EnvironmentPlaces& places,
                                       const Environment& environment) {
  const auto setting = [&](std::string_view name) {
    const std::string* value = environment.Find(name);
    return value == nullptr ? std::string() : *value;
  };
  if (file.has_variable_settings) {
    const std::string path = setting("DOTENV_CONFIG_PATH");
    if (path.starts_with('~')) file.path = path;
    if (!path.empty() && path[0] != '~') file.path = places.directory / path;
    file.encoding = setting("DOTENV_CONFIG_ENCODING");
    file.overrides = !setting("DOTENV_CONFIG_OVERRIDE").empty();  // "false" also sets it
  }
  file.path = InHome(file.path, places.directory, environment);
  return file;
}

std::string PlaceOf(const EnvironmentPlaces& places, const PrismaConfig::EnvironmentStep& step) {
  return fmt::format("{}:{}", places.config.file().filename().string(), step.line);
}

// Whether the variable may have been read before it gets another value, or a file whose path is not
// known may have set it first.
bool MayKeepValue(const PrismaConfig::EnvironmentStep& step, const std::string& variable,
                  const Environment& environment) {
  return step.reads_all || step.read_before.contains(variable) ||
         environment.uncertain.contains(variable) || environment.uncertain.contains(kAllUnset);
}

// What `import "dotenv/config"` and dotenv.config() in prisma.config.* do.
Status LoadConfigFile(const EnvironmentPlaces& places, const PrismaConfig::EnvironmentStep& step,
                      const PrismaConfig::DotenvFile& setting, Environment* environment) {
  if (!setting.is_known) {
    MakeUncertain(PlaceOf(places, step) +
                      " loads a .env file whose path can be determined only by running it",
                  setting.overrides, environment);
    return {};
  }
  const PrismaConfig::DotenvFile file = WithVariables(setting, places, *environment);
  if (!IsFileOrPipe(file.path)) return {};
  if (IsForbidden(file.path, places, file.overrides, environment)) return {};
  const Variables none;
  TRY_ASSIGN(const Variables values,
             LoadFile(file.path, file.expands ? Expansion::kDotenvExpand : Expansion::kNone,
                      file.overrides ? none : environment->values, file.encoding));
  const std::string shown = places.Shown(file.path);
  Variables certain;
  for (const auto& [key, value] : values) {
    const bool is_new = file.overrides || !environment->values.contains(key);
    if (is_new && (file.is_conditional || MayKeepValue(step, key, *environment))) {
      environment->uncertain.emplace(
          key, fmt::format("{} sets {}, and Prisma's configuration loads it in some cases only, or "
                           "too late",
                           shown, key));
    } else {
      certain.emplace(key, value);
    }
  }
  Merge(certain, shown, environment);
  if (!file.overrides) return {};
  for (const auto& [key, value] : certain) {
    environment->origins[key] = shown;
    environment->ranks[key] = -static_cast<int>(environment->loaded.size());
  }
  return {};
}

// process.env.A = "…" in prisma.config.*.
void Assign(const EnvironmentPlaces& places, const PrismaConfig::EnvironmentStep& step,
            Environment* environment) {
  const std::string place = PlaceOf(places, step);
  const bool was_read = step.reads_all || step.read_before.contains(step.variable);
  if (step.deletes && !was_read) {
    environment->uncertain.erase(step.variable);
    environment->values.erase(step.variable);
    environment->origins.erase(step.variable);
    environment->ranks.erase(step.variable);
    return;
  }
  const std::string* present = environment->Find(step.variable);
  const bool is_known = !environment->uncertain.contains(step.variable);
  if (step.value && present != nullptr && *present == *step.value && is_known) return;
  if (!step.value || was_read) {
    environment->uncertain.emplace(
        step.variable,
        fmt::format("{} sets {} to a value that can be determined only by running it, or too late",
                    place, step.variable));
    return;
  }
  environment->uncertain.erase(step.variable);
  if (present != nullptr && *present == *step.value) return;
  environment->values[step.variable] = *step.value;
  environment->origins[step.variable] = place;
  environment->ranks[step.variable] = kRankOfAssignment;
}

// Everything that prisma.config.* does to the environment, in order.
Status RunSteps(const EnvironmentPlaces& places, Environment* environment) {
  for (size_t at = 0; at < places.config.step_count(); ++at) {
    const PrismaConfig::EnvironmentStep step =
        places.config.StepOf(at, environment->values, &environment->uncertain);
    for (const PrismaConfig::DotenvFile& file : step.files) {
      TRY(LoadConfigFile(places, step, file, environment));
    }
    if (!step.variable.empty()) Assign(places, step, environment);
    if (!step.unknown.empty()) {
      MakeUncertain(PlaceOf(places, step) + " " + step.unknown, step.may_override, environment);
    }
  }
  return {};
}

// A throw or process.exit() at the top of prisma.config.*.
void CheckGuards(const EnvironmentPlaces& places, Environment* environment) {
  if (!places.config.Exists()) return;
  const PrismaConfig& config = places.config;
  const int line = config.StoppedAt(environment->values, &environment->uncertain);
  if (line == 0) return;
  environment->stopped =
      MakeError(ErrorCode::kNoUrl,
                fmt::format("the database URL is not known: {} ends with an error or an exit{}",
                            config.file().filename().string(), config.ShownLine(line)),
                "set the variables that it checks, or pass --database-url URL",
                {config.file().string(), line});
}

// Those of the other folder that have not been read.
Status LoadFurtherFiles(const EnvironmentPlaces& places, Environment* environment) {
  if (places.other_folder.empty()) return {};
  EnvironmentPlaces other;
  other.directory = places.other_folder;
  const EnvironmentFiles files = FindFiles(other);
  for (const fs::path& file : {files.root, files.schema}) {
    const std::vector<std::string>& loaded = environment->loaded;
    const bool known = std::find(loaded.begin(), loaded.end(), places.Shown(file)) != loaded.end();
    if (file.empty() || known || IsForbidden(file, places, false, environment)) continue;
    TRY_ASSIGN(const Variables values, LoadFile(file, Expansion::kNone, environment->values));
    Merge(values, places.Shown(file), environment);
  }
  return {};
}

Error UrlError(const std::string& message, const UrlSource& source) {
  return MakeError(ErrorCode::kSchemaInvalid, message,
                   "set the variable, or pass --database-url URL", source.where);
}

std::string Described(std::string_view variable, const Environment& environment) {
  const auto origin = environment.origins.find(variable);
  return fmt::format("{} ({})", variable,
                     origin == environment.origins.end() ? kProcessOrigin : origin->second);
}

// Why the value of the variable is not known; null: it is known.
const std::string* CauseOf(const std::string& variable, const Environment& environment) {
  auto uncertain = environment.uncertain.find(variable);
  if (uncertain == environment.uncertain.end() && environment.Find(variable) == nullptr) {
    uncertain = environment.uncertain.find(kAllUnset);
  }
  return uncertain == environment.uncertain.end() ? nullptr : &uncertain->second;
}

Error NotKnown(const std::string& cause, const std::string& variable, const Place& where,
               const Environment& environment) {
  // To set a variable that may be overridden would not help.
  const std::string hint = environment.Find(variable) == nullptr
                               ? fmt::format("set {}, or pass --database-url URL", variable)
                               : "pass --database-url URL";
  return MakeError(ErrorCode::kNoUrl, "the database URL is not known: " + cause, hint, where);
}

Result<DatabaseUrl> FromVariable(const UrlSource& source, std::string_view kind,
                                 const Environment& environment) {
  if (const std::string* cause = CauseOf(source.variable, environment)) {
    return NotKnown(*cause, source.variable, source.where, environment);
  }
  const std::string* value = environment.Find(source.variable);
  if (value == nullptr && source.variable.find("://") != std::string::npos) {
    return UrlError("a URL is written where the name of an environment variable is expected",
                    source);
  }
  if (value == nullptr) {
    return UrlError(fmt::format("Environment variable not found: {}.", source.variable), source);
  }
  if (Trim(*value).empty()) {
    return UrlError(fmt::format("You must provide a nonempty {}. The environment variable `{}` "
                                "resolved to an empty string.",
                                kind, source.variable),
                    source);
  }
  return DatabaseUrl{*value, Described(source.variable, environment)};
}

Result<DatabaseUrl> FromSource(const UrlSource& source, std::string_view kind,
                               const Environment& environment) {
  if (!source.variable.empty()) return FromVariable(source, kind, environment);
  if (Trim(source.literal).empty()) {
    return UrlError(fmt::format("You must provide a nonempty {}.", kind), source);
  }
  return DatabaseUrl{source.literal,
                     source.where.line == 0
                         ? source.where.file
                         : fmt::format("{}:{}", source.where.file, source.where.line)};
}

std::optional<DatabaseUrl> FromWellKnown(std::string_view variable,
                                         const Environment& environment) {
  const std::string* value = environment.Find(variable);
  if (value == nullptr || Trim(*value).empty()) return std::nullopt;
  return DatabaseUrl{*value, Described(variable, environment)};
}

bool IsFilled(const std::string* value) {
  return value != nullptr && !Trim(*value).empty();
}

// DIRECT_URL is the same database as DATABASE_URL, past a pooler; another variable may be another
// database, and so may a DATABASE_URL that replaces the one that DIRECT_URL was written for.
std::optional<DatabaseUrl> DirectOf(const std::string& variable, const Environment& environment) {
  if (variable != "DATABASE_URL" || environment.uncertain.contains("DIRECT_URL")) {
    return std::nullopt;
  }
  const bool is_weaker = IsFilled(environment.Find("DATABASE_URL")) &&
                         environment.RankOf("DIRECT_URL") > environment.RankOf("DATABASE_URL");
  if (is_weaker) return std::nullopt;
  return FromWellKnown("DIRECT_URL", environment);
}

std::string ConfigOrigin(const PrismaConfig& config, const ConfigValue& value,
                         const Environment& environment) {
  if (value.variables.size() == 1) return Described(value.variables.front(), environment);
  return fmt::format("{}:{}", config.file().filename().string(), value.line);
}

// Why the value could only be known by running the configuration, as a clause. `line` is shown.
std::string Computes(const PrismaConfig& config, const ConfigValue& value, int line) {
  const std::string what = value.what.empty() ? "its default export" : value.what;
  const std::string with = value.import.empty() ? "" : " with the import of " + value.import;
  return fmt::format("computes {}{} in a way that can be resolved only by running it{}", what, with,
                     config.ShownLine(line));
}

Result<DatabaseUrl> FromConfigValue(const PrismaConfig& config, const ConfigValue& value,
                                    std::string_view kind, const Environment& environment) {
  Place where{config.file().string(), value.line};
  if (value.state == State::kNotUnderstood) {
    for (const std::string& variable : value.variables) {
      const std::string* cause = CauseOf(variable, environment);
      if (cause != nullptr) return NotKnown(*cause, variable, where, environment);
    }
    const std::string file = config.file().filename().string();
    const std::string reason = config.WithoutExport(&where.line);
    return MakeError(ErrorCode::kNoUrl,
                     reason.empty()
                         ? fmt::format("the database URL is not known: {} {}", file,
                                       Computes(config, value, where.line))
                         : fmt::format("the database URL of {} is not known, {}", file, reason),
                     "pass --database-url URL, or name the variable that holds the URL as "
                     "`url_variable` in ballast.toml",
                     where);
  }
  const UrlSource source{value.text, {}, where};
  if (value.state == State::kUndefined && value.variables.size() == 1) {
    return FromVariable({{}, value.variables.front(), where}, kind, environment);
  }
  if (value.state == State::kUndefined) {
    return UrlError(value.variables.empty() ? fmt::format("You must provide a nonempty {}.", kind)
                                            : fmt::format("Environment variables not found: {}.",
                                                          Join(value.variables, ", ")),
                    source);
  }
  if (Trim(value.text).empty()) {
    if (value.variables.size() == 1) {
      return FromVariable({{}, value.variables.front(), where}, kind, environment);
    }
    return UrlError(fmt::format("You must provide a nonempty {}.", kind), source);
  }
  return DatabaseUrl{value.text, ConfigOrigin(config, value, environment)};
}

Result<DatabaseUrl> FromConfig(const PrismaConfig& config, const ConfigValue& url,
                               const ConfigValue& direct, const Environment& environment) {
  if (direct.state != State::kAbsent) {
    return FromConfigValue(config, direct, "direct URL", environment);
  }
  // A configuration that chooses among variables says itself which one comes first, and one that
  // computes a URL means that URL.
  if (url.state == State::kText && url.variables.size() == 1 && !url.is_chosen) {
    const std::string* value = environment.Find(url.variables.front());
    const bool is_variable = value != nullptr && Trim(*value) == Trim(url.text);
    auto found = is_variable ? DirectOf(url.variables.front(), environment) : std::nullopt;
    if (found) return *std::move(found);
  }
  return FromConfigValue(config, url, "URL", environment);
}

Error OfAdapter(const PrismaConfig& config, const Environment& environment) {
  const ConfigValue adapter = config.ReadAdapter(environment.values);
  return MakeError(
      ErrorCode::kNoUrl,
      fmt::format("the database URL is not known: Prisma connects through the driver adapter of "
                  "{}, and only running the file would show its database",
                  config.file().filename().string()),
      "pass --database-url URL, or name the variable that holds the adapter's URL as "
      "`url_variable` in ballast.toml",
      {config.file().string(), adapter.line});
}

// Prisma 6.18 and 6.19 do not take the schema's URL instead.
Error WithoutDatasource(const PrismaConfig& config, const Environment& environment) {
  return MakeError(
      ErrorCode::kNoUrl,
      fmt::format("the database URL is not known: {} has engine \"classic\" and no datasource.url",
                  config.file().filename().string()),
      "set datasource.url, or pass --database-url URL",
      {config.file().string(), config.Read("engine", environment.values).line});
}

// That Prisma ignores a part of its configuration, as a clause.
std::string Ignored(const PrismaConfig& config, std::string_view key) {
  const PrismaVersion& version = config.version();
  const bool has_engine = version >= kConfigEngine && version < kPrisma7;
  return fmt::format("Prisma {}.{} ignores {} in {}{}", version.major, version.minor, key,
                     config.file().filename().string(),
                     has_engine ? ", because engine is not \"classic\"" : "");
}

Error WithoutAnyUrl(const PrismaConfig& config, std::string_view ignored) {
  return MakeError(ErrorCode::kNoUrl,
                   fmt::format("the database URL is not known: {}, and the schema names no URL",
                               Ignored(config, ignored)),
                   config.version() < kConfigEngine
                       ? "set `url` in the schema, or pass --database-url URL"
                       : "set engine: \"classic\" in it, or pass --database-url URL",
                   {config.file().string(), 0});
}

Result<DatabaseUrl> FromSchema(const DatasourceHint& datasource, const Environment& environment) {
  const UrlSource& url = datasource.url;
  if (datasource.direct_url.IsSet()) {
    return FromSource(datasource.direct_url, "direct URL", environment);
  }
  const std::string variable = url.IsSet() ? url.variable : "DATABASE_URL";
  if (auto found = DirectOf(variable, environment)) return *std::move(found);
  if (url.IsSet()) return FromSource(url, "URL", environment);
  if (const std::string* cause = CauseOf("DATABASE_URL", environment)) {
    return NotKnown(*cause, "DATABASE_URL", {}, environment);
  }
  if (auto found = FromWellKnown("DATABASE_URL", environment)) return *std::move(found);
  return MakeError(ErrorCode::kNoUrl,
                   "no database URL is known: neither the project nor DATABASE_URL names one",
                   "set DATABASE_URL, or pass --database-url URL");
}

}  // namespace

const std::string* Environment::Find(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() ? nullptr : &found->second;
}

int Environment::RankOf(std::string_view name) const {
  const auto found = ranks.find(name);
  return found == ranks.end() ? 0 : found->second;
}

std::string EnvironmentPlaces::Shown(const fs::path& file) const {
  return file.lexically_proximate(shown_from.empty() ? directory : shown_from).string();
}

Result<Environment> LoadEnvironment(const EnvironmentPlaces& places, const Variables& process) {
  Environment environment;
  environment.values = process;
  for (const auto& [key, value] : process) environment.origins[key] = kProcessOrigin;
  if (places.reads_dotenv) {
    TRY(LoadPrismaFiles(places, &environment));
  } else {
    TRY(RunSteps(places, &environment));
    CheckGuards(places, &environment);
  }
  if (places.reads_dotenv || places.config.LoadsDotenv()) {
    TRY(LoadFurtherFiles(places, &environment));
  } else if (IsFileOrPipe(places.directory / kFileName)) {
    environment.notices.push_back(
        places.config.Exists()
            ? "Prisma config detected, skipping environment variable loading."
            : "Prisma 7 reads no .env file by itself: set the variable, or create a "
              "prisma.config.ts that imports \"dotenv/config\" and sets datasource.url.");
  }
  return environment;
}

Result<DatabaseUrl> ChooseUrl(const UrlChoice& choice, const Environment& environment) {
  if (!choice.option.empty()) return DatabaseUrl{choice.option, "--database-url"};
  if (!choice.url_variable.empty()) {
    return FromVariable({{}, choice.url_variable, {"ballast.toml", 0}}, "URL", environment);
  }
  if (environment.stopped) return *environment.stopped;
  const ConfigValue url =
      choice.config.Read("datasource.url", environment.values, &environment.uncertain);
  const ConfigValue direct =
      choice.config.Read("datasource.directUrl", environment.values, &environment.uncertain);
  const DatabaseSource source =
      choice.config.SourceOfDatabase(environment.values, &environment.uncertain);
  if (source == DatabaseSource::kAdapter) return OfAdapter(choice.config, environment);
  if (url.state != State::kAbsent || direct.state != State::kAbsent) {
    return FromConfig(choice.config, url, direct, environment);
  }
  if (source == DatabaseSource::kConfig && choice.config.version() < kPrisma7) {
    return WithoutDatasource(choice.config, environment);
  }
  if (source == DatabaseSource::kSchema && !choice.datasource.url.IsSet()) {
    const std::string_view ignored = choice.config.IgnoredKey(environment.values);
    if (!ignored.empty()) return WithoutAnyUrl(choice.config, ignored);
  }
  if (choice.datasource_problem) return *choice.datasource_problem;
  return FromSchema(choice.datasource, environment);
}

std::optional<std::string> NoticeOfSources(const UrlChoice& choice,
                                           const Environment& environment) {
  if (!choice.option.empty() || !choice.url_variable.empty()) return std::nullopt;
  const std::string_view ignored = choice.config.IgnoredKey(environment.values);
  if (!ignored.empty()) {
    return fmt::format("{}; the database is that of {}", Ignored(choice.config, ignored),
                       choice.config.version() < kPrisma7 ? "the schema" : "datasource.url");
  }
  std::string names[] = {choice.datasource.url.variable, choice.datasource.direct_url.variable};
  const ConfigValue read[] = {choice.config.Read("datasource.url", environment.values),
                              choice.config.Read("datasource.directUrl", environment.values)};
  if (read[0].state != State::kAbsent || read[1].state != State::kAbsent) {
    for (size_t i = 0; i < 2; ++i) {
      names[i] = read[i].variables.size() == 1 ? read[i].variables.front() : std::string();
    }
  }
  const auto& [url, direct] = names;
  const bool is_mixed = IsFilled(environment.Find(url)) && environment.RankOf(url) == 0 &&
                        IsFilled(environment.Find(direct)) && environment.RankOf(direct) > 0;
  if (!is_mixed) return std::nullopt;
  return fmt::format(
      "directUrl is {}, although {} is from the environment; as Prisma, ballast uses directUrl: "
      "set {} too if it is another database",
      Described(direct, environment), url, direct);
}

}  // namespace ballast::workspace
