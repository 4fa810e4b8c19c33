// SPDX-License-Identifier: Apache-2.0
// What lint reports.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lint/allowance.h"
#include "lint/measurement.h"
#include "lint/rules.h"

namespace ballast::lint {

struct Finding {
  Rule rule = Rule::kUnknownRule;
  Severity severity = Severity::kWarning;
  std::string migration;
  std::string file;
  int line = 0;                    // of the statement; 1 for the whole script
  int statement = -1;              // 0-based index; -1: the whole script
  std::string sql;                 // the statement; empty for the whole script
  std::string object;              // "TaskRun", "TaskRun.status"; may be empty
  std::string message;             // one sentence without full stop
  std::string safe_form;           // SQL with comments that explain the steps around it
  std::optional<LiveTable> table;  // the live table that it concerns
  bool allowed = false;
};

// What the findings of all migrations depend on.
struct LintContext {
  CatalogPointer initial;  // the catalog before the first pending migration
  // Tables of the live database; empty if none was read.
  std::optional<LiveTables> live;
  std::string live_schema;  // the live schema that corresponds to `public` in the scratch database
  std::string time_zone;    // TimeZone of the live database, in which was measured; empty: unknown
  bool has_lock_timeout = false;  // every deploy of this project has a lock timeout
  std::vector<AllowEntry> allowed;
};

// Whether a rule concerns the whole script, so that a comment anywhere in the script allows it.
bool IsAboutScript(Rule rule);

// The findings of one migration, in the order of its statements.
std::vector<Finding> FindingsOf(const MigrationTrace& migration, const LintContext& context);

// A finding about a whole script.
Finding ScriptFinding(Rule rule, const std::string& migration, const std::string& file,
                      std::string message, std::string safe_form);

// Marks findings that comments in the script or ballast.toml allow. `script` is that of
// `migration`.
void ApplyAllowances(const std::string& migration, const std::string& script,
                     const std::vector<AllowEntry>& allowed, std::vector<Finding>* findings);

// A finding for each comment that allows an unknown rule.
std::vector<Finding> UnknownRules(const std::string& migration, const std::string& file,
                                  const std::string& script);

}  // namespace ballast::lint
