// SPDX-License-Identifier: Apache-2.0
// The steps of a plan, each with its reason.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "plan/observation.h"
#include "plan/replaced_rows.h"
#include "release/manifest.h"
#include "release/migration.h"

namespace ballast::plan {

// Creates the target schema (as Prisma does if ?schema= names one that does not exist).
struct CreateTargetSchema {};

// Creates the migrations table, as Prisma does.
struct CreateMigrationsTable {};

// A different text with the same effect as a script; checksum and row remain those of the file.
struct RewrittenScript {
  std::string script;
  std::string reason;
};

// How a transaction of the plan maps to transactions of the server.
enum class ScriptMode {
  // BEGIN, all steps, COMMIT: everything or nothing.
  kInTransaction,
  // One script with balanced BEGIN and COMMIT of its own. Its row is committed before it and
  // finished after it. Its message can contain other transactions.
  kManagesOwn,
  // One statement or script that the server accepts only outside a transaction block and alone in
  // its message: concurrent index builds, VACUUM, code that commits. Its row is committed before it
  // and finished after it.
  kAlone,
  // One script whose statements are sent one by one, each in its own transaction where the server
  // allows it. Its row is committed before it, records the progress after each statement
  // (statement_progress.h), and is finished with the last one.
  kSplit
};
// "in_transaction", "manages_own", "alone", "split"
std::string_view NameOf(ScriptMode mode);

// The settings under which a script runs.
enum class ScriptSettings {
  // Those of the role and the database, as with Prisma.
  kSession,
  // Those of a scratch server, for a baseline: all that can change what its statements make.
  kBaseline,
  // For statements that ballast wrote to change a database with rows. Definitions are read as on a
  // scratch server. Values are converted as the migrations convert them: in the session's time zone
  // and formats.
  kChange
};

// Runs a script; with `record`, also writes the row that Prisma writes for an executed migration.
struct RunScript {
  release::Migration migration;
  bool record = true;
  // It gets a row only in a plan of several transactions (RecordIfSeveral).
  bool record_if_several = false;
  // The transaction cannot use these values before it commits (SQLSTATE 55P04).
  bool adds_enum_values = false;
  // It waits for every older transaction of the server (a concurrent index build). lock_timeout
  // must not end it, and processes that wait for the deployment lock must not hold a transaction.
  bool waits_for_transactions = false;
  std::optional<RewrittenScript> as = {};
  ScriptSettings settings = ScriptSettings::kSession;
  // It can change a setting that determines how the server reads the messages after it
  // (sql::ScriptProperties).
  bool changes_reading = false;
  // For a kSplit script that an earlier deploy began: the number of its applied statements. Its row
  // is still open.
  std::optional<size_t> applied_statements = {};

  std::string_view Script() const {
    return as ? std::string_view(as->script) : std::string_view(*migration.script);
  }
};

// Restores the data that a rollback has kept (restore_kept_data.h). No row and no report names it.
struct RestoreKeptData {
  std::string script;
  bool observes = false;  // before the scripts: what was written since (kept_row_digests.h)
};

// Inserts rows as `prisma migrate resolve --applied` does; nothing is run.
struct InsertResolvedRows {
  std::vector<release::CoveredMigration> migrations;
};

// Inserts rows as for executed migrations, for a script that ran in another form (a baseline that
// is recorded after an upgrade).
struct InsertExecutedRows {
  std::vector<release::CoveredMigration> migrations;
};

// Closes the open row of an interrupted step, as finished or as rolled back.
struct CloseRow {
  std::string name;
  bool finished = false;
};

// Drops, concurrently, the invalid index that a failed concurrent build left.
struct DropInvalidIndex {
  IndexName index;
};

// Commits only if the live catalog equals this one.
struct VerifyCatalog {
  VerifyCatalog(release::FingerprintRecord expected, bool with_layout,
                std::vector<release::TableRows> rows)
      : record(std::make_shared<const release::FingerprintRecord>(std::move(expected))),
        with_layout(with_layout),
        rows(std::move(rows)) {}

  const release::FingerprintRecord& expected() const { return *record; }

  // Shared, because it is large and plans are copied.
  std::shared_ptr<const release::FingerprintRecord> record;
  bool with_layout;                      // for a fresh database: also the order of columns
  std::vector<release::TableRows> rows;  // and these rows
};

using Act = std::variant<CreateTargetSchema, CreateMigrationsTable, RunScript, RestoreKeptData,
                         InsertResolvedRows, InsertExecutedRows, DeleteHistoryRows, CloseRow,
                         DropInvalidIndex, VerifyCatalog>;

struct Step {
  Act act;
  std::string reason;
};

// One line for a step of a transaction in this mode, for --dry-run: "run 0_baseline (…)".
std::string Describe(const Step& step, ScriptMode mode);

}  // namespace ballast::plan
