// SPDX-License-Identifier: Apache-2.0
// Locates the files of a project, without configuration where possible (docs/configuration.md).
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
  std::string config;   // path of a ballast.toml
  std::string project;  // name of a project in ballast.toml
};

// Identifies a project within its repository; a package belongs to one project.
struct ProjectIdentity {
  std::string name;    // of [project.NAME] in ballast.toml; or empty
  std::string schema;  // relative to the top of the repository, with "/"; or empty

  bool operator==(const ProjectIdentity&) const = default;
};

// Prisma's view of the project (configuration, schema, migrations), and ballast's own.
struct Project : PrismaProject {
  std::filesystem::path directory;    // where the command was started
  std::filesystem::path top;          // of the repository
  std::filesystem::path root;         // the folder of the package folder, which may not exist
  std::filesystem::path config_root;  // paths in ballast.toml are relative to this folder
  std::filesystem::path package;      // the package folder, or a packed package; may not exist
  bool package_is_named = false;      // by --package
  bool schema_is_option = false;      // by --schema
  // The only schema is the package's copy.
  bool schema_is_snapshot = false;
  Config config;  // with the settings of [project.NAME] applied
  ProjectIdentity identity;

  const PrismaConfig& prisma_config() const { return PrismaProject::config; }
  // Relative to `directory`, as messages name files.
  std::string ShownPath(const std::filesystem::path& path) const;
  std::string ShownMigrations() const { return ShownPath(migrations); }
  // `directory` relative to the top of the repository, ending with "/": what shown paths are
  // relative to. Empty or "./" at the top.
  std::string PlaceInRepository() const;
  EnvironmentPlaces DotenvPlaces() const;  // for LoadEnvironment
  // The variables that can contain the URL, in order of precedence; never empty.
  std::vector<std::string> UrlVariables() const;
  UrlChoice UrlChoiceWith(std::string option) const;  // for ChooseUrl; "" without --database-url
};

// B400: --package names a path without a package or a baseline.
Error MissingPackage(const std::filesystem::path& package);

// In this order: --schema and --project; the project of the folder or of one above it;
// ballast.toml; internal-packages/database; the only migrations folder below. `variables` are those
// of the process. B102 if there is no schema, migrations folder or package, or if several projects
// are possible; B101 for an invalid configuration, B104 for an unreadable file.
Result<Project> FindProject(const std::filesystem::path& directory, const Overrides& overrides,
                            const Variables& variables = {});
// Whether FindProject returned the error because there is nothing that could be a project.
bool FoundNothing(const Error& error);

}  // namespace ballast::workspace
