// SPDX-License-Identifier: Apache-2.0
#include "sql/stated_conversion.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "sql/alter_table.h"
#include "sql/lexer.h"
#include "sql/parse_tree_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

constexpr std::string_view kAlter = "ALTER TABLE t ";

// Adds the offsets of references to the column; false if there is one to another column.
bool AddReferences(const json& node, const std::string& column, std::vector<size_t>& offsets) {
  if (node.is_object() && node.contains("ColumnRef")) {
    const json& reference = node["ColumnRef"];
    const json& fields = At(reference, "fields");
    if (fields.empty() || StringIn(fields.back()) != column) return false;
    offsets.push_back(reference.value("location", size_t{0}));
    return true;
  }
  return !node.is_structured() || std::ranges::all_of(node, [&](const json& child) {
    return AddReferences(child, column, offsets);
  });
}

// The offset behind a name that begins at `begin`: "t"."v".
size_t EndOfName(std::string_view text, size_t begin) {
  const std::string_view rest = text.substr(begin);
  const std::vector<Token> tokens = Tokenize(rest);
  TokenReader reader(rest, tokens);
  const TokenReader start = reader;
  reader.TakeName();
  return begin + start.SourceBefore(reader).size();
}

// `clause`: ALTER [COLUMN] v TYPE t USING expression.
std::optional<StatedConversion> ConversionIn(const std::string& clause, const std::string& column) {
  const std::string statement = std::string(kAlter) + clause;
  const std::optional<json> tree = ParseTreeOf(statement);
  if (!tree || At(*tree, "stmts").size() != 1) return std::nullopt;
  const json& alter = At(At(At(*tree, "stmts").front(), "stmt"), "AlterTableStmt");
  if (At(alter, "cmds").size() != 1) return std::nullopt;
  const json& command = At(At(alter, "cmds").front(), "AlterTableCmd");
  const json& expression = At(At(At(command, "def"), "ColumnDef"), "raw_default");
  std::vector<size_t> references;
  if (expression.empty() || !AddReferences(expression, column, references)) return std::nullopt;
  std::ranges::sort(references);
  const std::vector<Token> tokens = Tokenize(statement);
  TokenReader reader(statement, tokens);
  reader.SkipTo("using");
  if (!reader.Take("using")) return std::nullopt;
  size_t at = statement.size() - reader.Source().size();
  std::vector<std::string> pieces;
  for (const size_t reference : references) {
    if (reference < at) return std::nullopt;
    pieces.push_back(statement.substr(at, reference - at));
    at = EndOfName(statement, reference);
  }
  pieces.push_back(statement.substr(at));
  return StatedConversion(std::move(pieces));
}

}  // namespace

std::string StatedConversion::Of(const std::string& value) const {
  return "(" + Join(pieces_, "(" + value + ")") + ")";
}

std::optional<StatedConversion> StatedConversionOf(const ValueChanges& changes,
                                                   const ObjectName& table,
                                                   const std::string& column) {
  const auto is_it = [&](const ChangedColumn& one) { return one.Is(table, column); };
  if (!changes.with_code.empty() || std::ranges::any_of(changes.updated, is_it)) {
    return std::nullopt;
  }
  if (std::ranges::count_if(changes.converted, is_it) != 1) return std::nullopt;
  const ChangedColumn& changed = *std::ranges::find_if(changes.converted, is_it);
  const auto statement = ReadAlterTable(changed.statement);
  if (!statement) return std::nullopt;
  const auto clause = std::ranges::find_if(statement->clauses, [&](const AlterClause& one) {
    return one.kind == AlterClauseKind::kAlterType && one.name == column;
  });
  if (clause == statement->clauses.end()) return std::nullopt;
  return ConversionIn(clause->text, column);
}

}  // namespace ballast::sql
