// SPDX-License-Identifier: Apache-2.0
// Renames that a rollback reverts.
#pragma once

#include <string>
#include <vector>

#include "catalog/database.h"
#include "release/migration.h"

namespace ballast::proof {

struct RevertedRename {
  std::string migration;  // that renames or converts
  std::string statement;  // that reverts it (sql/renames.h)
};

// What reverts the renames and conversions of a migration, the last one first. Empty without a
// script.
std::vector<RevertedRename> RevertedRenamesOf(const release::Migration& migration);

// `newer` with empty names in place of those of tables and columns that are others in `renamed`,
// which is the same database after the renames (with the same object ids and columns).
catalog::Database WithoutRenamed(catalog::Database newer, const catalog::Database& renamed);

}  // namespace ballast::proof
