// SPDX-License-Identifier: Apache-2.0
#include "apply/row_trial.h"

#include <fmt/format.h>

#include <utility>

#include "apply/compile.h"
#include "base/overloaded.h"
#include "base/sqlstate.h"
#include "postgres/migrations_table.h"
#include "sql/quote.h"

namespace ballast::apply {
namespace {

// What can change or refuse a row of the table, and what a deploy must be able to write around.
constexpr char kGuardsSql[] =
    "SELECT 'trigger ' || pg_catalog.quote_ident(tgname) FROM pg_catalog.pg_trigger\n"
    " WHERE tgrelid = {0} AND NOT tgisinternal AND tgenabled <> 'D'\n"
    "UNION ALL SELECT 'rule ' || pg_catalog.quote_ident(rulename) FROM pg_catalog.pg_rewrite\n"
    " WHERE ev_class = {0} AND ev_enabled <> 'D'\n"
    "UNION ALL SELECT 'row security' FROM pg_catalog.pg_class WHERE oid = {0} AND relrowsecurity\n"
    "UNION ALL SELECT 'constraint ' || pg_catalog.quote_ident(conname)\n"
    "  FROM pg_catalog.pg_constraint WHERE conrelid = {0} AND contype IN ('c', 'f', 'u', 'x')\n"
    "ORDER BY 1";

class RowsOfPlan {
 public:
  explicit RowsOfPlan(std::string schema) : schema_(std::move(schema)) {}

  std::string Sql(const plan::Plan& plan) const {
    std::string sql;
    for (const plan::Step* step : plan::StepsOf(plan)) sql += SqlOf(*step);
    return sql;
  }

 private:
  std::string Executed(const release::CoveredMigration& migration) const {
    return postgres::InsertStartedSql(schema_, migration) +
           postgres::FinishSql(schema_, migration.name);
  }

  std::string SqlOf(const plan::Step& step) const {
    return std::visit(
        Overloaded{
            [&](const plan::RunScript& run) {
              const bool open = !run.record || run.applied_statements.has_value();
              return open ? std::string() : Executed({run.migration.name, run.migration.checksum});
            },
            [&](const plan::InsertResolvedRows& resolved) {
              return postgres::InsertMarkedSql(schema_, resolved.migrations);
            },
            [&](const plan::InsertExecutedRows& executed) {
              std::string sql;
              for (const auto& migration : executed.migrations) sql += Executed(migration);
              return sql;
            },
            [&](const plan::DeleteHistoryRows& deleted) {
              return postgres::DeleteRowsSql(schema_, deleted.All());
            },
            [](const auto&) { return std::string(); }},
        step.act);
  }

  std::string schema_;
};

// The names of what the table has beyond Prisma's; empty if they cannot be read.
std::vector<std::string> GuardsOf(const std::string& schema, postgres::Session& session) {
  const std::string table =
      sql::QuoteLiteral(postgres::QualifiedMigrationsTable(schema)) + "::pg_catalog.regclass";
  std::vector<std::string> names;
  const auto found = session.Query(fmt::format(kGuardsSql, table));
  if (!found) return names;
  for (const auto& row : found->back().rows) names.push_back(row[0].value_or(""));
  return names;
}

bool SaysNothing(const postgres::ServerError& error) {
  return error.connection_lost || error.sqlstate == sqlstate::kLockNotAvailable ||
         error.sqlstate == sqlstate::kQueryCanceled ||
         error.sqlstate == sqlstate::kDeadlockDetected;
}

}  // namespace

Result<std::optional<plan::UnstoredRow>> TryRows(const plan::Plan& plan,
                                                 const plan::Observation& observation,
                                                 postgres::Session& session) {
  const std::string rows = RowsOfPlan(observation.schema).Sql(plan);
  if (rows.empty()) return std::optional<plan::UnstoredRow>();
  const postgres::Outcome tried =
      session.Run(Compiler::kBegin + rows + "SET CONSTRAINTS ALL IMMEDIATE;\nROLLBACK;\n");
  if (!tried.error) return std::optional<plan::UnstoredRow>();
  if (session.transaction_state() != postgres::TransactionState::kIdle) session.Run("ROLLBACK");
  if (SaysNothing(*tried.error)) {
    return postgres::ErrorOf(*tried.error, "writing to _prisma_migrations");
  }
  const bool swallowed = postgres::IsNotRecorded(tried.error->message);
  return std::optional<plan::UnstoredRow>(
      {GuardsOf(observation.schema, session), swallowed ? std::string() : tried.error->message});
}

}  // namespace ballast::apply
