// SPDX-License-Identifier: Apache-2.0
// Prisma's migrations table in a scratch database, for migrations that change it (ALTER TABLE
// "_prisma_migrations" ENABLE ROW LEVEL SECURITY). `prisma migrate deploy` creates the table before
// the first migration. It is no part of a baseline.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"
#include "release/migration.h"

namespace ballast::apply {

// Whether a word or string of the script, outside of comments, names the table.
bool NamesMigrationsTable(const release::Migration& migration);
bool AnyNamesMigrationsTable(const std::vector<release::Migration>& migrations);

// Creates the table in the schema; false if there is one.
Result<bool> CreateScratchMigrationsTable(postgres::Session& session, const std::string& schema);

// B302 if an object of the migrations depends on the table. Works in any state that migrations may
// have left the session in (another role, read-only).
Status DropScratchMigrationsTable(postgres::Session& session, const std::string& schema);

}  // namespace ballast::apply
