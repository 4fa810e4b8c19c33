// SPDX-License-Identifier: Apache-2.0
// `ballast status`: reports the state of the database. Changes nothing and takes no lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assess/assess.h"
#include "base/error.h"
#include "commands/deploy_goal.h"
#include "project/invocation.h"
#include "project/strategy_selection.h"
#include "report/run_report.h"

namespace ballast::commands {

struct StatusOptions : DeployGoal {};

struct StatusReport : project::StrategySelection {
  std::optional<report::Target> target;  // empty: the URL is not known
  std::optional<plan::Found> found;      // empty: the database was not reached
  std::vector<std::string> pending;
  std::vector<std::string> failed;
  std::vector<assess::FailureLine> failures;  // the failed migrations with their evidence
  std::vector<std::string> unknown;
  // Whether the database was compared with a proven state; if not, its drift is not known.
  bool compared = false;
  std::vector<std::string> differences;  // for a current database: descriptions of drift
  std::vector<std::string> drift;        // descriptions of missing or changed managed objects
  std::vector<std::string> ignored;      // the same, for objects that `ignore` names
  std::vector<std::string> additions;    // names
  std::string fingerprint_expected;      // empty: not known for this state
  std::string fingerprint_actual;
  // The refusal of a deploy, if it would refuse: code and sentence, and the evidence.
  std::optional<Error> refusal;
  std::vector<std::string> evidence;
  std::vector<std::string> remedies;
  std::optional<Error> error;

  // Nothing is pending, nothing has drifted, and a deploy would not refuse.
  bool IsUpToDate() const;
};

// The part of the report that comes from the database. `deploy_command` is what the remedies name.
void FillStatus(const assess::Assessment& assessment, const std::string& deploy_command,
                StatusReport& report);

StatusReport ReadStatus(const StatusOptions& options, const project::Invocation& invocation);

// The same for a loaded project and a connection to its database. Selects the strategy and adds the
// artifacts and the intent to `project`.
StatusReport ReadStatusOver(postgres::Session& session, const StatusOptions& options,
                            const project::Invocation& invocation, project::LoadedProject& project);

}  // namespace ballast::commands
