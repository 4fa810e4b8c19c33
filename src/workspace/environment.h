// SPDX-License-Identifier: Apache-2.0
// The variables of a project and the database URL, determined as the project's version of Prisma
// does (prisma packages/internals/src/utils/getEnvPaths.ts, tryLoadEnvs.ts). Values contain
// passwords; errors and notices never show them.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "workspace/datasource_hint.h"
#include "workspace/dotenv.h"
#include "workspace/prisma_config.h"

namespace ballast::workspace {

// The locations of .env files.
struct EnvironmentPlaces {
  std::filesystem::path directory;     // where Prisma would be started
  std::filesystem::path named_schema;  // specified by the user or ballast.toml; or empty
  // Prisma before 7 reads .env files itself, unless there is a prisma.config.*.
  bool reads_dotenv = true;
  PrismaConfig config;  // prisma.config.*, whose .env files are loaded
  // Another folder, whose .env files provide variables that are still missing: the one where the
  // command was started, or with --schema the project's own. Or empty.
  std::filesystem::path other_folder;
  // Messages name files relative to this folder. Empty: `directory`.
  std::filesystem::path shown_from = {};

  std::string Shown(const std::filesystem::path& file) const;
};

struct Environment {
  Variables values;
  Variables origins;                // variable → "the environment" or its .env file
  std::vector<std::string> loaded;  // the .env files, in the order read
  std::vector<std::string> notices;
  // Variables that a configuration may set: why that is not known, as a clause. kAllUnset
  // (script_value.h): every variable that is not in `values`.
  Variables uncertain;
  // Variable → the strength of its source: the lower, the stronger. The process's variables have
  // none, which counts as 0; files that keep what is set have 1, 2, … in the order read; those that
  // replace it and assignments in a configuration are below 0.
  std::map<std::string, int, std::less<>> ranks = {};
  // Set if prisma.config.* ends with an error or an exit for these variables, as Prisma then does.
  std::optional<Error> stopped = {};

  const std::string* Find(std::string_view name) const;  // null if it is not set
  int RankOf(std::string_view name) const;
};

// `process` takes precedence over the package's .env, which takes precedence over the schema's.
// B101 if both files set a variable to the same value, which Prisma also refuses; B104 if a file
// cannot be read.
Result<Environment> LoadEnvironment(const EnvironmentPlaces& places, const Variables& process);

struct UrlChoice {
  std::string option;         // --database-url; or empty
  std::string url_variable;   // of ballast.toml: the variable that holds the URL; or empty
  DatasourceHint datasource;  // of the schema
  std::optional<Error> datasource_problem;  // returned if the schema is needed
  PrismaConfig config;                      // its datasource replaces the schema's
};

struct DatabaseUrl {
  std::string url;     // contains the password
  std::string origin;  // "--database-url", "DIRECT_URL (.env)", "schema.prisma:3"
};

// In this order: the option; the variable from ballast.toml; directUrl; DIRECT_URL, if `url` is
// DATABASE_URL or missing, and DATABASE_URL does not have a stronger source; url; DATABASE_URL.
// P1012 with Prisma's message if a required variable is unset or empty; B103 if nothing specifies a
// URL, or if prisma.config.* computes it in a way that only running it could resolve.
Result<DatabaseUrl> ChooseUrl(const UrlChoice& choice, const Environment& environment);

// Where Prisma takes the variable of directUrl from a file, although the process has that of url.
std::optional<std::string> NoticeOfSources(const UrlChoice& choice, const Environment& environment);

}  // namespace ballast::workspace
