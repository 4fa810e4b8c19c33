// SPDX-License-Identifier: Apache-2.0
#include "sql/partition_bound.h"

#include <vector>

#include "sql/lexer.h"
#include "sql/parse_tree_internal.h"
#include "sql/partition_bound_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

// The tree says where WITH, IN or FROM is; one or two lists in parentheses follow.
std::string BoundText(const json& bound, std::string_view script) {
  if (bound.contains("is_default")) return "DEFAULT";
  const auto location = bound.find("location");
  const size_t begin = location == bound.end() ? 0 : location->get<size_t>();
  if (begin == 0 || begin >= script.size()) return {};
  const std::string_view text = script.substr(begin);
  int lists = TextAt(bound, "strategy") == "r" ? 2 : 1;
  int depth = 0;
  for (const Token& token : Tokenize(text)) {
    const std::string_view symbol = text.substr(token.offset, token.length);
    if (token.kind != TokenKind::kSymbol || (symbol != "(" && symbol != ")")) continue;
    depth += symbol == "(" ? 1 : -1;
    if (depth == 0 && --lists == 0) {
      return "FOR VALUES " + std::string(text.substr(0, token.offset + token.length));
    }
  }
  return {};
}

std::optional<NewPartition> Made(const json& table, const json& parent, const json& bound,
                                 std::string_view script) {
  NewPartition partition{RelationName(table), RelationName(parent), BoundText(bound, script)};
  if (bound.empty() || partition.bound.empty()) return std::nullopt;
  return partition;
}

}  // namespace

std::optional<NewPartition> NewPartitionIn(const json& statement, std::string_view script) {
  const json& foreign = At(statement, "CreateForeignTableStmt");
  const json& create = foreign.empty() ? At(statement, "CreateStmt") : At(foreign, "base");
  if (create.contains("partbound")) {
    const json& parents = At(create, "inhRelations");
    if (parents.empty()) return std::nullopt;
    return Made(At(create, "relation"), At(parents.front(), "RangeVar"), At(create, "partbound"),
                script);
  }
  const json& alter = At(statement, "AlterTableStmt");
  for (const json& item : At(alter, "cmds")) {
    const json& command = At(item, "AlterTableCmd");
    if (TextAt(command, "subtype") != "AT_AttachPartition") continue;
    const json& attached = At(At(command, "def"), "PartitionCmd");
    return Made(At(attached, "name"), At(alter, "relation"), At(attached, "bound"), script);
  }
  return std::nullopt;
}

std::optional<NewPartition> NewPartitionIn(std::string_view statement) {
  const std::optional<json> tree = ParseTreeOf(statement);
  if (!tree) return std::nullopt;
  for (const json& item : At(*tree, "stmts")) {
    if (auto partition = NewPartitionIn(At(item, "stmt"), statement)) return partition;
  }
  return std::nullopt;
}

}  // namespace ballast::sql
