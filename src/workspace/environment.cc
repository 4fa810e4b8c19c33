// SPDX-License-Identifier: Apache-2.0
#include "workspace/environment.h"

#include <fmt/format.h>

#include "base/text.h"
#include "workspace/files.h"
#include "workspace/node_package.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr char kFileName[] = ".env";
constexpr char kProcessOrigin[] = "the environment";

struct EnvironmentFiles {
  fs::path root;    // beside package.json; or empty
  fs::path schema;  // the first of the schema's places; or empty
};

// A file, or a pipe through which a keeper of secrets serves one.
bool IsThere(const fs::path& file) {
  std::error_code failed;
  return fs::exists(file, failed) && !IsFolder(file);
}

EnvironmentFiles FindFiles(const EnvironmentPlaces& places) {
  EnvironmentFiles files;
  if (const auto package = FindNodePackage(places.directory)) {
    const fs::path beside = package->file.parent_path() / kFileName;
    if (IsThere(beside)) files.root = beside;
  }
  std::vector<fs::path> candidates;
  if (!places.named_schema.empty()) {
    candidates.push_back(places.named_schema.parent_path() / kFileName);
  }
  candidates.push_back(places.directory / "prisma" / kFileName);
  candidates.push_back(places.directory / kFileName);
  for (const fs::path& candidate : candidates) {
    if (!IsThere(candidate)) continue;
    files.schema = candidate;
    break;
  }
  return files;
}

std::string Shown(const fs::path& file, const fs::path& directory) {
  return file.lexically_proximate(directory).string();
}

void Merge(const Variables& values, const std::string& file, Environment* environment) {
  for (const auto& [key, value] : values) {
    environment->values[key] = value;
    environment->origins.emplace(key, file);
  }
  environment->loaded.push_back(file);
}

// As dotenv and Prisma's expansion of it together; without braces for dotenv alone.
Result<Variables> LoadFile(const fs::path& file, bool expand, const Variables& environment) {
  TRY_ASSIGN(const std::string text, ReadFile(file));
  Variables values = ParseDotenv(DecodeUtf8Lossy(text));
  if (!expand) {
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
                       const fs::path& directory) {
  TRY_ASSIGN(const std::string text, ReadFile(files.schema));
  std::vector<std::string> conflicts;
  for (const auto& [key, value] : ParseDotenv(DecodeUtf8Lossy(text))) {
    const auto other = root.find(key);
    if (other != root.end() && other->second == value) conflicts.push_back(key);
  }
  if (conflicts.empty()) return {};
  const std::string root_file = Shown(files.root, directory);
  const std::string schema_file = Shown(files.schema, directory);
  return MakeError(
      ErrorCode::kConfigInvalid,
      fmt::format("There is a conflict between env var{} in {} and {}: {}",
                  conflicts.size() > 1 ? "s" : "", root_file, schema_file, Join(conflicts, ", ")),
      fmt::format("move the contents of {} to {}", schema_file, root_file), {schema_file, 0});
}

Status LoadPrismaFiles(const EnvironmentPlaces& places, Environment* environment) {
  const EnvironmentFiles files = FindFiles(places);
  const bool same = files.root.lexically_normal() == files.schema.lexically_normal();
  if (!files.root.empty()) {
    TRY_ASSIGN(const Variables root, LoadFile(files.root, true, environment->values));
    if (!same && !files.schema.empty()) TRY(RefuseConflicts(root, files, places.directory));
    Merge(root, Shown(files.root, places.directory), environment);
  }
  if (same || files.schema.empty()) return {};
  TRY_ASSIGN(const Variables schema, LoadFile(files.schema, true, environment->values));
  Merge(schema, Shown(files.schema, places.directory), environment);
  return {};
}

// What `import "dotenv/config"` in prisma.config.* does.
Status LoadPlainFile(const EnvironmentPlaces& places, Environment* environment) {
  const fs::path file = places.directory / kFileName;
  if (!IsThere(file)) return {};
  TRY_ASSIGN(const Variables values, LoadFile(file, false, environment->values));
  Merge(values, Shown(file, places.directory), environment);
  return {};
}

Error UrlError(const std::string& message, const UrlSource& source) {
  return MakeError(ErrorCode::kSchemaInvalid, message,
                   "set the variable, or say the URL with --database-url", source.where);
}

std::string Described(std::string_view variable, const Environment& environment) {
  const auto origin = environment.origins.find(variable);
  return fmt::format("{} ({})", variable,
                     origin == environment.origins.end() ? kProcessOrigin : origin->second);
}

Result<DatabaseUrl> FromVariable(const UrlSource& source, std::string_view kind,
                                 const Environment& environment) {
  const std::string* value = environment.Find(source.variable);
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

}  // namespace

const std::string* Environment::Find(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() ? nullptr : &found->second;
}

Result<Environment> LoadEnvironment(const EnvironmentPlaces& places, const Variables& process) {
  Environment environment{process, {}, {}, {}};
  for (const auto& [key, value] : process) environment.origins[key] = kProcessOrigin;
  if (!places.has_prisma_config) {
    TRY(LoadPrismaFiles(places, &environment));
  } else if (places.config_loads_dotenv) {
    TRY(LoadPlainFile(places, &environment));
  } else if (IsThere(places.directory / kFileName)) {
    environment.notices.push_back("Prisma config detected, skipping environment variable loading.");
  }
  return environment;
}

Result<DatabaseUrl> ChooseUrl(const UrlChoice& choice, const Environment& environment) {
  if (!choice.option.empty()) return DatabaseUrl{choice.option, "--database-url"};
  const bool by_config = choice.config_url.IsSet() || choice.config_direct_url.IsSet();
  if (!by_config && choice.datasource_problem) return *choice.datasource_problem;
  const UrlSource& direct = by_config ? choice.config_direct_url : choice.datasource.direct_url;
  const UrlSource& url = by_config ? choice.config_url : choice.datasource.url;
  if (direct.IsSet()) return FromSource(direct, "direct URL", environment);
  if (auto found = FromWellKnown("DIRECT_URL", environment)) return *std::move(found);
  if (url.IsSet()) return FromSource(url, "URL", environment);
  if (auto found = FromWellKnown("DATABASE_URL", environment)) return *std::move(found);
  return MakeError(ErrorCode::kNoUrl,
                   "no database URL is known: neither the schema nor DATABASE_URL says one",
                   "set DATABASE_URL, or say it with --database-url URL");
}

}  // namespace ballast::workspace
