// SPDX-License-Identifier: Apache-2.0
// The first migration of a project that had none, as Prisma's guide to baselining makes it.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace ballast::workspace {

// Writes 0_init/migration.sql and, where there is none, migration_lock.toml into the migrations
// folder, which is made where it does not exist. Gives the path of the script. B105.
Result<std::filesystem::path> WriteFirstMigration(const std::filesystem::path& migrations,
                                                  const std::string& script);

}  // namespace ballast::workspace
