// SPDX-License-Identifier: Apache-2.0
#include "sql/cluster_changes.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sql/parse_tree_internal.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

constexpr std::array kClusterStatements = {"CreateRoleStmt",
                                           "AlterRoleStmt",
                                           "DropRoleStmt",
                                           "GrantRoleStmt",
                                           "DropOwnedStmt",
                                           "ReassignOwnedStmt",
                                           "AlterSystemStmt",
                                           "CreatedbStmt",
                                           "DropdbStmt",
                                           "AlterDatabaseStmt",
                                           "CreateTableSpaceStmt",
                                           "DropTableSpaceStmt",
                                           "AlterTableSpaceOptionsStmt"};

bool IsAmong(const std::string& type, std::initializer_list<const char*> types) {
  return std::ranges::find(types, type) != types.end();
}

// A comment on the database, its privileges and its settings are compared.
bool IsClusterChange(const std::string& node, const json& body) {
  if (std::ranges::find(kClusterStatements, node) != kClusterStatements.end()) return true;
  if (node == "AlterRoleSetStmt") return TextAt(body, "database").empty();
  const std::string of = TextAt(
      body, node == "CommentStmt" || node == "SecLabelStmt" || node == "GrantStmt" ? "objtype"
                                                                                   : "objectType");
  if (node == "CommentStmt" || node == "SecLabelStmt" || node == "GrantStmt") {
    return IsAmong(
        of, {"OBJECT_ROLE", "OBJECT_TABLESPACE", "OBJECT_LARGEOBJECT", "OBJECT_PARAMETER_ACL"});
  }
  return node == "AlterOwnerStmt" &&
         IsAmong(of, {"OBJECT_DATABASE", "OBJECT_TABLESPACE", "OBJECT_LARGEOBJECT"});
}

bool IsClusterChange(std::string_view statement) {
  const std::optional<json> tree = ParseTreeOf(statement);
  if (!tree) return false;
  for (const json& parsed : At(*tree, "stmts")) {
    for (const auto& [node, body] : At(parsed, "stmt").items()) {
      if (IsClusterChange(node, body)) return true;
    }
  }
  return false;
}

}  // namespace

bool ChangesCluster(std::string_view script) {
  // One by one: what the grammar does not know hides no other statement.
  for (StatementIterator walk(script); walk.Next();) {
    const bool only_rows = walk.reader().Is("insert") || walk.reader().Is("copy");  // can be large
    if (!only_rows && IsClusterChange(walk.statement().text)) return true;
  }
  return false;
}

}  // namespace ballast::sql
