// SPDX-License-Identifier: Apache-2.0
// `ballast deploy`: load, assess, apply, report.
#pragma once

#include <string>
#include <vector>

#include "assess/assess.h"
#include "assess/failure_inspection.h"
#include "plan/plan.h"
#include "postgres/url.h"
#include "project/invocation.h"
#include "run/deploy_options.h"
#include "run/recorded_run.h"

namespace ballast::run {
struct PreparedDeploy;  // run/prepared_deploy.h
}  // namespace ballast::run

namespace ballast::commands {

// In `run`, the fingerprint that was found is empty if the database was not read.
struct DeployReport : run::ChangingReport {
  plan::Plan plan;                             // what is, or was, to be done
  std::vector<plan::Notice> decision_notices;  // shown after the remarks
  int covered = 0;                             // migrations that the deploy marks as applied
  // With `covered`: those whose effect the compared state has; rows that stay are among them.
  size_t compared_migrations = 0;
  // After scripts that no comparison covers, both fingerprints of the run are empty, and this is
  // the one that the database had before these scripts.
  std::string fingerprint_before_scripts;
  size_t scripts_not_compared = 0;
  bool is_found_only = false;   // a dry run of scripts whose result nothing has proven
  bool has_proven_end = false;  // of the goal, so that `status` compares a current database
  std::string live_objects;     // the server's own hash; empty: the server did not compare
  bool layout_equal = true;
  bool created_database = false;     // by this run
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
DeployReport Deploy(const run::DeployOptions& options, const project::Invocation& invocation);

// The same to that database. `invocation` provides the progress; its URL is ignored. Thread-safe if
// each thread has its own progress.
DeployReport DeployTo(const postgres::Target& target, const run::DeployOptions& options,
                      const project::Invocation& invocation, run::PreparedDeploy& prepared);

}  // namespace ballast::commands
