// SPDX-License-Identifier: Apache-2.0
#include "sql/row_changes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "sql/classify.h"
#include "sql/lexer.h"

namespace ballast::sql {
namespace {

constexpr std::string_view kDefinitionWords[] = {"alter",   "comment", "create", "drop",
                                                 "execute", "grant",   "revoke"};

// Whether a DO block contains words of DDL, or runs text that may be DDL.
bool DefinesInCode(std::string_view statement) {
  const std::vector<Token> tokens = Tokenize(statement);
  for (TokenReader at{statement, tokens}; !at.AtEnd(); at.Skip()) {
    if (at.Kind() == TokenKind::kString) {
      if (DefinesInCode(StringContent(at.Text()))) return true;
      continue;
    }
    if (std::any_of(std::begin(kDefinitionWords), std::end(kDefinitionWords),
                    [&](std::string_view word) { return at.Is(word); })) {
      return true;
    }
  }
  return false;
}

bool IsVisibleInCatalog(const Statement& statement) {
  switch (statement.kind) {
    case StatementKind::kQuery:
    case StatementKind::kInsert:
    case StatementKind::kUpdate:
    case StatementKind::kDelete:
    case StatementKind::kMerge:
    case StatementKind::kTruncate:
    case StatementKind::kCopy:
    case StatementKind::kCall:
    case StatementKind::kSet:
    case StatementKind::kTransaction:
    case StatementKind::kMaintenance:
      return false;
    case StatementKind::kDo:
      return DefinesInCode(statement.text);
    default:
      return true;
  }
}

}  // namespace

bool ChangesOnlyRows(std::string_view script) {
  const std::vector<Statement> statements = ReadScript(script);
  if (std::any_of(statements.begin(), statements.end(), IsVisibleInCatalog)) return false;
  // set_config() and advisory locks change the session.
  return std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
    return statement.writes_rows &&
           !(statement.kind == StatementKind::kQuery && statement.session_state);
  });
}

}  // namespace ballast::sql
