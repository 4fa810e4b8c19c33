// SPDX-License-Identifier: Apache-2.0
// `ballast status`: reports the state of the database. Changes nothing and takes no lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assess/failure_inspection.h"
#include "assess/summary.h"
#include "base/error.h"
#include "project/invocation.h"
#include "project/strategy_selection.h"
#include "report/run_report.h"
#include "run/deploy_goal.h"

namespace ballast::commands {

struct StatusOptions : run::DeployGoal {};

struct StatusReport : project::StrategySelection, assess::Summary {
  std::optional<report::Target> target;       // empty: the URL is not known
  std::vector<assess::FailureLine> failures;  // the failed migrations with their evidence
  std::optional<Error> error;

  // The database was assessed and is up to date.
  bool IsUpToDate() const { return Summary::IsUpToDate() && !error; }
};

StatusReport ReadStatus(const StatusOptions& options, const project::Invocation& invocation);

// The same for a loaded project and a connection to its database. Selects the strategy and adds the
// artifacts and the intent to `project`.
StatusReport ReadStatusOver(postgres::Session& session, const StatusOptions& options,
                            const project::Invocation& invocation, project::LoadedProject& project);

}  // namespace ballast::commands
