// SPDX-License-Identifier: Apache-2.0
// Creates the report of a command's run, and writes it to the journal.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "plan/observation.h"
#include "postgres/journal.h"
#include "postgres/session.h"
#include "project/invocation.h"
#include "project/project_context.h"
#include "report/run_report.h"

namespace ballast::commands {

// A new report, with id, time and origin; sends the event "started".
report::RunReport BeginRun(std::string command, const project::Invocation& invocation);

// The data in the URL, and the project's name; role and schema are empty if the URL does not
// specify them.
report::Target TargetOf(const postgres::Target& target, const project::ProjectContext& context);
// Takes the server's version, and sends the event "connected".
void TakeServer(const postgres::Session& session, report::Target& target, Progress& progress);
// The data from the server.
void TakeObservation(const plan::Observation& observation, report::Target& target);

// The name in ballast.toml, else the path of the schema from the top of the repository.
std::string NameOf(const project::ProjectContext& context);

// Sets duration, outcome and error, and sends the events "refused" or "failed", and "finished".
// `changed`: the run changed something.
void EndRun(report::RunReport& run, double duration_ms, bool changed,
            const std::optional<Error>& error, const project::Invocation& invocation);
report::Outcome OutcomeOf(const Error& error);

// As a row of the journal.
postgres::RunRow RowOf(const report::RunReport& run);

struct JournalState {
  explicit JournalState(const plan::Observation& observation)
      : exists(observation.has_journal),
        has_runs(observation.has_runs),
        can_write(observation.can_write_runs),
        can_create(observation.server.can_create_schema) {}

  bool exists;
  bool has_runs;
  bool can_write;
  bool can_create;
};

// Records a failed or refused run if the database has a journal and the role can write to it. If
// the run has changed the database (`changed`), a missing journal is created. Takes at most one
// second and never fails. `journal` is empty if nothing was observed.
void RecordFailure(postgres::Session& session, const std::optional<JournalState>& journal,
                   report::RunReport run, const Error& error, bool changed);

}  // namespace ballast::commands
