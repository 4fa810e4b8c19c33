// SPDX-License-Identifier: Apache-2.0
#include "sql/named_schemas.h"

#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/parse_tree_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

class SchemaFinder {
 public:
  explicit SchemaFinder(std::string_view schema) : schema_(schema) {}

  bool In(const json& node) const {
    if (node.is_array()) return InAny(node);
    if (!node.is_object()) return false;
    for (const auto& [key, value] : node.items()) {
      if (key == "CreateSchemaStmt" && !value.contains("schemaElts")) continue;
      if (IsNamedBy(key, value) || In(value)) return true;
    }
    return false;
  }

 private:
  bool InAny(const json& nodes) const {
    for (const json& node : nodes) {
      if (In(node)) return true;
    }
    return false;
  }

  bool IsNamedBy(const std::string& key, const json& value) const {
    if (key == "schemaname" || key == "newschema") return value == schema_;
    if (key == "DefElem") return IsOption(value);
    if (key == "VariableSetStmt")
      return TextAt(value, "name") == "search_path" && HasConstant(value);
    if (key == "GrantStmt" && TextAt(value, "objtype") == "OBJECT_SCHEMA") {
      return HasString(At(value, "objects"));
    }
    static constexpr std::array kNames = {"names", "funcname", "objname",    "items",
                                          "name",  "defnames", "domainname", "typeName"};
    const bool name = std::find(kNames.begin(), kNames.end(), key) != kNames.end();
    return name && value.is_array() && value.size() > 1 && StringIn(value.front()) == schema_;
  }

  // WITH SCHEMA of an extension, IN SCHEMA of default privileges, and bodies.
  bool IsOption(const json& option) const {
    const std::string name = TextAt(option, "defname");
    const json& value = At(option, "arg");
    if (name == "schema") return StringIn(value) == schema_;
    if (name == "schemas") return HasString(At(At(value, "List"), "items"));
    if (name != "as") return false;
    if (value.contains("List")) {
      for (const json& body : At(At(value, "List"), "items")) {
        if (IsInBody(StringIn(body))) return true;
      }
      return false;
    }
    return IsInBody(StringIn(value));
  }

  // A body can be in any language, so only its words are compared.
  bool IsInBody(const std::string& body) const {
    const std::vector<Token> tokens = Tokenize(body);
    for (size_t at = 0; at + 1 < tokens.size(); ++at) {
      const std::string word = body.substr(tokens[at].offset, tokens[at].length);
      const std::string next = body.substr(tokens[at + 1].offset, tokens[at + 1].length);
      if (next == "." && (ToLowerAscii(word) == schema_ || word == "\"" + schema_ + "\"")) {
        return true;
      }
    }
    return false;
  }

  bool HasString(const json& nodes) const {
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](const json& node) { return StringIn(node) == schema_; });
  }

  bool HasConstant(const json& set) const {
    for (const json& argument : At(set, "args")) {
      if (TextAt(At(At(argument, "A_Const"), "sval"), "sval") == schema_) return true;
    }
    return false;
  }

  const std::string schema_;
};

}  // namespace

bool NamesSchema(std::string_view script, std::string_view schema) {
  if (!ContainsIgnoringAsciiCase(script, schema)) return false;
  const auto tree = ParseTreeOf(script);
  return !tree || SchemaFinder(schema).In(*tree);
}

}  // namespace ballast::sql
