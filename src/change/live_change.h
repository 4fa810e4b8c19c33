// SPDX-License-Identifier: Apache-2.0
// The common procedure of repair and rollback: load the project, lock and assess the database, find
// the change, refuse or make it, and report.
#pragma once

#include <optional>
#include <string>

#include "apply/executor.h"
#include "assess/assess.h"
#include "base/progress.h"
#include "base/result.h"
#include "change/catalog_change.h"
#include "change/change_report.h"
#include "change/lost_connection.h"
#include "plan/change.h"
#include "plan/intent.h"
#include "postgres/session.h"
#include "project/strategy_selection.h"
#include "run/recorded_run.h"
#include "run/run_report.h"
#include "scratch/scratch_server.h"

namespace ballast::change {

// Everything that it finds is added to the report at once.
class LiveChange {
 public:
  // All arguments must outlive this object.
  LiveChange(const LiveChangeOptions& options, const project::Invocation& invocation,
             ChangeReport& report)
      : options_(options), invocation_(invocation), report_(report), run_(report) {}

  // Connects, and observes under the deployment lock, unless it is a dry run. Call it first. Errors
  // as ProjectStart and assess::Assess.
  Status Begin();

  project::LoadedProject& project() { return project_; }
  const project::ProjectContext& context() const { return *project_.context; }
  project::Artifacts& artifacts() { return project_.artifacts; }
  plan::Intent& intent() { return *project_.intent; }
  const assess::Assessment& assessment() const { return *assessment_; }
  postgres::Session& session() { return *session_; }
  Progress& progress() { return *invocation_.progress; }
  catalog::ComparisonRules Rules() const;
  // Errors as proof::StartServerOf.
  Result<scratch::ScratchServer> StartScratch();

  // Adds evidence and remedies to the report and returns the error.
  Status Refuse(const plan::Refusal& refusal);

  // Finds the change to the report's goal, which has these rows, and makes it. Errors as
  // FindChange, plan::DecideChange and apply::Run; B700 and B701 after a lost connection.
  Status Make(const ChangeQuestion& question, const plan::StateRows& rows,
              const plan::ChangePolicy& policy);

  // Ends the run: writes one that failed or was refused into the journal (see RecordFailure),
  // unless nothing was to be changed. Returns the given status. Call it once after Begin.
  Status Recorded(Status done);

 private:
  Status Connect();
  Status Observe();
  Result<assess::Assessment> Assess(postgres::Session& session);
  // Errors as apply::Run, with what to do about them.
  Status Apply(const plan::Plan& plan, const apply::RunContext& context);
  // After the connection was lost: whether the last transaction of the plan was committed, which
  // has the rows. Without rows, the change is looked for again.
  Status FindOutAfterLoss(const ChangeQuestion& question, const plan::ChangeGoal& goal, Error loss);
  // How far the change was committed; nothing if it cannot be found out.
  enum class Progressed { kNot, kPartly, kToTheEnd };
  std::optional<Progressed> Look(const ChangeQuestion& question, const plan::ChangeGoal& goal,
                                 SecondLook& look) const;
  std::string ObjectOf(const Error& error) const;
  // B511 if an object of others that is created again does not fit the goal.
  Error ScriptFailed(Error error) const;
  // Names the sessions that probably hold the lock.
  Error Locked(const plan::Plan& plan, Error error);
  void RenderSql(const plan::Plan& plan, apply::RunContext context);
  apply::RunContext Context(const ChangeQuestion& question, const plan::Plan& plan) const;
  postgres::ObserveOptions ObserveSettings() const;

  const LiveChangeOptions& options_;
  const project::Invocation& invocation_;
  ChangeReport& report_;
  run::RecordedRun run_;
  project::LoadedProject project_;
  std::optional<postgres::Session> session_;
  std::optional<assess::Assessment> assessment_;
};

// The report of the command `name`, which changes a live database. `act` gets the begun change and
// the report, and completes both.
template <class Report, class Options, class Act>
Report ReportChange(const std::string& name, const Options& options,
                    const project::Invocation& invocation, const Act& act) {
  const auto change_database = [&](Report& report) -> Status {
    LiveChange change(options, invocation, report);
    TRY(change.Begin());
    return change.Recorded(act(change, report));
  };
  return run::RunCommand<Report>(name, invocation, [&](Report& report) {
    report.dry_run = options.OnlyShows();
    report.is_sql = options.sql;
    return run::Decided(change_database(report), report.decision);
  });
}

}  // namespace ballast::change
