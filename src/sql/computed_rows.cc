// SPDX-License-Identifier: Apache-2.0
#include "sql/computed_rows.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
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

// What code consists of, its strings included, because they can be code.
struct CodeParts {
  bool computes = false;        // it has a word of a statement that computes or moves values
  bool writes = false;          // it has a statement that writes values
  bool runs_text = false;       // EXECUTE of an expression that does not begin with its text
  bool runs_any = false;        // EXECUTE
  bool creates_event = false;   // a trigger or a rule, which acts later
  bool other_language = false;  // whose words mean something else
  bool has_type = false;
  bool has_using = false;
  std::set<std::string> calls;  // names in front of a parenthesis
};

bool HasAnyOf(const TokenReader& reader, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return reader.Is(word); });
}

void AddExecute(const TokenReader& reader, CodeParts& parts) {
  if (reader.Is("on", 1) || reader.Is("function", 1) || reader.Is("procedure", 1)) return;
  parts.runs_any = true;
  const size_t text = reader.Is("format", 1) && reader.Text(2) == "(" ? 3 : 1;
  if (reader.Kind(text) != TokenKind::kString) parts.runs_text = true;
}

void ReadCode(std::string_view text, CodeParts& parts) {
  const std::vector<Token> tokens = Tokenize(text);
  bool is_event = false;  // ON UPDATE, FOR UPDATE, BEFORE INSERT OR UPDATE
  for (TokenReader reader(text, tokens); !reader.AtEnd(); reader.Skip()) {
    if (reader.Kind() == TokenKind::kString) {
      ReadCode(StringContent(reader.Text()), parts);
      continue;
    }
    const bool is_name =
        reader.Kind() == TokenKind::kWord || reader.Kind() == TokenKind::kQuotedName;
    if (is_name && reader.Text(1) == "(") parts.calls.insert(NameContent(reader.Text()));
    const bool writes =
        HasAnyOf(reader, {"insert", "merge", "copy"}) || (reader.Is("update") && !is_event);
    parts.writes |= writes;
    parts.computes |= writes || HasAnyOf(reader, {"rename", "into"}) ||
                      (reader.Is("create") &&
                       (reader.Is("table", 1) || reader.Is("temp", 1) || reader.Is("unlogged", 1)));
    parts.has_type |= reader.Is("type");
    parts.has_using |= reader.Is("using");
    parts.creates_event |= reader.Is("trigger") || reader.Is("rule");
    parts.other_language |= reader.Is("language") && reader.Kind(1) == TokenKind::kWord &&
                            !reader.Is("plpgsql", 1) && !reader.Is("sql", 1);
    if (reader.Is("execute")) AddExecute(reader, parts);
    is_event = HasAnyOf(reader, {"on", "for", "or", "before", "after"});
  }
}

// Code. It writes where its text names nothing if it runs a text that it makes, or calls functions
// that do.
void AddCode(std::string_view text, Computed& computed) {
  CodeParts parts;
  ReadCode(text, parts);
  parts.computes |= parts.has_type && parts.has_using;  // a conversion
  const bool any = parts.creates_event || parts.other_language || parts.runs_text ||
                   (parts.runs_any && parts.computes);
  if (any) computed.insert({{}, {}});
  if (any || parts.computes) AddNames(text, false, computed);
  for (const std::string& function : parts.calls) computed.insert({{}, function});
}

// After the script, nobody can see what a function did that it drops.
void AddDroppedFunctions(std::string_view text, Computed& computed) {
  const std::vector<Token> tokens = Tokenize(text);
  TokenReader reader(text, tokens);
  if (!reader.Take("drop")) return;
  if (!reader.Take("function") && !reader.Take("procedure") && !reader.Take("routine")) return;
  for (; !reader.AtEnd(); reader.Skip()) {
    const std::string name = NameContent(reader.Text());
    if (!computed.contains({{}, name})) continue;
    computed.insert({{}, {}});
    return;
  }
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

bool WritesValuesInCode(std::string_view script) {
  for (const StatementText& statement : SplitScript(script)) {
    const std::vector<Token> tokens = Tokenize(statement.text);
    const TokenReader reader(statement.text, tokens);
    if (!HasAnyOf(reader, {"do", "call", "select", "execute"})) continue;
    CodeParts parts;
    ReadCode(statement.text, parts);
    if (parts.writes || parts.runs_text || (parts.has_type && parts.has_using)) return true;
  }
  return false;
}

Computed ComputedColumnsIn(std::string_view script) {
  Computed computed;
  const std::vector<StatementText> statements = SplitScript(script);
  for (const StatementText& statement : statements) AddStatement(statement.text, computed);
  for (const StatementText& statement : statements) AddDroppedFunctions(statement.text, computed);
  return computed;
}

}  // namespace ballast::sql
