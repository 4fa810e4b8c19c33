// SPDX-License-Identifier: Apache-2.0
// The folder of a squash in the migrations folder, and the exchange of folders that makes one.
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
  std::string states;    // states.facts; empty: there is none
};

// The squash in a migrations folder; nothing when there is none. Of several the last in Prisma's
// order. Its script, its archive and its record must agree: B513, or B401 for the archive.
Result<std::optional<StoredSquash>> LoadSquash(const std::filesystem::path& migrations);

// The scripts that the squash replaces, in order. B401 when the archive is not what it was.
Result<std::vector<release::Migration>> HistoryOf(const StoredSquash& squash);

// Puts the squash in the place of the folders `replaced`, all or nothing. B105.
Status StoreSquash(const std::filesystem::path& migrations, const StoredSquash& squash,
                   const std::vector<std::string>& replaced);

}  // namespace ballast::workspace
