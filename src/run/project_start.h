// SPDX-License-Identifier: Apache-2.0
// The start of a command that works on the project's database: load the project, select the
// strategy, connect.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/connect_with_retry.h"
#include "postgres/observe.h"
#include "postgres/session.h"
#include "project/invocation.h"
#include "project/strategy_selection.h"
#include "report/run_report.h"

namespace ballast::run {

// Loads the project as project::LoadWithIntent does, in steps, while a connection is established in
// the background.
class ProjectStart {
 public:
  // `target` belongs to the command's report. It is set as soon as the database is known, even if a
  // later step fails, and stays empty if the URL is invalid. All arguments must outlive this
  // object. Create it before everything else, because it begins to load libpq.
  ProjectStart(const project::Invocation& invocation, project::LoadedProject& project,
               std::optional<report::Target>& target)
      : invocation_(invocation), project_(project), report_target_(target) {}

  // How the command will observe the database of that project.
  using Observing = std::function<postgres::ObserveOptions(const project::ProjectContext&)>;

  // Loads the project and begins to connect. With `observing`, the connection begins to observe, as
  // postgres::ObserveAhead, while the package is loaded. Errors as project::LoadProject.
  Status Load(const std::vector<std::string>& trusted_keys,
              std::optional<std::chrono::milliseconds> connect_timeout = {},
              const Observing& observing = nullptr);

  // The same with project::LoadProjectOrNone.
  Status LoadIfAny();

  // Loads the package, and selects strategy and intent. Errors as project::SelectIntent.
  Status Select(const project::StrategyOverrides& overrides, project::StrategySelection& selection);

  // The database, or why the URL is invalid. Call it after Load.
  const Result<postgres::Target>& target() const { return connection_.target(); }

  // Waits for the connection. Call it once. Errors as project::TargetOf and
  // postgres::ConnectWithRetry.
  Result<postgres::Session> Connect(const postgres::ConnectOptions& options = {});

 private:
  Status Begin(Result<project::ProjectContext> loaded,
               std::optional<std::chrono::milliseconds> connect_timeout,
               const Observing& observing);
  void ReportTarget();

  const project::Invocation& invocation_;
  project::LoadedProject& project_;
  std::optional<report::Target>& report_target_;
  postgres::PendingConnection connection_;
};

}  // namespace ballast::run
