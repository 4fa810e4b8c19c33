// SPDX-License-Identifier: Apache-2.0
// Finds what a project has, without configuration where possible (docs/configuration.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "workspace/config.h"
#include "workspace/environment.h"
#include "workspace/prisma_project.h"

namespace ballast::workspace {

// What the command line specifies; paths are relative to the directory.
struct Overrides {
  std::string schema;
  std::string migrations;
  std::string package;
  std::string config;   // a ballast.toml
  std::string project;  // a name of ballast.toml
};

// Which project of a repository this is; a package belongs to one.
struct ProjectIdentity {
  std::string name;    // of [project.NAME] in ballast.toml; empty: it has none
  std::string schema;  // from the top of the repository, with "/"; empty: there is no schema

  bool operator==(const ProjectIdentity&) const = default;
};

// Prisma's view of the project (configuration, schema, migrations), and ballast's own.
struct Project : PrismaProject {
  std::filesystem::path directory;    // where the command was started
  std::filesystem::path top;          // of the repository
  std::filesystem::path root;         // where the package folder is or would be
  std::filesystem::path config_root;  // what the paths of ballast.toml are relative to
  std::filesystem::path package;      // the package folder, or a packed package; may not exist
  // The package's own copy is the only schema here.
  bool schema_is_snapshot = false;
  Config config;  // with the settings of [project.NAME] in effect
  ProjectIdentity identity;

  const PrismaConfig& prisma_config() const { return PrismaProject::config; }
  EnvironmentPlaces DotenvPlaces() const;  // for LoadEnvironment
  // The variables that may hold the URL, the one that counts first; never empty.
  std::vector<std::string> UrlVariables() const;
  UrlChoice UrlChoiceWith(std::string option) const;  // for ChooseUrl; "" without --database-url
};

// In this order: --schema and --project; the project of the folder or of one above it;
// ballast.toml; internal-packages/database; the one migrations folder below. `variables` are the
// process's. B102 when there is neither a schema, nor a migrations folder, nor a package, or when
// several projects could be meant; B101 for a broken configuration, B104 for what cannot be read.
Result<Project> FindProject(const std::filesystem::path& directory, const Overrides& overrides,
                            const Variables& variables = {});

}  // namespace ballast::workspace
