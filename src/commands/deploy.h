// SPDX-License-Identifier: Apache-2.0
// `ballast deploy`: fetch, observe, decide, act, report.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "assess/failure_inspection.h"
#include "base/error.h"
#include "plan/plan.h"
#include "project/invocation.h"
#include "project/strategy_selection.h"
#include "report/run_report.h"

namespace ballast::commands {

struct DeployOptions {
  std::string strategy;  // "", "auto", "release", "development", "history"
  std::string branch;
  std::string to;                         // the last migration, or the release's version
  std::string replay_mode;                // release/replay_mode.h
  std::vector<std::string> trusted_keys;  // public keys, or files of them
  bool dry_run = false;
  bool sql = false;  // with dry_run: the script
  bool adopt = false;
  bool strict = false;
  bool allow_drift = false;
  bool from_template = false;  // make the database, as a copy of a deployed one
  std::optional<std::chrono::milliseconds> lock_timeout;
  std::optional<std::chrono::milliseconds> statement_timeout;
  std::optional<std::chrono::milliseconds> connect_timeout;
  std::chrono::milliseconds wait_for_database{0};
  std::chrono::milliseconds wait_when_full{0};  // for a free connection, beyond the lock timeout
};

struct DeployReport : project::StrategySelection {
  std::optional<plan::Found> found;  // empty: the database was not reached
  std::optional<plan::DecisionKind> decision;
  plan::Plan plan;                 // what is to be done, or was
  std::optional<std::string> sql;  // with --sql: the script that would run
  std::vector<std::string> applied;
  int recorded = 0;
  int covered = 0;  // migrations that a development baseline stood for
  int round_trips = 0;
  double duration_ms = 0;
  std::string fingerprint_expected;  // empty: none is known
  std::string fingerprint_actual;    // of the live catalog; empty: the database was not read
  std::string live_objects;  // the server's own hash of it; empty: the server did not compare
  bool layout_equal = true;
  std::vector<std::string> additions;  // what others have made, by name
  std::vector<std::string> drift;      // managed objects that are missing or changed, in words
  bool dry_run = false;
  std::string template_name;   // of the database that this one is a copy of; empty: it is none
  bool template_made = false;  // by this run
  std::vector<assess::FailureLine> failures;
  report::RunReport run;              // the run as the journal keeps it, with target and times
  std::vector<std::string> evidence;  // of a refusal
  std::vector<std::string> remedies;
  std::optional<Error> error;
};

// Never throws away what was found out: an error stands in the report.
DeployReport Deploy(const DeployOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
