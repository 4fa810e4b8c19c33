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

}  // namespace ballast::sql
