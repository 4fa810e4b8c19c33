// SPDX-License-Identifier: Apache-2.0
// The first migration of a project without migrations, according to Prisma's baselining guide.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace ballast::workspace {

// Writes 0_init/migration.sql and, if missing, migration_lock.toml into the migrations folder,
// which it creates if necessary. Returns the path of the script. B105.
Result<std::filesystem::path> WriteFirstMigration(const std::filesystem::path& migrations,
                                                  const std::string& script);

}  // namespace ballast::workspace
