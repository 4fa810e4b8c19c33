// SPDX-License-Identifier: Apache-2.0
#include "apply/scratch_migrations_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/sqlstate.h"
#include "postgres/migrations_table.h"
#include "sql/lexer.h"
#include "sql/quote.h"

namespace ballast::apply {

bool NamesMigrationsTable(const release::Migration& migration) {
  const std::string_view name = postgres::kMigrationsTable;
  if (!migration.script || migration.script->find(name) == std::string::npos) return false;
  const std::vector<sql::Token> tokens = sql::Tokenize(*migration.script);
  return std::ranges::any_of(tokens, [&](const sql::Token& token) {
    const std::string_view text(migration.script->data() + token.offset, token.length);
    return text.find(name) != std::string_view::npos;
  });
}

bool AnyNamesMigrationsTable(const std::vector<release::Migration>& migrations) {
  return std::ranges::any_of(migrations, NamesMigrationsTable);
}

Result<bool> CreateScratchMigrationsTable(postgres::Session& session, const std::string& schema) {
  TRY_ASSIGN(const auto there, session.QueryValue(fmt::format(
                                   "SELECT pg_catalog.to_regclass({})",
                                   sql::QuoteLiteral(postgres::QualifiedMigrationsTable(schema)))));
  if (there) return false;
  TRY(session.Query(postgres::CreateMigrationsTableSql(schema)));
  return true;
}

Status DropScratchMigrationsTable(postgres::Session& session, const std::string& schema) {
  const postgres::Outcome outcome = session.Run(fmt::format(
      "BEGIN READ WRITE;\nSET LOCAL SESSION AUTHORIZATION DEFAULT;\nSET LOCAL ROLE NONE;\n"
      "DROP TABLE IF EXISTS {};\nCOMMIT",
      postgres::QualifiedMigrationsTable(schema)));
  if (outcome.ok()) return {};
  TRY(session.Query("ROLLBACK"));
  if (outcome.error->sqlstate != sqlstate::kDependentObjectsStillExist) {
    return MakeError(
        ErrorCode::kReplayFailed,
        "the table _prisma_migrations of the replay cannot be dropped: " + outcome.error->message,
        "change the migration that prevents it");
  }
  return MakeError(
      ErrorCode::kUnsupportedObject,
      "an object of the migrations depends on the table _prisma_migrations, which is no part of a "
      "baseline: " +
          outcome.error->detail,
      "drop the object in a migration, or create it outside of the migrations");
}

}  // namespace ballast::apply
