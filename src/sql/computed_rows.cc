// SPDX-License-Identifier: Apache-2.0
#include "sql/computed_rows.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/parse_tree_internal.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

using nlohmann::json;
using Computed = std::set<ComputedColumn>;

// Names in the text, also in its strings, which can be code.
void AddNames(std::string_view text, bool only_in_strings, Computed& computed) {
  for (const Token& token : Tokenize(text)) {
    const std::string_view word = text.substr(token.offset, token.length);
    if (token.kind == TokenKind::kString) {
      AddNames(StringContent(word), false, computed);
    } else if (!only_in_strings && token.kind == TokenKind::kWord) {
      computed.insert({ToLowerAscii(std::string(word)), {}});
    } else if (!only_in_strings && token.kind == TokenKind::kQuotedName) {
      computed.insert({NameContent(word), {}});
    }
  }
}

void AddTarget(TokenReader& reader, Computed& computed) {
  const ObjectName table = reader.TakeName();
  if (!table.empty()) computed.insert({table.name, {}});
}

void AddUpdate(std::string_view text, TokenReader& reader, Computed& computed) {
  const json tree = ParseTreeOf(text).value_or(json::object());
  const json& statements = At(tree, "stmts");
  if (statements.size() != 1 || !At(statements[0], "stmt").contains("UpdateStmt")) {
    reader.Take("only");
    return AddTarget(reader, computed);
  }
  const json& update = statements[0]["stmt"]["UpdateStmt"];
  for (const json& item : At(update, "targetList")) {
    computed.insert(
        {RelationName(At(update, "relation")).name, TextAt(At(item, "ResTarget"), "name")});
  }
}

// Whether the expression has nothing but the column, constants, operators, casts and functions of
// PostgreSQL's own syntax, such as AT TIME ZONE: it cannot read anything else.
bool IsOfColumn(const json& expression, const std::string& column) {
  if (expression.is_object() && expression.contains("ColumnRef")) {
    const json& fields = At(expression["ColumnRef"], "fields");
    return !fields.empty() && StringIn(fields.back()) == column;
  }
  if (expression.is_object() && expression.contains("FuncCall")) {
    const json& call = expression["FuncCall"];
    if (NameFromParts(NamePartsIn(At(call, "funcname"))).schema != "pg_catalog") return false;
  }
  return !expression.is_structured() || std::ranges::all_of(expression, [&](const json& part) {
    return IsOfColumn(part, column);
  });
}

// ALTER TABLE … TYPE … USING.
void AddConversions(std::string_view text, Computed& computed) {
  const json tree = ParseTreeOf(text).value_or(json::object());
  const json& statements = At(tree, "stmts");
  if (statements.empty()) return AddNames(text, false, computed);
  const json& alter = At(At(statements[0], "stmt"), "AlterTableStmt");
  for (const json& item : At(alter, "cmds")) {
    const json& command = At(item, "AlterTableCmd");
    const json& definition = At(At(command, "def"), "ColumnDef");
    if (!definition.contains("raw_default")) continue;
    if (TextAt(command, "subtype") != "AT_AlterColumnType") continue;
    if (IsOfColumn(definition["raw_default"], TextAt(command, "name"))) continue;
    computed.insert({RelationName(At(alter, "relation")).name, TextAt(command, "name")});
  }
}

// Code, which can also write where its text names nothing.
void AddCode(std::string_view text, Computed& computed) {
  computed.insert({{}, {}});
  AddNames(text, false, computed);
}

bool CreatesTrigger(const TokenReader& reader) {
  return reader.Has("trigger") || reader.Has("rule");
}

void AddStatement(std::string_view text, Computed& computed) {
  const std::vector<Token> tokens = Tokenize(text);
  TokenReader reader(text, tokens);
  if (reader.Take("insert", "into")) {
    if (reader.Has("select") || reader.Has("table")) AddTarget(reader, computed);
  } else if (reader.Take("update")) {
    AddUpdate(text, reader, computed);
  } else if (reader.Is("create")) {
    const bool copies = reader.Has("table") && reader.Has("select");
    AddNames(text, !copies, computed);
    if (CreatesTrigger(reader)) computed.insert({{}, {}});
  } else if (reader.Is("alter")) {
    if (reader.Has("using")) AddConversions(text, computed);
  } else {
    static constexpr std::array<std::string_view, 10> kDefinitions = {
        "drop",  "comment", "grant",    "revoke", "set",
        "reset", "delete",  "truncate", "begin",  "commit"};
    const bool defines = std::any_of(kDefinitions.begin(), kDefinitions.end(),
                                     [&](std::string_view word) { return reader.Is(word); });
    if (!defines) AddCode(text, computed);
  }
}

}  // namespace

Computed ComputedColumnsIn(std::string_view script) {
  Computed computed;
  for (const StatementText& statement : SplitScript(script)) AddStatement(statement.text, computed);
  return computed;
}

}  // namespace ballast::sql
