// SPDX-License-Identifier: Apache-2.0
// Prisma's migrations table as SQL: made and written exactly as Prisma does (prisma-engines
// schema-engine/connectors/sql-schema-connector/src/flavour/postgres.rs and
// sql_migration_persistence.rs), but with the server's clock and its random UUIDs (version 4), so
// that a whole deploy is one message. Only text; the executor sends it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "release/migration.h"

namespace ballast::postgres {

inline constexpr char kMigrationsTable[] = "_prisma_migrations";

// "schema"."_prisma_migrations"
std::string QualifiedMigrationsTable(std::string_view schema);

std::string CreateMigrationsTableSql(std::string_view schema);

// What `prisma migrate resolve --applied` writes for each: no steps, logs '', both times the same.
// One statement for all; the times keep the order. Empty text for no migrations.
std::string InsertMarkedSql(std::string_view schema, const release::Coverage& migrations);

// The row of a script that is about to run: started, not finished. `id` is a UUID that nobody has;
// empty: the server makes one.
std::string InsertStartedSql(std::string_view schema, const release::CoveredMigration& migration,
                             std::string_view id = {});
// Its end: one step, finished. At most one open row of a name exists. By its id where that is
// known: the table has no index on names, and a long history would be scanned for each of its
// scripts.
std::string FinishSql(std::string_view schema, std::string_view name, std::string_view id = {});
// Its end when it failed: the row stays open and keeps the server's words.
std::string FailSql(std::string_view schema, std::string_view name, std::string_view logs);

// `resolve --rolled-back`: open rows of the name are marked as rolled back.
std::string RollBackRowsSql(std::string_view schema, std::string_view name);

std::string DeleteRowsSql(std::string_view schema, const std::vector<std::string>& names);

}  // namespace ballast::postgres
