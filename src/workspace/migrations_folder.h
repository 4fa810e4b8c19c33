// SPDX-License-Identifier: Apache-2.0
// Reads the migrations folder as Prisma does (prisma packages/migrate/src/utils/listMigrations.ts).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "release/migration.h"

namespace ballast::workspace {

struct MigrationsFolder {
  std::vector<release::Migration> migrations;  // in Prisma's order
  // Names that Prisma before 6.6 runs in a different position; deserves a warning if not empty.
  std::vector<std::string> moved_in_byte_order;
};

// Every folder directly below is a migration; files and links are not. A folder that does not exist
// is empty. Unlike with Prisma, an unreadable folder is an error (B104), because its content is
// unknown.
Result<MigrationsFolder> LoadMigrations(const std::filesystem::path& folder);

// down.sql of the migrations that have one, by the migration's name. Prisma does not read it. B104.
Result<std::map<std::string, std::string>> LoadDownScripts(const std::filesystem::path& folder);

// The names of its folders, without reading them; empty if it cannot be read.
std::vector<std::string> MigrationNames(const std::filesystem::path& folder);

// P3019 if migration_lock.toml names a different provider than postgresql; success if there is no
// file. The file is searched for its text, not parsed, as Prisma does (prisma-engines
// schema-engine/connectors/schema-connector/src/migrations_directory.rs).
Status CheckMigrationLock(const std::filesystem::path& folder);

// The provider in the text of a migration_lock.toml, as Prisma reads it.
std::string ProviderOfLock(std::string_view text);

}  // namespace ballast::workspace
