// SPDX-License-Identifier: Apache-2.0
#include "sql/canonical.h"

#include <algorithm>
#include <array>
#include <optional>

#include "sql/canonical_calls.h"
#include "sql/canonical_query.h"
#include "sql/canonical_reread.h"
#include "sql/canonical_tree.h"

namespace ballast::sql {
namespace {

// Keywords since 16 or 17 that must be in quotes where they are names.
constexpr std::array<std::string_view, 13> kNewKeywords = {
    "json",           "json_array",   "json_arrayagg", "json_exists",    "json_object",
    "json_objectagg", "json_query",   "json_scalar",   "json_serialize", "json_table",
    "json_value",     "merge_action", "system_user"};

void UnquoteNewKeywords(TextNodes* nodes) {
  for (TextNode& node : *nodes) {
    UnquoteNewKeywords(&node.parts);
    if (node.kind != TextNode::Kind::kQuotedName || node.text.size() < 2) continue;
    const std::string name = node.text.substr(1, node.text.size() - 2);
    if (std::find(kNewKeywords.begin(), kNewKeywords.end(), name) != kNewKeywords.end()) {
      node.text = name;
      node.kind = TextNode::Kind::kWord;
    }
  }
}

// relation.column → column, but not inside of queries within the query.
void StripQualifier(const std::string& relation, TextNodes* nodes) {
  TextNodes result;
  for (size_t i = 0; i < nodes->size(); ++i) {
    TextNode& node = (*nodes)[i];
    if (node.IsGroup() && !IsQuery(node.parts)) StripQualifier(relation, &node.parts);
    const bool qualifies = node.IsName() && node.text == relation && i + 2 < nodes->size() &&
                           (*nodes)[i + 1].IsSymbol(".") && (*nodes)[i + 2].IsName() &&
                           (result.empty() || !result.back().IsSymbol("."));
    if (qualifies) {
      const bool space = node.space_before;
      i += 2;
      (*nodes)[i].space_before = space;
    }
    result.push_back(std::move((*nodes)[i]));
  }
  *nodes = std::move(result);
}

void StripOnlyRelation(TextNodes* nodes) {
  if (!IsQuery(*nodes)) return;
  const std::optional<FromClause> clause = FromClauseOf(*nodes);
  if (!clause) return;
  const std::string relation = OnlyRelation(*nodes, *clause);
  if (relation.empty()) return;
  const auto begin = nodes->begin() + static_cast<std::ptrdiff_t>(clause->begin);
  const auto end = nodes->begin() + static_cast<std::ptrdiff_t>(clause->end);
  TextNodes before(nodes->begin(), begin);
  TextNodes from(begin, end);
  TextNodes after(end, nodes->end());
  StripQualifier(relation, &before);
  StripQualifier(relation, &after);
  *nodes = std::move(before);
  nodes->insert(nodes->end(), from.begin(), from.end());
  nodes->insert(nodes->end(), after.begin(), after.end());
}

}  // namespace

std::string RereadText(std::string_view text) {
  TextNodes nodes = ParseTextNodes(text);
  return RewriteAsReread(&nodes) ? RenderTextNodesSpaced(nodes) : std::string(text);
}

std::string CanonicalText(std::string_view text) {
  TextNodes nodes = ParseTextNodes(text);
  RewriteAsReread(&nodes);
  UnquoteNewKeywords(&nodes);
  MakePlainCalls(&nodes);
  StripOnlyRelation(&nodes);
  return RenderTextNodes(nodes);
}

}  // namespace ballast::sql
