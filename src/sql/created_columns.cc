// SPDX-License-Identifier: Apache-2.0
#include "sql/created_columns.h"

#include <nlohmann/json.hpp>

#include "sql/parse_tree_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

void AddAdded(const json& alter, std::vector<CreatedColumn>& created) {
  for (const json& item : At(alter, "cmds")) {
    const json& command = At(item, "AlterTableCmd");
    if (TextAt(command, "subtype") == "AT_DropExpression") {
      created.push_back({RelationName(At(alter, "relation")), TextAt(command, "name")});
    }
    if (TextAt(command, "subtype") != "AT_AddColumn") continue;
    created.push_back({RelationName(At(alter, "relation")),
                       TextAt(At(At(command, "def"), "ColumnDef"), "colname")});
  }
}

}  // namespace

std::vector<CreatedColumn> CreatedColumnsIn(std::string_view script) {
  std::vector<CreatedColumn> created;
  const std::optional<json> tree = ParseTreeOf(script);
  if (!tree) return created;
  for (const json& item : At(*tree, "stmts")) {
    const json& statement = At(item, "stmt");
    if (statement.contains("CreateStmt")) {
      created.push_back({RelationName(At(statement["CreateStmt"], "relation")), {}});
    } else if (statement.contains("CreateTableAsStmt")) {
      created.push_back({RelationName(At(At(statement["CreateTableAsStmt"], "into"), "rel")), {}});
    } else if (statement.contains("AlterTableStmt")) {
      AddAdded(statement["AlterTableStmt"], created);
    }
  }
  return created;
}

}  // namespace ballast::sql
