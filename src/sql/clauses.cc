// SPDX-License-Identifier: Apache-2.0
#include "sql/clauses.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sql/lexer.h"
#include "sql/parse_tree_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

bool HasOuterWord(std::string_view statement, std::string_view word) {
  const std::vector<Token> tokens = Tokenize(statement);
  TokenReader reader(statement, tokens);
  reader.SkipTo(word);
  return !reader.AtEnd();
}

const json* StatementIn(const std::optional<json>& tree) {
  if (!tree || At(*tree, "stmts").size() != 1) return nullptr;
  return &At(At(*tree, "stmts").front(), "stmt");
}

// Whether the expression has nothing but constants and operators.
bool IsConstant(const json& expression) {
  for (const auto& [name, value] : expression.items()) {
    const bool is_other =
        name == "ColumnRef" || name == "FuncCall" || name == "SubLink" || name == "CurrentOfExpr";
    if (is_other || (value.is_structured() && !IsConstant(value))) return false;
  }
  return true;
}

bool IsFalse(const json& expression) {
  const json& constant = At(expression, "A_Const");
  return constant.contains("boolval") && At(constant, "boolval").empty();
}

bool SelectsRows(const json& statement) {
  if (!statement.contains("whereClause")) return false;
  const json& where = At(statement, "whereClause");
  return IsFalse(where) || !IsConstant(where);
}

// Adds the columns that the expression uses; false if it has more than columns, constants,
// operators and functions.
bool AddColumns(const json& expression, std::set<std::string>& columns) {
  for (const auto& [name, value] : expression.items()) {
    if (name == "SubLink" || name == "CurrentOfExpr") return false;
    if (name == "ColumnRef") {
      const json& fields = At(value, "fields");
      if (fields.empty() || !fields.back().contains("String")) return false;
      columns.insert(TextAt(At(fields.back(), "String"), "sval"));
    } else if (value.is_structured() && !AddColumns(value, columns)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool HasWhereClause(std::string_view statement) {
  const std::optional<json> tree = ParseTreeOf(statement);
  const json* node = StatementIn(tree);
  if (node == nullptr) return HasOuterWord(statement, "where");
  return SelectsRows(At(*node, "UpdateStmt")) || SelectsRows(At(*node, "DeleteStmt"));
}

std::set<std::string> ColumnsThatSelect(std::string_view update) {
  const std::optional<json> tree = ParseTreeOf(update);
  const json* node = StatementIn(tree);
  if (node == nullptr) return {};
  const json& statement = At(*node, "UpdateStmt");
  std::set<std::string> columns;
  const bool alone = statement.contains("whereClause") && !statement.contains("fromClause");
  if (!alone || !AddColumns(At(statement, "whereClause"), columns)) return {};
  return columns;
}

bool ConvertsWithUsing(std::string_view statement) {
  const std::optional<json> tree = ParseTreeOf(statement);
  const json* node = StatementIn(tree);
  if (node == nullptr) return HasOuterWord(statement, "using");
  const json& commands = At(At(*node, "AlterTableStmt"), "cmds");
  return std::any_of(commands.begin(), commands.end(), [](const json& item) {
    const json& command = At(item, "AlterTableCmd");
    return TextAt(command, "subtype") == "AT_AlterColumnType" &&
           At(At(command, "def"), "ColumnDef").contains("raw_default");
  });
}

}  // namespace ballast::sql
