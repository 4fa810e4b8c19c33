// SPDX-License-Identifier: Apache-2.0
// Creates the report of a command's run, and writes it to the journal.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/result.h"
#include "base/stopwatch.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "postgres/journal.h"
#include "postgres/session.h"
#include "project/invocation.h"
#include "project/project_context.h"
#include "report/run_report.h"

namespace ballast::run {

// A new report, with id, time and origin; sends the event "started".
report::RunReport BeginRun(std::string command, const project::Invocation& invocation);
// Sets duration, outcome and error, and sends the events "refused" or "failed", and "finished".
// `changed`: the run changed something.
void EndRun(report::RunReport& run, double duration_ms, bool changed,
            const std::optional<Error>& error, const project::Invocation& invocation);

// Carries out a command that has a run, and returns its report. `work` gets the report, fills it
// in, and returns a Status. `Report` has the members `run`, `error` and `HasChanged()`: whether the
// command changed something.
template <class Report, class Work>
Report RunCommand(std::string command, const project::Invocation& invocation, const Work& work) {
  Stopwatch watch;
  Report report;
  report.run = BeginRun(std::move(command), invocation);
  Status done = work(report);
  if (!done) report.error = std::move(done).error();
  EndRun(report.run, watch.Lap(), report.HasChanged(), report.error, invocation);
  return report;
}

// Adds the end of a command to the decision that it made: a command that failed before it decided,
// or was refused later, has refused. Returns the given status.
Status Decided(Status done, std::optional<plan::DecisionKind>& decision);

// The data in the URL, and the project's name among several; the role is empty if the URL does not
// specify it.
report::Target TargetOf(const postgres::Target& target, const project::ProjectContext& context);
report::Target TargetOf(const postgres::Target& target, std::string project);
// Adds the version of the server and what the URL left to libpq, and sends the event "connected".
// Says so if the session is in the database of the undecoded name.
void ReportConnected(const postgres::Session& session, report::Target& target, Progress& progress);
// Before FillTarget: a sentence for people if the session's search_path leads to another schema
// than the one that was reported, or begins with another one than that of the migrations table.
std::optional<std::string> NoticeOfSchema(const plan::Observation& observation,
                                          const report::Target& target);
// Adds the data from the server.
void FillTarget(const plan::Observation& observation, report::Target& target);

report::Outcome OutcomeOf(const Error& error);

// As a row of the journal.
postgres::RunRow RowOf(const report::RunReport& run);

struct JournalState {
  explicit JournalState(const plan::Observation& observation)
      : exists(observation.has_journal),
        has_runs(observation.has_runs),
        can_write(observation.can_write_runs),
        can_create(observation.server.can_create_schema),
        is_foreign(!observation.has_migrations_table && observation.object_count > 0) {}

  bool exists;
  bool has_runs;
  bool can_write;
  bool can_create;
  bool is_foreign;  // it has tables that no migrations table explains
};

// Records a failed or refused run if the role can write to the journal. `creates`: also where there
// is none yet, if the role can create it. Takes at most one second and never fails. `journal` is
// empty if nothing was observed.
void RecordFailure(postgres::Session& session, const std::optional<JournalState>& journal,
                   report::RunReport run, const Error& error, bool creates);

}  // namespace ballast::run
