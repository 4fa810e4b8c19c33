// SPDX-License-Identifier: Apache-2.0
#include "lint/statement_parts.h"

#include <vector>

#include "sql/alter_table.h"
#include "sql/lexer.h"

namespace ballast::lint {

std::string UsingExpression(std::string_view statement, std::string_view column) {
  const auto alter = sql::ReadAlterTable(statement);
  if (!alter) return {};
  for (const sql::AlterClause& clause : alter->clauses) {
    if (clause.kind != sql::AlterClauseKind::kAlterType || clause.name != column) continue;
    const std::vector<sql::Token> tokens = sql::Tokenize(clause.text);
    sql::TokenReader reader(clause.text, tokens);
    reader.SkipTo("using");
    reader.Skip();
    return std::string(reader.Source());
  }
  return {};
}

}  // namespace ballast::lint
