// SPDX-License-Identifier: Apache-2.0
// SQL for Prisma's migrations table, created and written exactly as by Prisma (prisma-engines
// schema-engine/connectors/sql-schema-connector/src/flavour/postgres.rs and
// sql_migration_persistence.rs), but with the server's clock and random UUIDs (version 4), so that
// a whole deploy is one message. These functions only return SQL; the executor sends it. Statements
// that write rows return their number (in a column ballast_recorded).
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

// Whether the server's message is the error that a statement below raises because its rows were not
// stored.
bool IsNotRecorded(std::string_view server_message);

// Rows as written by `prisma migrate resolve --applied`: no steps, logs '', equal times. One
// statement for all rows; the times keep their order. Empty text for no migrations. Fails with
// IsNotRecorded if the table does not store every row, for example because a trigger returns NULL.
std::string InsertMarkedSql(std::string_view schema, const release::Coverage& migrations);

// The row of a script that is about to run: started, not finished. `id` is an unused UUID; empty:
// the server generates one. Fails with IsNotRecorded if the row is not stored.
std::string InsertStartedSql(std::string_view schema, const release::CoveredMigration& migration,
                             std::string_view id = {});
// Finishes the row, with one step. At most one open row of a name exists. Pass the id if known: the
// table has no index on names, so each update would scan a long history. Fails with IsNotRecorded
// if there is no such row.
std::string FinishSql(std::string_view schema, std::string_view name, std::string_view id = {});
// After a failure: the row remains open, with the server's message.
std::string FailSql(std::string_view schema, std::string_view name, std::string_view logs);

// ClearLogsSql removes what FailSql wrote.
std::string ClearLogsSql(std::string_view schema, std::string_view name);
// Deletes the open row, because nothing of its script was applied.
std::string DeleteOpenRowSql(std::string_view schema, std::string_view name);
std::string RollBackRowsSql(std::string_view schema, std::string_view name);

std::string DeleteRowsSql(std::string_view schema, const std::vector<std::string>& names);

}  // namespace ballast::postgres
