// SPDX-License-Identifier: Apache-2.0
#include "run/project_start.h"

#include <utility>

#include "run/run_report.h"

namespace ballast::run {

Status ProjectStart::Load(const std::vector<std::string>& trusted_keys,
                          std::optional<std::chrono::milliseconds> connect_timeout,
                          const Observing& observing) {
  return Begin(project::LoadProject(invocation_, trusted_keys), connect_timeout, observing);
}

Status ProjectStart::LoadIfAny() {
  return Begin(project::LoadProjectOrNone(invocation_), {}, nullptr);
}

Status ProjectStart::Begin(Result<project::ProjectContext> loaded,
                           std::optional<std::chrono::milliseconds> connect_timeout,
                           const Observing& observing) {
  TRY_ASSIGN(project_.context, std::move(loaded));
  std::function<void(postgres::Session&)> connected;
  if (observing) {
    connected = [observe = observing(*project_.context)](postgres::Session& session) {
      postgres::ObserveAhead(session, observe);
    };
  }
  connection_.Begin([this] { return project::TargetOf(*project_.context); }, connect_timeout,
                    std::move(connected));
  return {};
}

Status ProjectStart::Select(const project::StrategyOverrides& overrides,
                            project::StrategySelection& selection) {
  Status selected = project::SelectIntent(overrides, project_, selection);
  ReportTarget();
  return selected;
}

Result<postgres::Session> ProjectStart::Connect(const postgres::ConnectOptions& options) {
  ReportTarget();
  return connection_.Finish(options, *invocation_.progress);
}

void ProjectStart::ReportTarget() {
  if (target() && !report_target_) report_target_ = TargetOf(*target(), *project_.context);
}

}  // namespace ballast::run
