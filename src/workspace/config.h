// SPDX-License-Identifier: Apache-2.0
// ballast.toml: what a project may say where finding is not enough.
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
  std::optional<std::string> schema;  // always there once the file is read
  std::optional<std::string> migrations;
  std::optional<std::string> package;
  std::string url_variable;  // the variable that holds the database URL; empty: as Prisma does it
  std::string platform;
  std::string setup_script;
  std::vector<std::string> ignore;    // added to those of the whole file
  std::vector<std::string> accepted;  // the same
};

// A key figure of [thresholds] (report/key_figures.h). Times are in seconds, rates in percent.
struct ThresholdSetting {
  std::string name;  // "fresh_deploy", …
  std::optional<double> warn;
  std::optional<double> alert;
};

struct Config {
  std::filesystem::path file;  // empty: there is none
  // Paths are relative to the project's root.
  std::optional<std::string> schema;
  std::optional<std::string> migrations;
  std::optional<std::string> package;
  std::string url_variable;  // the variable that holds the database URL; empty: as Prisma does it
  std::vector<NamedProject> projects;
  std::vector<std::string> release_branches = {"railway-template-v*"};  // globs
  std::string strategy;             // "", "auto", "release", "development" or "history"
  std::string platform;             // a preset's name, or the path of SQL
  std::string setup_script;         // path of SQL that runs before the first migration
  std::vector<std::string> ignore;  // globs of objects that are left out of comparisons
  // Differences between schema.prisma and the migrations that somebody looked at and accepted, as
  // `schema check --accept` writes them.
  std::vector<std::string> accepted;
  std::vector<std::string> trusted_keys;  // of seals
  std::optional<int64_t> lock_timeout_ms;
  std::optional<int64_t> statement_timeout_ms;
  std::string password_command;  // prints the database's password; run for each connection
  std::vector<ThresholdSetting> thresholds;
  std::optional<int64_t> window_ms;  // of [thresholds]
  std::string scratch_url;           // where scratch databases may be made
  ServeConfig serve;
  std::vector<std::string> lint_allow;  // [lint] allow: "RULE" or "RULE OBJECT-GLOB"
};

// B101 with the line: not TOML, a key that is not known, a value of the wrong kind.
Result<Config> ParseConfig(std::string_view text, const std::string& file);

// "1500", "1500ms", "30s", "5min", "1h": as PostgreSQL writes times, in milliseconds. Nothing when
// it is none of these.
std::optional<int64_t> ParseMilliseconds(std::string_view text);

}  // namespace ballast::workspace
