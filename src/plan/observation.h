// SPDX-License-Identifier: Apache-2.0
// Everything that the planner knows about a target database.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plan/compared_state.h"
#include "plan/script_evidence.h"
#include "plan/server_state.h"

namespace ballast::plan {

// A row of _prisma_migrations, with the columns that decisions need (prisma-engines
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

// The release that a journal entry names; of a database: that of the last such entry.
struct JournalRelease {
  std::string version;
  std::string baseline_checksum;
  std::vector<std::string> older_baselines;  // of releases that it upgrades from
};

struct IndexName {
  std::string schema;
  std::string name;

  bool operator==(const IndexName&) const = default;
};

enum class IndexState { kAbsent, kInvalid, kValid };

// Which states of the project the catalog was compared with.
enum class Compared {
  kNothing,      // not compared
  kKnownStates,  // those that are known without a replay
  // Also the points of the history that are nearest to the database; or there is nothing to compare
  // it with.
  kAllStates
};

struct Observation {
  ServerState server;
  // The target schema, raw name: that of the URL, else that of the migrations table, which the
  // search_path finds, else the first one of the search_path.
  std::string schema;
  // The first schema of the search_path, in which scripts create objects that they do not qualify;
  // empty if it is the target schema.
  std::string other_current_schema = {};
  bool schema_exists = false;
  bool has_migrations_table = false;
  // It has something that Prisma's does not have, such as a trigger, which may change its rows.
  bool altered_migrations_table = false;
  std::vector<MigrationRow> rows;  // by started_at
  // How long ago the last migration finished, by the server's clock, in seconds; empty: none did,
  // or not read (postgres::ObserveRows).
  std::optional<double> since_last_migration;
  // The user's tables in the target schemas, as "table User": at most 20, `object_count` in total.
  // Read only if no row counts as applied.
  std::vector<std::string> objects;
  int object_count = 0;
  // Whether other objects exist there that would affect a deploy: views, functions, types,
  // extensions, event triggers. Read under the same condition.
  bool has_others = false;
  // Whether the database has what is an addition to any release: publications, languages, schemas
  // of other applications …, or default privileges. Read under the same condition.
  bool has_outside = false;
  bool has_journal = false;
  bool has_runs = false;  // the journal's table of runs exists; journals of old versions lack it
  bool has_kept_data = false;   // plan/kept_data.h: the schema exists
  bool can_write_runs = false;  // the role can insert into it or create it
  bool has_plpgsql = false;     // the language exists, and the role can use it
  std::optional<JournalRelease> journal_release;
  // The step outside a transaction that began, according to the journal, and did not end; or empty.
  std::string step_in_progress;
  // The state of the index that this step builds or drops; read only if there is such a step.
  std::optional<IndexState> step_index;
  // Invalid indexes in the target schemas, left by failed concurrent builds.
  std::vector<IndexName> invalid_indexes;
  Compared compared_with = Compared::kNothing;
  std::vector<ComparedState> compared;  // in order of preference
  // Why the points of the history could not be replayed: a sentence, and what to do; or empty.
  std::string replay_error = {};
  std::string replay_remedy = {};
  // The unknown baseline of the database is what prisma migrate diff prints for the package's
  // schema. Set together with `compared`.
  bool baseline_printed_from_schema = false;
  std::vector<FailureEvidence> failures;  // for failed rows, if inspected
  // Of the applied migrations, if none was applied with the project's script (other_project.h).
  std::optional<ScriptObjects> script_objects = {};
};

// The schema in which scripts create objects that they do not qualify, as the server's function
// current_schema().
const std::string& CurrentSchema(const Observation& observation);
// The failed rows, in order.
std::vector<MigrationRow> FailedRows(const Observation& observation);
// Whether some row counts as applied.
bool HasLiveRows(const Observation& observation);
// Whether the catalog equals a compared state that can be recorded.
bool EqualsKnownState(const Observation& observation);
// Names of the rows that count as applied; views into the observation.
std::set<std::string_view> AppliedNames(const Observation& observation);
// Reads all rows; for many names, use AppliedNames.
bool IsApplied(const Observation& observation, std::string_view name);
// The first row of the name that counts as applied, or null.
const MigrationRow* AppliedRow(const Observation& observation, std::string_view name);

}  // namespace ballast::plan
