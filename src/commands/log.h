// SPDX-License-Identifier: Apache-2.0
// `ballast log`: lists the runs in the database's journal, and computes key figures.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "project/invocation.h"
#include "report/key_figures.h"
#include "report/run_report.h"

namespace ballast::commands {

struct LogOptions {
  std::string since;     // "7d", "24h", or a time: "2026-11-01", "2026-11-01 12:00"
  std::string release;   // version; empty: any
  std::string strategy;  // "release"; empty: any
  bool failures = false;
  bool all_schemas = false;  // also runs of other schemas than the URL's
  int limit = 20;            // 0: all
  bool summary = false;      // key figures instead of runs
  bool fail_on_alert = false;
};

struct LoggedRun {
  std::string at;     // end time by the server's clock
  std::string actor;  // the role
  report::RunReport run;
};

struct LogReport {
  std::string project;
  std::optional<report::Target> target;
  bool filtered = false;                   // options select some of the runs
  std::vector<LoggedRun> runs;             // newest first; of a summary: those of the window
  std::vector<report::KeyFigure> figures;  // of a summary
  std::optional<bool> is_reachable;        // of a summary; empty: the server was not asked
  std::vector<std::string> notices;
  std::optional<Error> error;
};

// Read-only. B800 with `fail_on_alert` if a figure exceeds its threshold; B100 for an invalid time;
// B304 if the role may not read the journal.
LogReport ReadLog(const LogOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
