// SPDX-License-Identifier: Apache-2.0
// `ballast lint`: measures what the pending migrations do, in a scratch database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "lint/finding.h"
#include "project/invocation.h"
#include "sql/lock_mode.h"

namespace ballast::commands {

enum class LintFormat { kText, kJson, kSarif, kGithub };

struct LintOptions {
  // Name of a migration, version of a release, or git ref; empty: see PendingSince.
  std::string since;
  lint::Severity fail_on = lint::Severity::kError;
  LintFormat format = LintFormat::kText;
};

// The measurements of one statement; objects by name.
struct MeasuredStatement {
  std::string migration;
  std::string file;
  int line = 0;
  std::string sql;
  std::vector<std::pair<sql::LockMode, std::string>> locks = {};  // mode, object
  std::vector<std::string> rewrites = {};
  std::vector<std::string> index_builds = {};
  std::vector<std::string> scans = {};
};

struct LintReport {
  std::string since;   // a description: "release v4.0.0"
  std::string server;  // the scratch server, "15.14"
  bool looked_at_database = false;
  // The working directory, relative to the top of the repository, with "/": what the paths of
  // findings are relative to. Empty: the top.
  std::string place;
  std::vector<std::string> pending;
  std::vector<MeasuredStatement> statements;
  std::vector<lint::Finding> findings;
  std::vector<std::string> notices;
  lint::Severity fail_on = lint::Severity::kError;
  // B514 if a finding that is not allowed has at least the severity of --fail-on. The report is
  // complete also then.
  std::optional<Error> error;

  size_t Count(lint::Severity severity) const;  // number of findings that are not allowed
  size_t Allowed() const;
};

// Measures the pending migrations in a scratch database. B100 and B101 for options and settings
// that are not valid, errors as PendingSince, and those of the replay (B300); B514 as above.
LintReport Lint(const LintOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
