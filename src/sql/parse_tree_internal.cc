// SPDX-License-Identifier: Apache-2.0
#include "sql/parse_tree_internal.h"

#include <pg_query.h>

#include <utility>

namespace ballast::sql {

using nlohmann::json;

std::optional<json> ParseTreeOf(std::string_view script) {
  const PgQueryParseResult result = pg_query_parse(std::string(script).c_str());
  json tree = result.error == nullptr && result.parse_tree != nullptr
                  ? json::parse(result.parse_tree, nullptr, /*allow_exceptions=*/false)
                  : json(json::value_t::discarded);
  pg_query_free_parse_result(result);
  if (tree.is_discarded()) return std::nullopt;
  return std::optional<json>(std::in_place, std::move(tree));
}

std::string TextAt(const json& node, const char* key) {
  const auto found = node.find(key);
  return found == node.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

const json& At(const json& node, const char* key) {
  static const json nothing = json::object();
  const auto found = node.find(key);
  return found == node.end() ? nothing : *found;
}

std::string StringIn(const json& node) {
  return TextAt(At(node, "String"), "sval");
}

ObjectName RelationName(const json& range) {
  return {TextAt(range, "schemaname"), TextAt(range, "relname")};
}

std::vector<std::string> NamePartsIn(const json& node) {
  if (node.contains("List")) return NamePartsIn(At(node["List"], "items"));
  if (node.contains("TypeName")) return NamePartsIn(At(node["TypeName"], "names"));
  if (node.contains("ObjectWithArgs")) return NamePartsIn(At(node["ObjectWithArgs"], "objname"));
  if (node.contains("String")) return {StringIn(node)};
  std::vector<std::string> parts;
  if (!node.is_array()) return parts;
  for (const json& part : node) {
    if (part.contains("String")) parts.push_back(StringIn(part));
  }
  return parts;
}

ObjectName NameFromParts(const std::vector<std::string>& parts) {
  if (parts.empty()) return {};
  return {parts.size() > 1 ? parts[parts.size() - 2] : std::string(), parts.back()};
}

}  // namespace ballast::sql
