// SPDX-License-Identifier: Apache-2.0
// What a plan is made of: single acts, each with its reason.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "plan/observation.h"
#include "release/manifest.h"
#include "release/migration.h"

namespace ballast::plan {

// The target schema is made (as Prisma makes it when ?schema= names one that is not there).
struct CreateTargetSchema {};

// The migrations table is made, as Prisma makes it.
struct CreateMigrationsTable {};

// Another wording of a script, of the same effect; checksum and row stay the file's.
struct RewrittenScript {
  std::string script;
  std::string reason;
};

// How a transaction of the plan relates to the server's transactions.
enum class ScriptMode {
  // BEGIN, all steps, COMMIT: all of it or nothing.
  kInTransaction,
  // One script whose own BEGIN and COMMIT come in plain pairs. Its row is committed before it and
  // finished after it. Its message may hold other transactions.
  kManagesOwn,
  // One statement or script that the server accepts only outside of a transaction block and alone
  // in its message: concurrent index builds, VACUUM, code that commits. Its row is committed before
  // it and finished after it.
  kAlone,
  // One script whose statements are sent one by one, each in a transaction of its own where the
  // server allows it. Its row is committed before it, says after each statement how far the script
  // came (statement_progress.h), and is finished with the last one.
  kSplit
};
// "in_transaction", "manages_own", "alone", "split"
std::string_view NameOf(ScriptMode mode);

// A script runs and, with `record`, gets its row: the row that Prisma writes for a run migration.
struct RunScript {
  release::Migration migration;
  ScriptMode mode = ScriptMode::kInTransaction;
  bool record = true;
  // It waits for every older transaction of the server (a concurrent index build), so lock_timeout
  // must not end it, and nobody who waits for the deployment lock may hold one.
  bool waits_for_transactions = false;
  std::optional<RewrittenScript> as = {};
  // Written by ballast: it runs with the settings that its text was written for, where the scripts
  // of others see those of the role and the database, as they would with Prisma.
  bool is_baseline = false;
  // Of a kSplit that an earlier deploy began: so many of its statements are applied, and its row is
  // open.
  std::optional<size_t> applied_statements = {};

  std::string_view Script() const {
    return as ? std::string_view(as->script) : std::string_view(*migration.script);
  }
};

// Rows as `prisma migrate resolve --applied` writes them; nothing runs.
struct InsertResolvedRows {
  std::vector<release::CoveredMigration> migrations;
};

// Rows as a run migration leaves them, for a script that ran in another shape (a baseline that is
// recorded after an upgrade).
struct InsertExecutedRows {
  std::vector<release::CoveredMigration> migrations;
};

// Rows of these names are removed, when others replace them.
struct DeleteHistoryRows {
  std::vector<std::string> names;
  std::string which = "of the other strategy";  // for people
};

// The open row of a step that was stopped is closed: as finished, or as rolled back.
struct CloseRow {
  std::string name;
  bool finished = false;
};

// The invalid index that a broken concurrent build left is dropped, concurrently.
struct DropInvalidIndex {
  IndexName index;
};

// The live catalog must be this one, or nothing is committed.
struct VerifyCatalog {
  VerifyCatalog(release::FingerprintRecord expected, bool with_layout,
                std::vector<release::TableRows> rows)
      : record(std::make_shared<const release::FingerprintRecord>(std::move(expected))),
        with_layout(with_layout),
        rows(std::move(rows)) {}

  const release::FingerprintRecord& expected() const { return *record; }

  // Aside, for it is large, and of the steps of a long plan this is one.
  std::shared_ptr<const release::FingerprintRecord> record;
  bool with_layout;                      // a fresh database: the order of columns too
  std::vector<release::TableRows> rows;  // and these rows
};

using Act =
    std::variant<CreateTargetSchema, CreateMigrationsTable, RunScript, InsertResolvedRows,
                 InsertExecutedRows, DeleteHistoryRows, CloseRow, DropInvalidIndex, VerifyCatalog>;

struct Step {
  Act act;
  std::string reason;
};

// One line for a step, for --dry-run: "run 0_baseline (…)".
std::string Describe(const Step& step);

}  // namespace ballast::plan
