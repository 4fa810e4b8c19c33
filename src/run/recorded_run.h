// SPDX-License-Identifier: Apache-2.0
// The run of a command that changes a database, as its report and the journal record it; shared by
// deploy, repair and rollback.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/stopwatch.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "postgres/journal.h"
#include "postgres/session.h"
#include "project/project_context.h"
#include "project/strategy_selection.h"
#include "report/run_report.h"
#include "report/stage_timer.h"
#include "run/run_report.h"

namespace ballast::run {

// What the reports of these commands have in common.
struct ChangingReport : project::StrategySelection {
  std::optional<plan::Found> found;  // empty: the database was not reached
  std::optional<plan::DecisionKind> decision;
  std::optional<std::string> sql;  // with --sql: the script that would run
  bool dry_run = false;
  std::vector<std::string> applied;
  std::vector<std::string> evidence;  // of a refusal
  std::vector<std::string> remedies;
  report::RunReport run;
  std::optional<Error> error;

  bool HasChanged() const { return !dry_run && decision == plan::DecisionKind::kApply; }
};

// Measures the run from its construction, and adds what becomes known to the report, which must
// outlive this object.
class RecordedRun {
 public:
  explicit RecordedRun(ChangingReport& report) : report_(report), stages_(&report.run.stages) {}

  report::StageTimer& stages() { return stages_; }

  // To be called once the strategy is selected, or could not be.
  void NoteSelection(const project::ProjectContext& context);
  // To be called for each observation, before anything is changed.
  void NoteObservation(const plan::Observation& observation);

  // The run so far, with the time that it has taken.
  report::RunReport SoFar() const;
  // The row of the journal for the run `so_far`, written by a message that ends `plan`.
  // `round_trips`: those before this message.
  postgres::RunRow Row(report::RunReport so_far, const plan::Plan& plan, int round_trips) const;
  // The same for a script with this plan that somebody else runs, at another time.
  postgres::RunRow RowOfScript(const plan::Plan& plan) const;
  // For the journal of a database that reaches `version` of the intent's release, or of one that it
  // upgrades from. Only run and strategy for a history.
  postgres::JournalContext Journal(const plan::Intent& intent, const std::string& version) const;

  // As run::RecordFailure, for the run `so_far`. A missing journal is created if the run has
  // committed something; by a deploy also if the database is fresh or has a migrations table.
  void RecordFailure(postgres::Session& session, report::RunReport so_far,
                     const Error& error) const;

 private:
  ChangingReport& report_;
  report::StageTimer stages_;
  std::optional<JournalState> journal_;  // once the database was observed
  Stopwatch watch_;
};

// What the journal says of a database that reaches `version` of the release, or of one that it
// upgrades from.
plan::JournalRelease JournalReleaseOf(const plan::ApplyRelease& release,
                                      const std::string& version);

// The number of rows that a plan inserts into the migrations table.
int RowsWrittenBy(const plan::Plan& plan);

}  // namespace ballast::run
