// SPDX-License-Identifier: Apache-2.0
// What Prisma would use in a folder: configuration, schema, migrations folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "workspace/datasource_hint.h"
#include "workspace/dotenv.h"
#include "workspace/prisma_config.h"
#include "workspace/prisma_version.h"
#include "workspace/schema_files.h"

namespace ballast::workspace {

struct PrismaProject {
  std::filesystem::path base;    // where Prisma would be started
  std::filesystem::path schema;  // a file or a folder; empty: only migrations exist
  bool schema_is_folder = false;
  bool schema_is_named = false;          // Prisma would need --schema to find it
  std::vector<SchemaFile> schema_files;  // in the order in which Prisma joins them
  DatasourceHint datasource;
  std::optional<Error> datasource_problem;  // P1012, B200: why the datasource is not valid
  std::filesystem::path migrations;         // the folder may not exist
  // The setting that names it: "migrations.path in prisma.config.ts"; empty: it was found.
  std::string migrations_setting;
  // Set if the migrations folder cannot be determined from the configuration.
  std::optional<Error> migrations_problem;
  PrismaConfig config;
  std::optional<PrismaVersion> version;  // empty: no file of the project specifies it
  std::vector<std::string> notices;

  // If unspecified: the newest version that accepts the schema.
  PrismaVersion EffectiveVersion() const;
  bool IsOtherProvider() const;
  // B200 if the schema's provider is not postgresql, or that of CheckMigrationLock.
  Status CheckProvider() const;
  // B102: there is nothing in the migrations folder, or the folder itself does not exist. Names the
  // setting that the folder comes from.
  Error NoMigrations() const;
};

// The parameters of a search.
struct PrismaSearch {
  std::filesystem::path top;         // of the checkout, or where the command was started
  std::filesystem::path shown_from;  // paths in messages are relative to this folder
  const Variables* variables;        // of the process
  std::vector<std::string>* tried;   // receives the searched places
  bool schema_is_option = false;     // PrismaProjectOf: the schema is that of --schema
};

// Finds the schema in Prisma's default places for the project's version of Prisma, then in
// `prisma/schema` and `prisma`. No value if `folder` has none. B102 if a configuration names a
// schema that does not exist, B101 if the path can only be determined by running the configuration;
// B104.
Result<std::optional<PrismaProject>> FindPrismaProject(const std::filesystem::path& folder,
                                                       const PrismaSearch& search);

// The project of an explicitly given schema, with the configuration that belongs to it: in the
// folders between it and the top, or in `started_in`.
Result<PrismaProject> PrismaProjectOf(const std::filesystem::path& schema,
                                      const std::filesystem::path& started_in,
                                      const PrismaSearch& search);

// The project of a migrations folder that was found by its lock file. If the project of the schema
// next to it has other migrations, it is that project, as if the command had been started there.
Result<PrismaProject> PrismaProjectOfMigrations(const std::filesystem::path& migrations,
                                                const PrismaSearch& search);

}  // namespace ballast::workspace
