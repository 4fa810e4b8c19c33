// SPDX-License-Identifier: Apache-2.0
#include "sql/created_in_schema.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sql/parse_tree_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

bool IsSetting(const json& body) {
  const std::string name = TextAt(body, "name");
  return name != "search_path" && name != "role" && name != "session_authorization" &&
         TextAt(body, "kind") != "VAR_RESET_ALL";
}

// Whether the statement leaves the current schema, the role and its privileges as they are.
bool KeepsSession(const std::string& node, const json& body) {
  static constexpr std::array kNodes = {"CreateStmt",
                                        "CreateForeignTableStmt",
                                        "ViewStmt",
                                        "CreateTableAsStmt",
                                        "CreateSeqStmt",
                                        "CompositeTypeStmt",
                                        "CreateEnumStmt",
                                        "CreateRangeStmt",
                                        "CreateDomainStmt",
                                        "CreateFunctionStmt",
                                        "DefineStmt",
                                        "IndexStmt",
                                        "CreateStatsStmt",
                                        "CreateTrigStmt",
                                        "CreatePolicyStmt",
                                        "CreateExtensionStmt",
                                        "AlterTableStmt",
                                        "AlterEnumStmt",
                                        "AlterSeqStmt",
                                        "AlterDomainStmt",
                                        "AlterPolicyStmt",
                                        "AlterFunctionStmt",
                                        "CommentStmt",
                                        "InsertStmt",
                                        "UpdateStmt",
                                        "DeleteStmt",
                                        "AlterObjectSchemaStmt"};
  if (node == "VariableSetStmt") return IsSetting(body);
  if (node == "TransactionStmt") return !TextAt(body, "kind").starts_with("TRANS_STMT_ROLLBACK");
  if (node == "GrantStmt") return TextAt(body, "objtype") == "OBJECT_TABLE";
  if (node == "DropStmt") return TextAt(body, "removeType") != "OBJECT_SCHEMA";
  if (node == "RenameStmt") return TextAt(body, "renameType") != "OBJECT_SCHEMA";
  return std::ranges::any_of(kNodes, [&](const char* one) { return node == one; });
}

class CreationReader {
 public:
  explicit CreationReader(std::string_view schema) : schema_(schema) {}

  bool Creates(const std::string& node, const json& body) {
    const std::optional<ObjectName> name = NameOf(node, body);
    return name && !name->name.empty() && (name->schema.empty() || name->schema == schema_);
  }

 private:
  // The name of the object that the statement creates, unless it is temporary.
  std::optional<ObjectName> NameOf(const std::string& node, const json& body) {
    if (node == "CreateStmt") return Lasting(At(body, "relation"));
    if (node == "CreateForeignTableStmt") return Lasting(At(At(body, "base"), "relation"));
    if (node == "CreateSeqStmt") return Lasting(At(body, "sequence"));
    if (node == "CompositeTypeStmt") return RelationName(At(body, "typevar"));
    if (node == "CreateEnumStmt" || node == "CreateRangeStmt") return Named(body, "typeName");
    if (node == "CreateDomainStmt") return Named(body, "domainname");
    if (node == "CreateFunctionStmt") return Named(body, "funcname");
    const bool conditional = body.contains("if_not_exists");
    if (node == "CreateTableAsStmt") {
      const auto name = Lasting(At(At(body, "into"), "rel"));
      return conditional ? std::nullopt : name;
    }
    // A view of a temporary table is temporary.
    if (node == "ViewStmt") return has_temporary_ ? std::nullopt : Lasting(At(body, "view"));
    if (node == "DefineStmt" && !conditional) return Named(body, "defnames");
    return std::nullopt;
  }

  static std::optional<ObjectName> Named(const json& body, const char* key) {
    return NameFromParts(NamePartsIn(At(body, key)));
  }

  std::optional<ObjectName> Lasting(const json& range) {
    if (TextAt(range, "relpersistence") != "t") return RelationName(range);
    has_temporary_ = true;
    return std::nullopt;
  }

  const std::string schema_;
  bool has_temporary_ = false;
};

}  // namespace

bool CreateObjectIn(const std::vector<std::string_view>& scripts, std::string_view schema) {
  CreationReader reader(schema);
  for (const std::string_view script : scripts) {
    const std::optional<json> tree = ParseTreeOf(script);
    if (!tree) return false;
    for (const json& item : At(*tree, "stmts")) {
      const json& statement = At(item, "stmt");
      if (statement.empty()) continue;
      const std::string node = statement.begin().key();
      const json& body = statement.begin().value();
      if (!KeepsSession(node, body)) return false;
      if (reader.Creates(node, body)) return true;
    }
  }
  return false;
}

}  // namespace ballast::sql
