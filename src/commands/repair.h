// SPDX-License-Identifier: Apache-2.0
// `ballast repair`: changes a live database that differs from its proven state to that state.
// Additions remain, and no data is lost without permission.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "change/catalog_change.h"
#include "plan/plan.h"
#include "project/invocation.h"
#include "project/strategy_selection.h"
#include "report/run_report.h"

namespace ballast::commands {

// The options of repair and rollback.
struct LiveChangeOptions {
  std::string strategy;  // "", "auto", "release", "development", "history"
  std::string branch;
  std::vector<std::string> trusted_keys;
  bool dry_run = false;
  bool sql = false;  // print the script; change nothing
  std::optional<std::chrono::milliseconds> lock_timeout;
  std::optional<std::chrono::milliseconds> statement_timeout;
};

struct RepairOptions : LiveChangeOptions {
  std::vector<std::string> drop;  // globs on objects whose data may be lost
};

// The report of repair and rollback.
struct ChangeReport : project::StrategySelection {
  std::optional<plan::Found> found;
  std::optional<plan::DecisionKind> decision;
  std::string goal;  // "release v1.0.0"; run.release: its version, empty for other goals
  change::CatalogChange change;
  std::optional<std::string> sql;  // with --sql
  bool dry_run = false;
  bool is_sql = false;  // whether the script was asked for
  std::vector<std::string> applied;
  std::vector<std::string> evidence;  // of a refusal
  std::vector<std::string> remedies;
  report::RunReport run;
  std::optional<Error> error;

  bool HasChanged() const { return !dry_run && decision == plan::DecisionKind::kApply; }
};

struct RepairReport : ChangeReport {};

RepairReport Repair(const RepairOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
