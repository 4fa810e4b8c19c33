// SPDX-License-Identifier: Apache-2.0
// A plan: the ordered, reasoned list of acts that stands between the wish and the deed. It can be
// printed, compared and refused; apply/ carries it out and adds nothing of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error_codes.h"
#include "plan/observation.h"
#include "plan/strategy.h"
#include "release/manifest.h"
#include "release/migration.h"

namespace ballast::plan {

enum class Found {
  kFresh,
  kCurrent,
  kBehind,
  kNotManaged,
  kFailed,
  kAhead,
  kOtherStrategy,
  kUnknown
};
std::string_view NameOf(Found found);  // "fresh", "other_ledger" …

// The target schema is made (as Prisma makes it when ?schema= names one that is not there).
struct CreateTargetSchema {};

// The migrations table is made, as Prisma makes it.
struct CreateMigrationsTable {};

// Another wording of a script, of the same effect; checksum and row stay the file's.
struct RewrittenScript {
  std::string script;
  std::string reason;
};

// A script runs and, with `record`, gets its row: the row that Prisma writes for a run migration.
struct RunScript {
  release::Migration migration;
  bool in_transaction = true;  // false: it cannot run inside one, or it ends one itself
  bool record = true;
  // It opens and ends its transactions itself, in pairs: it may travel in a message with others.
  bool own_transactions = false;
  std::optional<RewrittenScript> as = {};

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

// Rows of these names are removed (a ledger is converted; what was run is in the journal).
struct DeleteHistoryRows {
  std::vector<std::string> names;
};

// The open row of a step that was stopped is closed: as finished, or as rolled back.
struct CloseRow {
  std::string name;
  bool finished = false;
};

// What a broken concurrent build has left goes, concurrently.
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

struct Plan {
  std::vector<Step> steps;  // empty: already there
  // Everything in one transaction on one connection; else each script in one of its own, as far as
  // it can run in one.
  bool atomic = true;
};

// A decision not to act, with evidence and remedies.
struct Refusal {
  ErrorCode code = ErrorCode::kCannotTell;
  std::string message;
  std::vector<std::string> evidence;
  std::vector<std::string> remedies;  // commands to type
};

struct Decision {
  Found found = Found::kUnknown;
  std::variant<Plan, Refusal> answer;
  std::vector<std::string> notices;
  std::vector<std::string> pending;  // names that the plan would run
  std::vector<std::string> unknown;  // names in the migrations table that the project does not have

  bool Refused() const { return std::holds_alternative<Refusal>(answer); }
  const Plan* plan() const { return std::get_if<Plan>(&answer); }
  const Refusal* refusal() const { return std::get_if<Refusal>(&answer); }
};

// One line a step, for --dry-run: "run 0_baseline (…)".
std::string Describe(const Step& step);

}  // namespace ballast::plan
