// SPDX-License-Identifier: Apache-2.0
// The variables that a project sees, and the database URL that follows from them, as Prisma 6 does
// it (prisma packages/internals/src/utils/getEnvPaths.ts, tryLoadEnvs.ts). Passwords are in the
// values; no error and no notice shows a value.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "workspace/datasource_hint.h"
#include "workspace/dotenv.h"

namespace ballast::workspace {

// Where .env files may be.
struct EnvironmentPlaces {
  std::filesystem::path directory;     // where the command was started
  std::filesystem::path named_schema;  // said by the user or by ballast.toml; or empty
  bool has_prisma_config = false;      // then Prisma reads no .env at all …
  bool config_loads_dotenv = false;    // … unless the configuration itself does
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
  std::string option;                       // --database-url; or empty
  DatasourceHint datasource;                // of the schema
  std::optional<Error> datasource_problem;  // given back where the schema has to be asked
  UrlSource config_url;                     // of prisma.config.*; takes the datasource's place
  UrlSource config_direct_url;
};

struct DatabaseUrl {
  std::string url;     // holds the password
  std::string origin;  // "--database-url", "DIRECT_URL (.env)", "schema.prisma:3"
};

// In this order: the option; directUrl; DIRECT_URL; url; DATABASE_URL. P1012 in Prisma's words when
// a variable that the schema names is not set or empty, B103 when nothing names a URL.
Result<DatabaseUrl> ChooseUrl(const UrlChoice& choice, const Environment& environment);

}  // namespace ballast::workspace
