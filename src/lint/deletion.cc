// SPDX-License-Identifier: Apache-2.0
#include "lint/deletion.h"

#include <string>
#include <vector>

#include "lint/linted_migration.h"
#include "sql/code_of_block.h"
#include "sql/lexer.h"

namespace ballast::lint {
namespace {

// What a statement runs: the code of a DO block, else its own text.
std::string CodeIn(const sql::Statement& statement) {
  if (statement.kind != sql::StatementKind::kDo) return std::string(statement.text);
  return sql::CodeOfBlock(statement.text).value_or(std::string());
}

Deletion DeletionWithin(const std::string& code) {
  const std::vector<sql::Token> tokens = sql::Tokenize(code);
  const sql::TokenReader reader(code, tokens);
  if (reader.Has("truncate")) return Deletion::kTruncate;
  if (!reader.Has("delete", "from") || reader.Has("insert", "into") || reader.Has("update")) {
    return Deletion::kNone;
  }
  return reader.Has("where") ? Deletion::kSome : Deletion::kAll;
}

// A MERGE deletes only rows that meet its conditions.
bool DeletesInMerge(const std::string& statement) {
  const std::vector<sql::Token> tokens = sql::Tokenize(statement);
  return sql::TokenReader(statement, tokens).Has("then", "delete");
}

}  // namespace

Deletion DeletionIn(const sql::Statement& statement) {
  switch (statement.kind) {
    case sql::StatementKind::kTruncate:
      return Deletion::kTruncate;
    case sql::StatementKind::kDelete:
      return HasWhere(statement.text) ? Deletion::kSome : Deletion::kAll;
    case sql::StatementKind::kMerge:
      return DeletesInMerge(CodeIn(statement)) ? Deletion::kSome : Deletion::kNone;
    case sql::StatementKind::kQuery:
    case sql::StatementKind::kDo:
      return DeletionWithin(CodeIn(statement));
    default:
      return Deletion::kNone;
  }
}

bool DeletesWithoutUpdates(const sql::Statement& statement) {
  const std::string code = CodeIn(statement);
  const std::vector<sql::Token> tokens = sql::Tokenize(code);
  const sql::TokenReader reader(code, tokens);
  return reader.Has("delete", "from") && !reader.Has("update");
}

}  // namespace ballast::lint
