// SPDX-License-Identifier: Apache-2.0
// Renames that a rollback reverts.
#pragma once

#include <string>
#include <vector>

#include "catalog/database.h"
#include "release/migration.h"

namespace ballast::proof {

struct RevertedRename {
  std::string migration;
  std::string statement;
};

// In the order in which they run.
std::vector<RevertedRename> RevertedRenamesOf(const release::Migration& migration);

// `newer` without the names of tables and columns that are others in `renamed`, which is the same
// database after the renames.
catalog::Database WithoutRenamed(catalog::Database newer, const catalog::Database& renamed);

}  // namespace ballast::proof
