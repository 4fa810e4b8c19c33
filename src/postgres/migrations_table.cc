// SPDX-License-Identifier: Apache-2.0
#include "postgres/migrations_table.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sql/quote.h"

namespace ballast::postgres {
namespace {

using sql::QuoteLiteral;

// The open row of a name: neither finished nor rolled back.
std::string OpenRow(std::string_view name) {
  return fmt::format("migration_name = {} AND finished_at IS NULL AND rolled_back_at IS NULL",
                     QuoteLiteral(name));
}

constexpr std::string_view kNotRecorded = "ballast: _prisma_migrations took ";

// The condition of a row that counts as applied; a trigger can have changed it.
constexpr char kIsFinished[] = "finished_at IS NOT NULL AND rolled_back_at IS NULL";

struct Written {
  size_t rows = 1;
  std::string as_written;  // SQL: true for a row that is stored as it was written
  std::string_view column = "ballast_recorded";
};

// Wraps the statement: returns the number of rows that are stored as it wrote them
// (ballast_recorded), or an error (IsNotRecorded) if it is not the expected one.
std::string WithRowCount(const std::string& statement, const Written& expected) {
  return fmt::format(
      "WITH written AS (\n{} RETURNING {} AS good)\n"
      "SELECT CASE WHEN count(*) FILTER (WHERE good) = {} THEN count(*) ELSE\n"
      "  ({} || (count(*) FILTER (WHERE good))::text || ' of {} rows')::bigint END AS {} FROM "
      "written;\n",
      statement, expected.as_written, expected.rows, QuoteLiteral(kNotRecorded), expected.rows,
      expected.column);
}

}  // namespace

bool IsNotRecorded(std::string_view server_message) {
  return server_message.find(kNotRecorded) != std::string_view::npos;
}

std::string QualifiedMigrationsTable(std::string_view schema) {
  return sql::QualifiedName(schema, kMigrationsTable);
}

std::string CreateMigrationsTableSql(std::string_view schema) {
  return "CREATE TABLE " + QualifiedMigrationsTable(schema) +
         " (\n"
         "    id                      VARCHAR(36) PRIMARY KEY NOT NULL,\n"
         "    checksum                VARCHAR(64) NOT NULL,\n"
         "    finished_at             TIMESTAMPTZ,\n"
         "    migration_name          VARCHAR(255) NOT NULL,\n"
         "    logs                    TEXT,\n"
         "    rolled_back_at          TIMESTAMPTZ,\n"
         "    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),\n"
         "    applied_steps_count     INTEGER NOT NULL DEFAULT 0\n"
         ");\n";
}

std::string InsertMarkedSql(std::string_view schema, const release::Coverage& migrations) {
  if (migrations.empty()) return {};
  std::vector<std::string> values;
  values.reserve(migrations.size());
  for (const release::CoveredMigration& migration : migrations) {
    values.push_back(fmt::format("({}, {}, {})", QuoteLiteral(migration.name),
                                 QuoteLiteral(migration.checksum), values.size()));
  }
  return WithRowCount(
      fmt::format(
          "INSERT INTO {} (id, checksum, finished_at, migration_name, logs, started_at, "
          "applied_steps_count)\n"
          "SELECT gen_random_uuid()::text, checksum, at + n * interval '1 microsecond', name, '',\n"
          "       at + n * interval '1 microsecond', 0\n"
          "  FROM (SELECT clock_timestamp() AS at) c, (VALUES\n{}) v(name, checksum, n)",
          QualifiedMigrationsTable(schema), Join(values, ",\n")),
      {migrations.size(), kIsFinished});
}

std::string InsertStartedSql(std::string_view schema, const release::CoveredMigration& migration,
                             std::string_view id) {
  return WithRowCount(
      fmt::format("INSERT INTO {} (id, checksum, migration_name, started_at) VALUES "
                  "({}, {}, {}, clock_timestamp())",
                  QualifiedMigrationsTable(schema),
                  id.empty() ? "gen_random_uuid()::text" : QuoteLiteral(id),
                  QuoteLiteral(migration.checksum), QuoteLiteral(migration.name)),
      {1,
       fmt::format("(migration_name = {} AND checksum = {})", QuoteLiteral(migration.name),
                   QuoteLiteral(migration.checksum)),
       "ballast_started"});
}

std::string FinishSql(std::string_view schema, std::string_view name, std::string_view id) {
  return WithRowCount(
      fmt::format("UPDATE {} SET applied_steps_count = applied_steps_count + 1, finished_at = "
                  "clock_timestamp() WHERE {}",
                  QualifiedMigrationsTable(schema),
                  id.empty() ? OpenRow(name) : "id = " + QuoteLiteral(id)),
      {1, fmt::format("(migration_name = {} AND {})", QuoteLiteral(name), kIsFinished)});
}

std::string FailSql(std::string_view schema, std::string_view name, std::string_view logs) {
  return fmt::format("UPDATE {} SET logs = {} WHERE {};\n", QualifiedMigrationsTable(schema),
                     QuoteLiteral(logs), OpenRow(name));
}

std::string ClearLogsSql(std::string_view schema, std::string_view name) {
  return fmt::format("UPDATE {} SET logs = NULL WHERE {};\n", QualifiedMigrationsTable(schema),
                     OpenRow(name));
}

std::string DeleteOpenRowSql(std::string_view schema, std::string_view name) {
  return fmt::format("DELETE FROM {} WHERE {};\n", QualifiedMigrationsTable(schema), OpenRow(name));
}

std::string RollBackRowsSql(std::string_view schema, std::string_view name) {
  return fmt::format("UPDATE {} SET rolled_back_at = clock_timestamp() WHERE {};\n",
                     QualifiedMigrationsTable(schema), OpenRow(name));
}

std::string DeleteRowsSql(std::string_view schema, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  std::vector<std::string> quoted;
  quoted.reserve(names.size());
  for (const std::string& name : names) quoted.push_back(QuoteLiteral(name));
  return fmt::format("DELETE FROM {} WHERE migration_name IN ({});\n",
                     QualifiedMigrationsTable(schema), Join(quoted, ", "));
}

}  // namespace ballast::postgres
