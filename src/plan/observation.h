// SPDX-License-Identifier: Apache-2.0
// Everything that the planner may know about a target database, as values.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "release/manifest.h"

namespace ballast::plan {

// A row of _prisma_migrations, as far as decisions need it (prisma-engines
// schema-engine/ARCHITECTURE.md, "The _prisma_migrations table").
struct MigrationRow {
  std::string name;
  std::string checksum;
  bool finished = false;
  bool rolled_back = false;
  int applied_steps = 0;
  std::string started_at;  // of failed rows: "2026-11-22 11:57:15.249 UTC"
  std::string logs;        // of failed rows

  // Neither finished nor rolled back: one such row blocks every deploy (P3009).
  bool Failed() const { return !finished && !rolled_back; }
  // What `migrate deploy` counts as applied, finished or not.
  bool CountsAsApplied() const { return !rolled_back; }
};

struct ServerState {
  int major = 0;
  std::string version;  // "15.14"
  std::string database;
  std::string role;
  bool superuser = false;  // the role is one
  bool in_recovery = false;
  bool read_only = false;
  bool can_create_schema = false;     // CREATE on the database
  bool can_create_in_schema = false;  // CREATE on the target schema
  // What the role may not do to the migrations table and the journal: "INSERT ON ballast.journal".
  std::vector<std::string> missing_privileges;
};

// The last entry of our journal that names a release.
struct JournalRelease {
  std::string version;
  std::string baseline_checksum;
  std::vector<std::string> older_baselines;  // checksums of the releases that it moves forward from
};

struct IndexName {
  std::string schema;
  std::string name;

  bool operator==(const IndexName&) const = default;
};

enum class IndexState { kAbsent, kInvalid, kValid };

// A state that the project knows, and how the live catalog compares with it.
struct ComparedState {
  std::string name;                   // "release v1.0.0", "the development baseline"
  release::FingerprintRecord record;  // without the server's hashes where only facts are known
  release::Coverage run;              // its rows: as run …
  release::Coverage resolved;         // … and as marked
  release::Coverage covers;           // the migrations that it stands for
  bool equal = false;
  // Not equal, but all that the state has is as it says; the rest are additions, so many.
  bool contained = false;
  size_t additions = 0;
  // A baseline printed from a schema: it is recognised, and never recorded.
  bool schema_only = false;
  std::vector<std::string> differences;  // in words; empty where its facts are not known, too
};

// How much of a failed migration is there.
enum class EffectsPresent { kAll, kPart, kNone, kUnknown };

struct FailureEvidence {
  std::string name;
  EffectsPresent there = EffectsPresent::kUnknown;
  std::string because;               // a sentence
  std::vector<std::string> present;  // objects as its script leaves them, in words
  std::vector<std::string> absent;   // objects that are not
};

struct Observation {
  ServerState server;
  std::string schema;  // the target schema, raw name
  bool schema_exists = false;
  bool has_migrations_table = false;
  std::vector<MigrationRow> rows;  // by started_at
  // Tables of the user's in the target schemas, "table User"; at most 20, `object_count` in all.
  // Known only where no row counts as applied: otherwise nobody asks.
  std::vector<std::string> objects;
  int object_count = 0;
  // Other objects that exist there or act on what a deploy makes: views, functions, types,
  // extensions, event triggers. Known as `objects` is.
  bool has_others = false;
  bool has_journal = false;
  bool has_runs = false;        // the journal's table of runs, which old journals lack
  bool can_write_runs = false;  // the role may insert into it, or make it
  std::optional<JournalRelease> journal_release;
  // The step outside a transaction that our journal saw begin and not end; empty: none.
  std::string step_under_way;
  // Of the index that this step builds or drops; asked for only where there is one.
  std::optional<IndexState> step_index;
  // Indexes in the target schemas that broken concurrent builds have left.
  std::vector<IndexName> invalid_indexes;
  // Of a database with objects and no rows, where somebody asked for the comparison; those to be
  // preferred first.
  std::vector<ComparedState> compared;
  // The unknown baseline of the database is what prisma migrate diff prints from the package's own
  // schema; known only where `compared` is.
  bool baseline_printed_from_schema = false;
  std::vector<FailureEvidence> failures;  // of the failed rows, where somebody has looked
};

// The failed rows, in order.
std::vector<MigrationRow> FailedRows(const Observation& observation);
// Whether some row counts as applied.
bool HasLiveRows(const Observation& observation);
// Names of the rows that count as applied; views into the observation.
std::set<std::string_view> AppliedNames(const Observation& observation);
// Reads all rows; of many names ask AppliedNames.
bool IsApplied(const Observation& observation, std::string_view name);
// The first row of the name that counts as applied, or null.
const MigrationRow* AppliedRow(const Observation& observation, std::string_view name);

}  // namespace ballast::plan
