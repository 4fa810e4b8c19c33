// SPDX-License-Identifier: Apache-2.0
// Proves the rollback from a release to an earlier one. The script is the difference of the two
// releases or written by hand. It runs in a scratch database with rows, which is then upgraded
// again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "catalog/snapshot.h"
#include "difference/difference.h"
#include "postgres/session.h"
#include "proof/rollback_renames.h"
#include "proof/sample_rows.h"
#include "release/manifest.h"
#include "release/migration.h"

namespace ballast::proof {

// Scripts that were written by hand.
struct RollbackScripts {
  std::map<std::string, std::string> by_version;    // rollback/VERSION.sql of the package folder
  std::map<std::string, std::string> by_migration;  // down.sql next to a migration.sql
};

struct RollbackQuestion {
  std::string from;  // versions
  std::string to;
  const catalog::Database& older;  // the state after the rollback
  const catalog::Snapshot& older_snapshot;
  std::vector<std::string> migrations;  // that upgrade the older state, in order
  // Statements that revert their renames and conversions (sql/renames.h), the last one first.
  std::vector<RevertedRename> renames;
  const RollbackScripts& scripts;
  // Runs `migrations` again in the same database, as a deploy of the newer release does, and
  // compares the result with the newer release.
  std::function<Status()> forward;
  // Connects the session of ProveRollback to another database in the newer state.
  std::function<Status()> restart;
  // Digests of the rows that a database of the older state has before the upgrade, without sample
  // rows, of the tables that it has in common with the newer state.
  std::function<Result<std::vector<TableDigest>>(const catalog::Database& newer)> older_rows;
  // The state before one of `migrations`, built in another database.
  std::function<Result<catalog::Database>(const std::string& migration)> before;
};

struct ProvenRollback {
  release::Rollback record;
  std::string script;  // the text of the file; empty if the record has a reason
  std::vector<difference::Statement> statements = {};  // of the script, in its order
  // How many rows of the migrations the script may remove from a table (quoted): those that it
  // removed in the proof or, if the record does not have them, those that the release has inserted.
  std::map<std::string, int64_t> removed_rows = {};
  // A sentence about migrations that change rows each time they run; or empty.
  std::string repeated = {};
  // The renames that it begins with, so it is not the difference alone; and the newer state after
  // them.
  std::string renames = {};
  catalog::Database renamed = {};
};

// What the statements lose, in their order.
std::vector<release::RollbackLoss> LossesOf(const std::vector<difference::Statement>& statements);

// `session` is connected to the target schema of a database in the newer state. Afterwards the
// database is in the older or the newer state. If no rollback is found or proven, the record has
// the reason. Errors if the newer state cannot be read, and those of the servers
// (script_errors.h).
Result<ProvenRollback> ProveRollback(const RollbackQuestion& question, postgres::Session& session);

}  // namespace ballast::proof
