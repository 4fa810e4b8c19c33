// SPDX-License-Identifier: Apache-2.0
// `ballast deploy`: load, assess, apply, report.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "assess/assess.h"
#include "assess/failure_inspection.h"
#include "commands/deploy_goal.h"
#include "commands/recorded_run.h"
#include "plan/plan.h"
#include "postgres/url.h"
#include "project/invocation.h"

namespace ballast::commands {

struct DeployOptions : DeployGoal {
  bool dry_run = false;
  bool sql = false;            // with dry_run: print the script
  bool from_template = false;  // create the database as a copy of a deployed template
  std::optional<std::chrono::milliseconds> lock_timeout;
  std::optional<std::chrono::milliseconds> statement_timeout;
  std::optional<std::chrono::milliseconds> connect_timeout;
  std::chrono::milliseconds wait_for_database{0};
  std::chrono::milliseconds wait_when_full{
      0};                       // for a free connection, in addition to the lock timeout
  bool create_database = true;  // if it does not exist; else P1003
  assess::Shortcuts shortcuts;  // a failure repeats the deploy without relies_on_end
};

// In `run`, the fingerprint that was found is empty if the database was not read.
struct DeployReport : ChangingReport {
  plan::Plan plan;                             // what is, or was, to be done
  std::vector<plan::Notice> decision_notices;  // shown after the remarks
  int covered = 0;                             // migrations that a development baseline covered
  // After scripts that no comparison covers, both fingerprints of the run are empty, and this is
  // the one that the database had before these scripts.
  std::string fingerprint_before_scripts;
  size_t scripts_not_compared = 0;
  std::string live_objects;  // the server's own hash; empty: the server did not compare
  bool layout_equal = true;
  bool assessed_again = false;       // relies_on_end was not sufficient
  bool accepts_drift = false;        // --allow-drift
  std::vector<std::string> ignored;  // as run.drift, for objects that `ignore` names
  std::string template_name;         // of the template that was copied; or empty
  bool template_made = false;        // by this run
  std::vector<assess::FailureLine> failures;
};

// All that is for information only, in the order in which it is shown.
std::vector<std::string> RemarksOf(const DeployReport& report);

// Errors are part of the report, together with everything that was found.
DeployReport Deploy(const DeployOptions& options, const project::Invocation& invocation);

struct PreparedDeploy;  // commands/prepared_deploy.h

// The same to that database. `invocation` provides the progress; its URL is ignored. Thread-safe if
// each thread has its own progress.
DeployReport DeployTo(const postgres::Target& target, const DeployOptions& options,
                      const project::Invocation& invocation, PreparedDeploy& prepared);

}  // namespace ballast::commands
