// SPDX-License-Identifier: Apache-2.0
// The releases that a package can be reached from, and the rollbacks to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "release/migration.h"

namespace ballast::release {

struct PreviousRelease {
  std::string version;
  std::string baseline_checksum;
  std::string fingerprint;
  Coverage coverage;
  std::vector<CoveredMigration> hotfixes;
  // Migrations of this release whose change that release's hotfixes have made already.
  std::vector<std::string> replaces;

  bool operator==(const PreviousRelease&) const = default;
};

// What a rollback would lose of a database that has rows.
struct RollbackLoss {
  std::string object;  // "table \"Note\"", "column \"User\".\"mood\""
  std::string table;   // quoted, as the script has it; empty: nothing that could be counted
  std::string column;  // quoted; empty: the whole table
  // Which of the column's values are lost, as a condition on rows of the table, because a change of
  // type rounds them or cuts them; empty: all that are not NULL.
  std::string condition = {};

  bool operator==(const RollbackLoss&) const = default;
};

// Where the script of a rollback comes from.
enum class RollbackOrigin {
  kNone,        // no script was found
  kDifference,  // the difference of the two states
  kScript,      // rollback/VERSION.sql, written by hand
  kDownScripts  // the down.sql of migrations; the difference for those that have none
};
std::string_view NameOf(RollbackOrigin origin);  // "", "difference", "script", "down.sql"
std::optional<RollbackOrigin> RollbackOriginOf(std::string_view name);
// Whether somebody wrote at least a part of it.
bool IsWrittenByHand(RollbackOrigin origin);

// Rows of the migrations that a rollback removes from a table.
struct RemovedRows {
  std::string table;  // quoted
  int64_t count = 0;

  bool operator==(const RemovedRows&) const = default;
};

// What ballast knows about statements of a script that it wrote.
struct RollbackStatement {
  std::string object;  // "column \"User\".\"mood\""
  // "create", "alter", "drop", "rename"; empty: of a script that somebody wrote. Of renames that
  // earlier versions wrote, too.
  std::string action;
  std::string lock;       // "ACCESS EXCLUSIVE"; empty: none that a query waits for, or not known
  bool rewrites = false;  // all rows of the table are rewritten
  std::string fails_on;   // which rows make it fail; empty: none, or not known
  std::string listed_by;  // a query that lists them; empty: there is none
  int count = 1;          // of SQL statements that follow one another in the script

  bool operator==(const RollbackStatement&) const = default;
};

// The rollback to one of `previous`.
struct Rollback {
  std::string version;  // of the release that it leads to
  std::string path;     // of the script, from the package folder; empty: there is none
  RollbackOrigin origin = RollbackOrigin::kNone;
  std::vector<RollbackLoss> losses;
  // All statements of the script, in its order. No value for scripts that somebody wrote, and in
  // packages of earlier versions.
  std::optional<std::vector<RollbackStatement>> statements = {};
  std::vector<std::string> without_rows;  // tables that had no rows when it was proven
  // Only of a script that is written by hand. No value, too, where it is not known: the script was
  // proven on empty tables, or the package is that of an earlier version.
  std::optional<std::vector<RemovedRows>> removed_rows = {};
  // What the script makes again without the data that the upgrade has dropped. `table` has the name
  // before the script, and is empty for a whole table.
  std::vector<RollbackLoss> made_again = {};
  std::vector<std::string> notices;  // of the proof
  std::string reason;                // why there is none; empty: it is proven

  bool operator==(const Rollback&) const = default;
};

}  // namespace ballast::release
