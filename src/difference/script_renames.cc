// SPDX-License-Identifier: Apache-2.0
#include "difference/script_renames.h"

#include "sql/renames.h"
#include "sql/split.h"

namespace ballast::difference {
namespace {

bool IsRename(const Statement& statement) {
  if (statement.described) return false;
  return statement.kind == ActionKind::kRename || !sql::UndoRenames(statement.text).empty();
}

}  // namespace

std::string LeadingRenames(const std::vector<Statement>& script) {
  std::string text;
  for (const Statement& statement : script) {
    if (!IsRename(statement)) break;
    text += statement.text;
  }
  return text;
}

bool CreatesObject(const Statement& statement) {
  if (statement.kind != ActionKind::kCreate) return false;
  sql::StatementIterator pieces(statement.text);
  while (pieces.Next()) {
    sql::TokenReader reader = pieces.reader();
    if (reader.Take("create") && !reader.Is("or")) return true;
  }
  return false;
}

}  // namespace ballast::difference
