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
#include "base/stopwatch.h"
#include "commands/catalog_change.h"
#include "commands/repair.h"
#include "commands/run_report.h"
#include "plan/intent.h"
#include "postgres/session.h"
#include "project/project_context.h"
#include "report/stage_timer.h"
#include "scratch/scratch_server.h"

namespace ballast::commands {

class LiveChange {
 public:
  // Observes under the deployment lock, unless it is a dry run.
  static Result<LiveChange> Begin(const LiveChangeOptions& options,
                                  const project::Invocation& invocation, ChangeReport& report);

  const project::ProjectContext& context() const { return *context_; }
  project::Artifacts& artifacts() { return artifacts_; }
  plan::Intent& intent() { return *intent_; }
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
  Status Make(const ChangeQuestion& question, const plan::StateRows& rows,
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
  // B511 if an object of others that is created again does not fit the goal.
  Error ScriptFailed(Error error) const;
  report::RunReport RunSoFar() const;
  // `rows`: of the migrations table, that the plan writes.
  apply::RunContext Context(const ChangeQuestion& question, int rows) const;
  postgres::ObserveOptions ObserveSettings() const;

  LiveChangeOptions options_;
  const project::Invocation* invocation_;
  ChangeReport* report_;
  std::optional<project::ProjectContext> context_;
  project::Artifacts artifacts_;
  std::optional<plan::Intent> intent_;
  std::optional<postgres::Session> session_;
  std::optional<assess::Assessment> assessment_;
  std::optional<JournalState> journal_;  // once the database was observed
  std::unique_ptr<report::StageTimer> stages_;
  std::chrono::steady_clock::time_point began_at_ = std::chrono::steady_clock::now();
};

// The number of rows that a plan inserts into the migrations table.
int RowsWrittenBy(const plan::Plan& plan);

// Adds an error, and the resulting decision, to the report; ends its run.
void Conclude(Status done, double duration_ms, const project::Invocation& invocation,
              ChangeReport& report);

// The report of the command `name`, which changes a live database: `work` fills it in, and its run,
// its error, the duration and `dry_run` are added.
template <class Report, class Options, class Work>
Report ReportOf(const std::string& name, const Options& options,
                const project::Invocation& invocation, const Work& work) {
  Stopwatch watch;
  Report report;
  report.run = BeginRun(name, invocation);
  report.dry_run = options.dry_run || options.sql;
  report.is_sql = options.sql;
  Status done = work(report);
  Conclude(std::move(done), watch.Lap(), invocation, report);
  return report;
}

}  // namespace ballast::commands
