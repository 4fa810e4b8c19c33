// SPDX-License-Identifier: Apache-2.0
#include "sql/evaluated_code.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>

#include "sql/parse_tree_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

bool IsAmong(const std::string& name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// The commands of ALTER TABLE that compute values of the rows, or check them.
bool Evaluates(const json& alter) {
  return std::ranges::any_of(At(alter, "cmds"), [](const json& item) {
    return IsAmong(TextAt(At(item, "AlterTableCmd"), "subtype"),
                   {"AT_AddColumn", "AT_AlterColumnType", "AT_SetExpression", "AT_AddConstraint",
                    "AT_ValidateConstraint", "AT_AttachPartition"});
  });
}

class EvaluatedCodeReader {
 public:
  EvaluatedCode Read(std::string_view script) {
    const std::optional<json> tree = ParseTreeOf(script);
    if (!tree) {
      code_.is_own = true;
      return code_;
    }
    for (const json& item : At(*tree, "stmts")) {
      const json& statement = At(item, "stmt");
      for (const auto& [kind, node] : statement.items()) ReadStatement(kind, node);
    }
    code_.is_own = code_.is_own || (creates_function_ && !code_.None());
    return code_;
  }

 private:
  void ReadStatement(const std::string& kind, const json& node) {
    creates_function_ = creates_function_ || kind == "CreateFunctionStmt";
    code_.is_own = code_.is_own || kind == "InsertStmt" || kind == "ExplainStmt";
    const bool evaluates = IsAmong(kind, {"IndexStmt", "AlterDomainStmt", "RefreshMatViewStmt",
                                          "CreateTableAsStmt"}) ||
                           (kind == "AlterTableStmt" && Evaluates(node));
    if (!evaluates) return;
    code_.of_catalog = true;
    ReadCalls(node);
  }

  // At any depth.
  void ReadCalls(const json& node) {
    if (node.is_object() && node.contains("FuncCall")) {
      const ObjectName name = NameFromParts(NamePartsIn(At(node["FuncCall"], "funcname")));
      if (name.schema != "pg_catalog") code_.functions.push_back(name.name);
    }
    if (!node.is_structured()) return;
    for (const json& child : node) ReadCalls(child);
  }

  EvaluatedCode code_;
  bool creates_function_ = false;
};

}  // namespace

EvaluatedCode EvaluatedBy(std::string_view script) {
  return EvaluatedCodeReader().Read(script);
}

}  // namespace ballast::sql
