// SPDX-License-Identifier: Apache-2.0
// The append-only record of deployments: who, when, which release, what ran. It is in the schema
// `ballast`, which Prisma does not read (docs/journal.md). These functions only return SQL; the
// executor sends it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/observation.h"
#include "plan/strategy.h"

namespace ballast::postgres {

// What an entry records.
enum class JournalEvent {
  kDeployed,      // the end of a run
  kStepStarted,   // of a step outside a transaction
  kStepFinished,  // likewise; alone: of one that a repair or rollback commits before the others
  kStepFailed,    // likewise
  kStepResumed,   // the step of a run that was killed, by a later run
  kStatementFinished,  // of a script that runs statement by statement
};
std::string_view NameOf(JournalEvent event);  // "deployed", "step_started", … (docs/journal.md)

// What all entries of a run have in common.
struct JournalContext {
  std::string deployment;  // uuid of the run
  std::optional<plan::Strategy> strategy = {};
  plan::JournalRelease release = {};  // what the database reaches; without a version: no release
  std::string fingerprint = {};       // of the proven catalog; empty: not compared
};

struct JournalEntry {
  JournalEvent event = JournalEvent::kDeployed;
  std::string subject;  // a migration, a release
  std::string detail;   // what was run, an error, …
};

// Creates schema and table if they do not exist; needs CREATE on the database.
std::string CreateJournalSql();
std::string InsertJournalSql(const JournalContext& run, const JournalEntry& entry);

// A run of the program, in ballast.runs. A run with nothing to do is not recorded.
struct RunRow {
  std::string run;     // uuid; the `deployment` of its journal entries
  std::string schema;  // the target schema
  std::string command;
  std::string strategy;
  std::string release;
  std::string outcome;  // report::NameOf
  std::string code;     // of the error; empty: none
  double duration_ms = 0;
  double apply_ms = 0;  // duration of the stage "apply", which ends with this row's transaction
  std::string report;   // report::ToJson
  // The run begins with this row's transaction, whenever somebody sends it.
  bool starts_later = false;
};

// Creates the table in the journal's schema. It may be missing where an older version has created
// the journal.
std::string CreateRunsSql();
// Does nothing if the run already has a row.
std::string InsertRunSql(const RunRow& row);
// SQL before and after a script without its own row in the migrations table; records its duration
// in the session.
std::string BeginUnrecordedSql();
std::string EndUnrecordedSql(std::string_view name);

// The same inside the transaction that ends the run. The time since that transaction or its message
// began is added to both durations. Durations of migrations come from their rows in the migrations
// table, those of unrecorded scripts from the session. With `has_plpgsql`, waits for a lock on
// ballast.runs for one second at most. If the row cannot be inserted, the server sends a warning
// instead of an error, which RunNotRecorded finds.
std::string InsertRunInTransactionSql(const RunRow& row, const std::vector<std::string>& migrations,
                                      bool has_plpgsql);
// That warning, with its reason, if it is among the notices as Session::TakeNotices returns them.
std::optional<std::string> RunNotRecorded(const std::vector<std::string>& notices);
inline constexpr char kRunNotRecorded[] = "this run is not in the journal: ";

// Records the release in the comment on the migrations table, as one line, and keeps the lines of
// others. An older program then detects that the database is ahead without the journal: where the
// role cannot keep one, or a dump of the schema leaves it out. Does nothing if the comment cannot
// be written: the role does not own the table, or another session holds a lock on it for a second.
// Needs plpgsql.
inline constexpr char kNoteBegins[] = R"({"ballast":)";
std::string NoteReleaseSql(std::string_view schema, const plan::JournalRelease& release);

}  // namespace ballast::postgres
