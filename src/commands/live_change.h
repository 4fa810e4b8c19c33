// SPDX-License-Identifier: Apache-2.0
// The common procedure of repair and rollback: load the project, lock and assess the database, find
// the change, refuse or make it, and report.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assess/assess.h"
#include "base/result.h"
#include "change/catalog_change.h"
#include "change/lost_connection.h"
#include "commands/repair.h"
#include "commands/run_report.h"
#include "plan/intent.h"
#include "postgres/session.h"
#include "project/strategy_selection.h"
#include "report/stage_timer.h"
#include "scratch/scratch_server.h"

namespace ballast::commands {

class LiveChange {
 public:
  // Observes under the deployment lock, unless it is a dry run.
  static Result<LiveChange> Begin(const LiveChangeOptions& options,
                                  const project::Invocation& invocation, ChangeReport& report);

  project::LoadedProject& project() { return project_; }
  const project::ProjectContext& context() const { return *project_.context; }
  project::Artifacts& artifacts() { return project_.artifacts; }
  plan::Intent& intent() { return *project_.intent; }
  const assess::Assessment& assessment() const { return *assessment_; }
  postgres::Session& session() { return *session_; }
  catalog::ComparisonRules Rules() const;
  Result<scratch::ScratchServer> StartScratch();

  // Adds evidence and remedies to the report and returns the error.
  Status Refuse(const plan::Refusal& refusal);

  // Writes a run that failed or was refused into the journal (see RecordFailure), unless nothing
  // was to be changed. Returns the given status.
  Status Recorded(Status done);

  // Finds the change to the report's goal, which has these rows, and makes it.
  Status Make(const change::ChangeQuestion& question, const plan::StateRows& rows,
              const plan::ChangePolicy& policy);

 private:
  LiveChange(const LiveChangeOptions& options, const project::Invocation& invocation,
             ChangeReport& report)
      : options_(options),
        invocation_(&invocation),
        report_(&report),
        stages_(std::make_unique<report::StageTimer>(&report.run.stages)) {}

  Status Connect();
  Status Observe();
  Result<assess::Assessment> Assess(postgres::Session& session);
  // After the connection was lost: whether the last transaction of the plan was committed, which
  // has the rows. Without rows, the change is looked for again.
  Status FindOutAfterLoss(const change::ChangeQuestion& question, const plan::ChangeGoal& goal,
                          Error loss);
  // Nothing if it cannot be found out.
  std::optional<bool> IsComplete(const change::ChangeQuestion& question,
                                 const plan::ChangeGoal& goal, change::SecondLook& look) const;
  // B511 if an object of others that is created again does not fit the goal.
  Error ScriptFailed(Error error) const;
  // Names the sessions that probably hold the lock.
  Error Locked(const plan::Plan& plan, Error error);
  report::RunReport RunSoFar() const;
  // `rows`: of the migrations table, that the plan writes.
  apply::RunContext Context(const change::ChangeQuestion& question, int rows) const;
  postgres::ObserveOptions ObserveSettings() const;

  LiveChangeOptions options_;
  const project::Invocation* invocation_;
  ChangeReport* report_;
  project::LoadedProject project_;
  std::optional<postgres::Session> session_;
  std::optional<assess::Assessment> assessment_;
  std::optional<JournalState> journal_;  // once the database was observed
  std::unique_ptr<report::StageTimer> stages_;
  std::chrono::steady_clock::time_point began_at_ = std::chrono::steady_clock::now();
};

// The number of rows that a plan inserts into the migrations table.
int RowsWrittenBy(const plan::Plan& plan);

// The report of the command `name`, which changes a live database. `act` gets the begun change and
// the report, and completes both.
template <class Report, class Options, class Act>
Report ReportChange(const std::string& name, const Options& options,
                    const project::Invocation& invocation, const Act& act) {
  const auto change_database = [&](Report& report) -> Status {
    TRY_ASSIGN(LiveChange change, LiveChange::Begin(options, invocation, report));
    return change.Recorded(act(change, report));
  };
  return RunCommand<Report>(name, invocation, [&](Report& report) {
    report.dry_run = options.dry_run || options.sql;
    report.is_sql = options.sql;
    return Decided(change_database(report), report.decision);
  });
}

}  // namespace ballast::commands
