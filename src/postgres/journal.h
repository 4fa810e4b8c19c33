// SPDX-License-Identifier: Apache-2.0
// Our own append-only record of deployments: who, when, which release, what was run. It lives in
// the schema `ballast`, where Prisma never looks (docs/journal.md). Only text; the executor sends
// it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::postgres {

inline constexpr char kJournalSchema[] = "ballast";

struct JournalEntry {
  std::string deployment;  // uuid of the run
  std::string event;    // "deployed", "step_started", "step_finished", "step_failed", "converted"
  std::string subject;  // a migration, a release
  std::string strategy;
  std::string release;                       // version; empty: none
  std::string baseline_checksum;             // empty: none
  std::vector<std::string> older_baselines;  // checksums that this release moves forward from
  std::string fingerprint;                   // of the catalog afterwards; empty: not compared
  std::string detail;                        // what was run, an error, …
};

// The schema and the table, if they are not there; needs CREATE on the database.
std::string CreateJournalSql();
std::string InsertJournalSql(const std::vector<JournalEntry>& entries);

// A run of the program, in ballast.runs. A run that had nothing to do leaves no row.
struct RunRow {
  std::string run;     // uuid; the `deployment` of its journal entries
  std::string schema;  // the target schema
  std::string command;
  std::string strategy;
  std::string release;
  std::string outcome;  // report::NameOf
  std::string code;     // of the error; empty: none
  double duration_ms = 0;
  double apply_ms = 0;  // of the stage "apply", which ends with the transaction of this row
  std::string report;   // report::ToJson
};

// The table, in the journal's schema. Before the first run that it records there is only the
// journal, where an older version has made that.
std::string CreateRunsSql();
// Does nothing where the run has its row already.
std::string InsertRunSql(const RunRow& row);
// SQL for before and after a script that gets no row of its own in the migrations table: notes in
// the session how long it took.
std::string BeginUnrecordedSql();
std::string EndUnrecordedSql(std::string_view name);

// The same inside the transaction that ends the run. The time since that transaction or its message
// began is added to both durations. Each of these migrations has the duration that its row in the
// migrations table of the schema says, and each unrecorded script the noted one.
std::string InsertRunInTransactionSql(const RunRow& row,
                                      const std::vector<std::string>& migrations);

// For a role that may keep no journal: the release, as a comment on the migrations table of the
// schema, so that an older program finds that the database is ahead of it. Does nothing where the
// role does not own the table.
std::string NoteReleaseSql(std::string_view schema, const JournalEntry& entry);

}  // namespace ballast::postgres
