// SPDX-License-Identifier: Apache-2.0
// The rollback from a release to an earlier one: written from the difference of the two, or by
// hand, and tried in a scratch database with rows in it, back and forward again.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "catalog/snapshot.h"
#include "postgres/session.h"
#include "release/manifest.h"

namespace ballast::proof {

// Scripts that people have written.
struct RollbackScripts {
  std::map<std::string, std::string> by_version;    // rollback/VERSION.sql of the package folder
  std::map<std::string, std::string> by_migration;  // down.sql next to a migration.sql
};

struct RollbackQuestion {
  std::string from;  // versions
  std::string to;
  const catalog::Database& older;  // the state that it leads to
  const catalog::Snapshot& older_snapshot;
  std::vector<std::string> migrations;  // that lead from there to here, in order
  std::vector<std::string> renames;     // statements that undo what they rename, the last one first
  const RollbackScripts& scripts;
  // Runs `migrations` again, in the same database as the deploy of the newer release would, and
  // compares with the newer release.
  std::function<Status()> forward;
  // The state before one of `migrations`, made in another database.
  std::function<Result<catalog::Database>(const std::string& migration)> before;
};

struct ProvenRollback {
  release::Rollback record;
  std::string script;    // the text of the file; empty where the record has a reason
  bool renames = false;  // it begins with renames, so it is not the difference alone
};

// `session` is connected to the target schema of a database in the newer state, which is in the
// older or newer one afterwards. A way that is not found or not proven is an answer, with the
// reason in its record; an error only where the state cannot be read.
Result<ProvenRollback> ProveRollback(const RollbackQuestion& question, postgres::Session& session);

}  // namespace ballast::proof
