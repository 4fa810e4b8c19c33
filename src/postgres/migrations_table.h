// SPDX-License-Identifier: Apache-2.0
// Prisma's migrations table as SQL: made and written exactly as Prisma does (prisma-engines
// schema-engine/connectors/sql-schema-connector/src/flavour/postgres.rs and
// sql_migration_persistence.rs), but with the server's clock and its random UUIDs (version 4), so
// that a whole deploy is one message. Only text; the executor sends it. Statements that write rows
// return how many (a row with the column ballast_recorded).
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

// Whether the server's message is the error of a statement below whose rows are not in the table.
bool IsNotRecorded(std::string_view server_message);

// What `prisma migrate resolve --applied` writes for each: no steps, logs '', both times the same.
// One statement for all; the times keep the order. Empty text for no migrations. Fails with
// IsNotRecorded if the table does not take every row, as with a trigger that returns NULL.
std::string InsertMarkedSql(std::string_view schema, const release::Coverage& migrations);

// The row of a script that is about to run: started, not finished. `id` is a UUID that nobody has;
// empty: the server makes one. Fails with IsNotRecorded if the table does not take it.
std::string InsertStartedSql(std::string_view schema, const release::CoveredMigration& migration,
                             std::string_view id = {});
// Its end: one step, finished. At most one open row of a name exists. By its id where that is
// known: the table has no index on names, and a long history would be scanned for each of its
// scripts. Fails with IsNotRecorded if there is no such row.
std::string FinishSql(std::string_view schema, std::string_view name, std::string_view id = {});
// Its end when it failed: the row stays open and keeps the server's words.
std::string FailSql(std::string_view schema, std::string_view name, std::string_view logs);

// `resolve --rolled-back`: open rows of the name are marked as rolled back.
// What FailSql wrote is removed again.
std::string ClearLogsSql(std::string_view schema, std::string_view name);
// The open row is removed: nothing of its script remains.
std::string DeleteOpenRowSql(std::string_view schema, std::string_view name);
std::string RollBackRowsSql(std::string_view schema, std::string_view name);

std::string DeleteRowsSql(std::string_view schema, const std::vector<std::string>& names);

}  // namespace ballast::postgres
