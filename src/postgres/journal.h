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

// For a role that may keep no journal: the release, as a comment on the migrations table of the
// schema, so that an older program finds that the database is ahead of it. Does nothing where the
// role does not own the table.
std::string NoteReleaseSql(std::string_view schema, const JournalEntry& entry);

}  // namespace ballast::postgres
