// SPDX-License-Identifier: Apache-2.0
// ballast.toml: the optional configuration of a project.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "workspace/serve_config.h"

namespace ballast::workspace {

// One of several projects of a repository: [project.NAME].
struct NamedProject {
  std::string name;
  // Paths are relative to the project's root.
  std::optional<std::string> schema;  // always set after parsing
  std::optional<std::string> migrations;
  std::optional<std::string> package;
  std::string url_variable;  // variable of the database URL; empty: as Prisma determines it
  std::string platform;
  std::string setup_script;
  std::vector<std::string> ignore;    // in addition to those of the whole file
  std::vector<std::string> accepted;  // in addition to those of the whole file
};

// A key figure of [thresholds] (report/key_figures.h). Times are in seconds, rates in percent.
struct ThresholdSetting {
  std::string name;  // "fresh_deploy", …
  std::optional<double> warn;
  std::optional<double> alert;
};

struct Config {
  std::filesystem::path file;  // empty: there is no file
  // Paths are relative to the project's root.
  std::optional<std::string> schema;
  std::optional<std::string> migrations;
  std::optional<std::string> package;
  std::string url_variable;  // variable of the database URL; empty: as Prisma determines it
  std::vector<NamedProject> projects;
  std::vector<std::string> release_branches = {"railway-template-v*"};  // globs
  std::string strategy;             // "", "auto", "release", "development" or "history"
  std::string platform;             // name of a preset, or path of an SQL file
  std::string setup_script;         // path of an SQL file that runs before the first migration
  std::vector<std::string> ignore;  // globs of objects to exclude from comparisons
  // Accepted differences between schema.prisma and the migrations, as `schema check --accept`
  // writes them.
  std::vector<std::string> accepted;
  std::vector<std::string> trusted_keys;  // of seals
  std::optional<int64_t> lock_timeout_ms;
  std::optional<int64_t> statement_timeout_ms;
  std::string password_command;  // prints the database's password; run for each connection
  std::vector<ThresholdSetting> thresholds;
  std::optional<int64_t> window_ms;  // of [thresholds]
  std::string scratch_url;           // server for scratch databases
  ServeConfig serve;
  std::vector<std::string> lint_allow;  // [lint] allow: "RULE" or "RULE OBJECT-GLOB"
};

// B101 with the line: not TOML, an unknown key, a value of the wrong type.
Result<Config> ParseConfig(std::string_view text, const std::string& file);

}  // namespace ballast::workspace
