// SPDX-License-Identifier: Apache-2.0
#include "sql/canonical_query.h"

#include <algorithm>

namespace ballast::sql {

bool IsAnyOf(const TextNode& node, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return node.Is(word); });
}

bool IsQuery(const TextNodes& nodes) {
  return !nodes.empty() && IsAnyOf(nodes[0], {"SELECT", "WITH", "VALUES"});
}

bool SeparatesQueries(const TextNode& node) {
  return node.IsSymbol(";") || IsAnyOf(node, {"UNION", "INTERSECT", "EXCEPT"});
}

std::optional<FromClause> FromClauseOf(const TextNodes& nodes) {
  std::optional<FromClause> clause;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (IsAnyOf(nodes[i], {"UNION", "INTERSECT", "EXCEPT"})) return std::nullopt;
    if (!clause && nodes[i].Is("FROM")) {
      clause = FromClause{i + 1, nodes.size()};
    } else if (clause && clause->end == nodes.size() &&
               (nodes[i].IsSymbol(";") ||
                IsAnyOf(nodes[i], {"WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET",
                                   "FETCH", "FOR"}))) {
      clause->end = i;
    }
  }
  return clause;
}

std::string OnlyRelation(const TextNodes& nodes, FromClause clause) {
  size_t end = clause.end;
  for (size_t i = clause.begin; i < clause.end; ++i) {
    if (nodes[i].IsSymbol(",")) return {};
    if (nodes[i].Is("TABLESAMPLE")) end = i;
  }
  if (clause.begin >= end) return {};
  const TextNode& first = nodes[clause.begin];
  if (first.IsGroup() && !IsQuery(first.parts)) return {};  // a join
  if (nodes[end - 1].IsGroup()) --end;                      // names of columns
  if (end <= clause.begin || !nodes[end - 1].IsName()) return {};
  return nodes[end - 1].text;
}

}  // namespace ballast::sql
