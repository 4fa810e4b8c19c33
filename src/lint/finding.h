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
  int line = 0;                    // of the statement; 1 for the script as a whole
  int statement = -1;              // counted from 0; -1: the script as a whole
  std::string sql;                 // the statement; empty for the script as a whole
  std::string object;              // "TaskRun", "TaskRun.status"; may be empty
  std::string message;             // one sentence without its full stop
  std::string safe_form;           // SQL, with comments that say what to do around it
  std::optional<LiveTable> table;  // the live table that the finding is about
  bool allowed = false;
};

// What the findings of all migrations depend on.
struct LintContext {
  CatalogPointer initial;  // before the first of the pending migrations
  // Empty: no live database was looked at.
  std::optional<LiveTables> live;
  std::string live_schema;        // what is `public` in the scratch database is this schema there
  bool has_lock_timeout = false;  // every deploy of this project has one
  std::vector<AllowEntry> allowed;
};

// Whether a rule looks at the script as a whole: a comment anywhere in the script allows it.
bool IsAboutScript(Rule rule);

// The findings of one migration, in the order of its statements.
std::vector<Finding> FindingsOf(const MigrationTrace& migration, const LintContext& context);

// A finding about a script as a whole.
Finding ScriptFinding(Rule rule, const std::string& migration, const std::string& file,
                      std::string message, std::string safe_form);

// Marks the findings that the script's comments or ballast.toml allow, and adds one for each
// comment that allows a rule which does not exist. `script` is that of `migration`.
void ApplyAllowances(const std::string& migration, const std::string& file,
                     const std::string& script, const std::vector<AllowEntry>& allowed,
                     std::vector<Finding>* findings);

}  // namespace ballast::lint
