// SPDX-License-Identifier: Apache-2.0
// Which rollback is composed and proven.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/database.h"
#include "catalog/dated_partitions.h"
#include "catalog/snapshot.h"
#include "proof/rollback_renames.h"
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
  catalog::DatedPartitions dated;  // of both states
  // Those that upgrade the older state, in order; without a script if it is not available.
  std::vector<release::Migration> migrations;
  // Statements that revert their renames and conversions (sql/renames.h), the last one first.
  std::vector<RevertedRename> renames;
  const RollbackScripts& scripts;
};

}  // namespace ballast::proof
