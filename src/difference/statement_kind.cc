// SPDX-License-Identifier: Apache-2.0
#include "difference/statement_kind.h"

#include <vector>

#include "sql/classify.h"
#include "sql/lexer.h"

namespace ballast::difference {

sql::StatementKind KindOf(const Statement& statement) {
  const std::vector<sql::Statement> read = sql::ReadScript(statement.text);
  return read.empty() ? sql::StatementKind::kUnknown : read.front().kind;
}

bool SetsDataType(const Statement& statement) {
  const std::vector<sql::Token> tokens = sql::Tokenize(statement.text);
  return sql::TokenReader(statement.text, tokens).Has("data", "type");
}

}  // namespace ballast::difference
