// SPDX-License-Identifier: Apache-2.0
// The variables that a project sees, and the database URL that follows from them, as the project's
// version of Prisma does it (prisma packages/internals/src/utils/getEnvPaths.ts, tryLoadEnvs.ts).
// Passwords are in the values; no error and no notice shows a value.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "workspace/datasource_hint.h"
#include "workspace/dotenv.h"
#include "workspace/prisma_config.h"

namespace ballast::workspace {

// Where .env files may be.
struct EnvironmentPlaces {
  std::filesystem::path directory;     // where Prisma would be started
  std::filesystem::path named_schema;  // by the user or by ballast.toml; or empty
  // Prisma before 7 reads .env files itself, unless there is a prisma.config.*.
  bool reads_dotenv = true;
  std::vector<PrismaConfig::DotenvFile> config_files;  // that prisma.config.* loads
  // Where the command was started, if that is above `directory`: its .env files give what is still
  // missing. Or empty.
  std::filesystem::path started_in;
};

struct Environment {
  Variables values;
  Variables origins;                // variable → "the environment", or the .env file it is from
  std::vector<std::string> loaded;  // the .env files, in the order read
  std::vector<std::string> notices;

  const std::string* Find(std::string_view name) const;  // null when it is not set
};

// `process` wins over the package's .env, which wins over the schema's. B101 when both files hold a
// variable with the same value, as Prisma refuses; B104 when a file cannot be read.
Result<Environment> LoadEnvironment(const EnvironmentPlaces& places, const Variables& process);

struct UrlChoice {
  std::string option;         // --database-url; or empty
  std::string url_variable;   // of ballast.toml: the variable that holds the URL; or empty
  DatasourceHint datasource;  // of the schema
  std::optional<Error> datasource_problem;  // returned where the schema has to be asked
  PrismaConfig config;                      // its datasource takes the place of the schema's
};

struct DatabaseUrl {
  std::string url;     // holds the password
  std::string origin;  // "--database-url", "DIRECT_URL (.env)", "schema.prisma:3"
};

// In this order: the option; the variable that ballast.toml names; directUrl; DIRECT_URL, where
// `url` is DATABASE_URL or missing; url; DATABASE_URL. P1012 in Prisma's words when a variable that
// is needed is not set or empty; B103 when nothing names a URL, or when prisma.config.* computes it
// in a way that cannot be told without running it.
Result<DatabaseUrl> ChooseUrl(const UrlChoice& choice, const Environment& environment);

}  // namespace ballast::workspace
