// SPDX-License-Identifier: Apache-2.0
// Finds what a project has, without being told (docs: where things are).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "workspace/config.h"
#include "workspace/datasource_hint.h"
#include "workspace/environment.h"
#include "workspace/prisma_config.h"
#include "workspace/schema_files.h"

namespace ballast::workspace {

// What the command line says; paths are relative to the directory.
struct Overrides {
  std::string schema;
  std::string migrations;
  std::string package;
  std::string config;  // a ballast.toml
};

struct Project {
  std::filesystem::path directory;  // where the command was started
  std::filesystem::path root;       // where ballast.toml and the package folder are or would be
  std::filesystem::path schema;     // a file or a folder; empty: the project has only migrations
  bool schema_is_folder = false;
  // Said by the command line or ballast.toml, or found at no place of Prisma's own: Prisma would be
  // given it as --schema.
  bool schema_is_named = false;
  std::vector<SchemaFile> schema_files;  // in the order in which Prisma joins them
  DatasourceHint datasource;
  std::optional<Error> datasource_problem;  // P1012: why the datasource is not understood
  std::filesystem::path migrations;         // may not exist
  std::filesystem::path package;  // the package folder, or a packed package; may not exist
  Config config;
  PrismaConfig prisma_config;  // file is empty when there is none
  std::vector<std::string> notices;

  EnvironmentPlaces DotenvPlaces() const;             // for LoadEnvironment
  UrlChoice UrlChoiceWith(std::string option) const;  // for ChooseUrl; "" without --database-url
};

// B102 when there is neither a schema, nor a migrations folder, nor a package, or when several
// migrations folders could be meant; B101 for a broken ballast.toml, B104 for what cannot be read.
Result<Project> FindProject(const std::filesystem::path& directory, const Overrides& overrides);

}  // namespace ballast::workspace
