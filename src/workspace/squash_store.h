// SPDX-License-Identifier: Apache-2.0
// Reads the folder of a squash in the migrations folder, and creates it by replacing folders.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "release/migration.h"
#include "release/squash.h"

namespace ballast::workspace {

struct StoredSquash {
  release::Squash record;
  std::string script;    // migration.sql
  std::string archive;   // history.tar.zst
  std::string snapshot;  // catalog.facts
  std::string states;    // states.facts; or empty
};

// The squash in a migrations folder, or no value; if there are several, the last in Prisma's order.
// Script, archive and record must agree: B513, or B401 for the archive.
Result<std::optional<StoredSquash>> LoadSquash(const std::filesystem::path& migrations);

// release::CheckReturnedMigrations with the squash of the folder, if there is one; errors as
// LoadSquash. `shown`: the folder, as messages name it.
Status CheckReturnedMigrations(const std::filesystem::path& folder, const std::string& shown,
                               const std::vector<release::Migration>& migrations);

// The scripts that the squash replaces, in order. B401 if the archive was changed.
Result<std::vector<release::Migration>> HistoryOf(const StoredSquash& squash);

// Replaces the folders `replaced` by the squash, all or nothing. B105.
Status StoreSquash(const std::filesystem::path& migrations, const StoredSquash& squash,
                   const std::vector<std::string>& replaced);

}  // namespace ballast::workspace
