// SPDX-License-Identifier: Apache-2.0
// The releases that a package can be reached from, and the rollbacks to them.
#pragma once

#include <string>
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

// The rollback to one of `previous`.
struct Rollback {
  std::string version;  // of the release that it leads to
  std::string path;     // of the script, from the package folder; empty: there is none
  std::string origin;   // "difference", "script" (written by hand) or "down.sql"
  std::vector<RollbackLoss> losses;
  std::vector<std::string> without_rows;  // tables that had no rows when it was proven
  std::vector<std::string> notices;       // of the proof
  std::string reason;                     // why there is none; empty: it is proven

  bool operator==(const Rollback&) const = default;
};

}  // namespace ballast::release
