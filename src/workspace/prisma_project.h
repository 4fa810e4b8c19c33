// SPDX-License-Identifier: Apache-2.0
// What Prisma would use if it were started in a folder: configuration, schema, migrations folder.
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
  std::filesystem::path schema;  // a file or a folder; empty: there are only migrations
  bool schema_is_folder = false;
  bool schema_is_named = false;          // Prisma would need --schema to find it
  std::vector<SchemaFile> schema_files;  // in the order in which Prisma joins them
  DatasourceHint datasource;
  std::optional<Error> datasource_problem;  // P1012, B200: why the datasource is not understood
  std::filesystem::path migrations;         // may not exist
  // Why the configuration does not tell where the migrations are, if it does not.
  std::optional<Error> migrations_problem;
  PrismaConfig config;
  std::optional<PrismaVersion> version;  // nothing: no file of the project tells
  std::vector<std::string> notices;

  // Nothing tells: the newest version that accepts the schema.
  PrismaVersion EffectiveVersion() const;
  bool IsOtherProvider() const;
};

// How one search looks at folders.
struct PrismaSearch {
  std::filesystem::path top;         // of the checkout, or where the command was started
  std::filesystem::path shown_from;  // paths in messages are shown from here
  const Variables* variables;        // of the process
  std::vector<std::string>* tried;   // gets the places that were looked at
};

// The schema at Prisma's own places, as the project's version of Prisma has them, and then in the
// folders `prisma/schema` and `prisma`. Nothing when `folder` has none. B102 when a configuration
// names a schema that does not exist, B101 when it computes the path in a way that reading does not
// tell; B104.
Result<std::optional<PrismaProject>> FindPrismaProject(const std::filesystem::path& folder,
                                                       const PrismaSearch& search);

// The project of a schema that somebody named: with the configuration that belongs to it, if there
// is one in the folders between it and the top, or in `started_in`.
Result<PrismaProject> PrismaProjectOf(const std::filesystem::path& schema,
                                      const std::filesystem::path& started_in,
                                      const PrismaSearch& search);

// The project of a migrations folder that was found by its lock file.
Result<PrismaProject> PrismaProjectOfMigrations(const std::filesystem::path& migrations,
                                                const PrismaSearch& search);

}  // namespace ballast::workspace
