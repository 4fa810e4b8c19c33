// SPDX-License-Identifier: Apache-2.0
#include "sql/canonical_columns.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/text.h"
#include "sql/canonical_query.h"

namespace ballast::sql {
namespace {

// The server prints keywords in capitals, and quotes names that have any.
bool IsKeyword(const TextNode& node) {
  return node.kind == TextNode::Kind::kWord && ToLowerAscii(node.text) != node.text;
}

bool IsIdentifier(const TextNode& node) {
  return node.IsName() && !IsKeyword(node);
}

bool IsListOfNames(const TextNode& node) {
  if (!node.IsGroup() || node.parts.empty()) return false;
  for (size_t i = 0; i < node.parts.size(); ++i) {
    if (i % 2 == 0 ? !node.parts[i].IsName() : !node.parts[i].IsSymbol(",")) return false;
  }
  return true;
}

// Whether a function with names for its columns begins here: f(x) alias(a, b).
bool IsNamedFunction(const TextNodes& nodes, size_t at) {
  return at + 3 < nodes.size() && IsIdentifier(nodes[at]) && nodes[at + 1].IsGroup() &&
         IsIdentifier(nodes[at + 2]) && IsListOfNames(nodes[at + 3]);
}

// The uses of columns in one query, up to where the next one begins.
class ColumnUses {
 public:
  explicit ColumnUses(const TextNodes& query) {
    FindQualified(query);
    FindMerged(query);
    const std::optional<FromClause> from = FromClauseOf(query);
    if (!from) return;
    only_relation_ = OnlyRelation(query, *from);
    // In front of SELECT are the columns of an INSERT.
    const auto begin = query.begin() + static_cast<std::ptrdiff_t>(from->begin);
    const auto select =
        std::find_if(query.begin(), begin, [](const TextNode& node) { return node.Is("SELECT"); });
    FindBare(TextNodes(select, begin));
    FindBare(TextNodes(query.begin() + static_cast<std::ptrdiff_t>(from->end), query.end()));
  }

  bool Uses(const std::string& relation, const std::string& column) const {
    return qualified_.contains({relation, column}) || qualified_.contains({relation, "*"}) ||
           merged_.contains(column) || (relation == only_relation_ && bare_.contains(column));
  }

 private:
  // relation.column, in queries within the query, too.
  void FindQualified(const TextNodes& nodes) {
    for (size_t i = 0; i < nodes.size(); ++i) {
      if (nodes[i].IsGroup()) FindQualified(nodes[i].parts);
      if (i + 2 < nodes.size() && nodes[i].IsName() && nodes[i + 1].IsSymbol(".")) {
        qualified_.emplace(nodes[i].text, nodes[i + 2].text);
      }
    }
  }

  // USING (a, b)
  void FindMerged(const TextNodes& nodes) {
    for (size_t i = 0; i < nodes.size(); ++i) {
      if (!nodes[i].IsGroup() || IsQuery(nodes[i].parts)) continue;
      if (i > 0 && nodes[i - 1].Is("USING")) AddNames(nodes[i].parts, &merged_);
      FindMerged(nodes[i].parts);
    }
  }

  // Columns are not qualified if the query has only one relation (since 16); those of queries
  // within the query always are.
  void FindBare(const TextNodes& nodes) {
    for (size_t i = 0; i < nodes.size(); ++i) {
      if (nodes[i].IsGroup() && !IsQuery(nodes[i].parts)) FindBare(nodes[i].parts);
      if (nodes[i].IsName() && IsReference(nodes, i)) bare_.insert(nodes[i].text);
    }
  }

  // Not a new name, a type, the name of a function, or part of a qualified name.
  static bool IsReference(const TextNodes& nodes, size_t at) {
    if (at + 1 < nodes.size()) {
      const TextNode& next = nodes[at + 1];
      if (next.IsSymbol(".") || (next.IsGroup() && IsIdentifier(nodes[at]))) return false;
    }
    if (at == 0) return true;
    const TextNode& last = nodes[at - 1];
    return !last.Is("AS") && !last.IsSymbol("::") && !last.IsSymbol(".");
  }

  static void AddNames(const TextNodes& list, std::set<std::string>* names) {
    for (const TextNode& node : list) {
      if (node.IsName()) names->insert(node.text);
    }
  }

  std::string only_relation_;
  std::set<std::pair<std::string, std::string>> qualified_;
  std::set<std::string> merged_;
  std::set<std::string> bare_;
};

bool DropIn(TextNodes* nodes, const ColumnUses& uses) {
  bool changed = false;
  for (size_t i = 0; i < nodes->size(); ++i) {
    TextNode& node = (*nodes)[i];
    if (node.IsGroup() && !IsQuery(node.parts)) changed |= DropIn(&node.parts, uses);
    if (!IsNamedFunction(*nodes, i)) continue;
    const std::string& alias = (*nodes)[i + 2].text;
    TextNodes& names = (*nodes)[i + 3].parts;
    while (names.size() > 1 && !uses.Uses(alias, names.back().text)) {
      names.resize(names.size() - 2);
      changed = true;
    }
  }
  return changed;
}

bool HasNamedFunction(const TextNodes& nodes) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (IsNamedFunction(nodes, i)) return true;
    if (nodes[i].IsGroup() && HasNamedFunction(nodes[i].parts)) return true;
  }
  return false;
}

// Each query, and each one within it, with its own uses. A group that is no query, such as a join
// or a list of arguments, belongs to the query around it.
bool DropInQueries(TextNodes* nodes, bool is_query);

bool DropInNested(TextNodes* nodes) {
  bool changed = false;
  for (TextNode& node : *nodes) {
    if (node.IsGroup()) changed |= DropInQueries(&node.parts, IsQuery(node.parts));
  }
  return changed;
}

bool DropInQueries(TextNodes* nodes, bool is_query) {
  bool changed = DropInNested(nodes);
  if (!is_query) return changed;
  for (size_t begin = 0; begin < nodes->size();) {
    size_t end = begin;
    while (end < nodes->size() && !SeparatesQueries((*nodes)[end])) ++end;
    const auto first = nodes->begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = nodes->begin() + static_cast<std::ptrdiff_t>(end);
    TextNodes query(first, last);
    if (DropIn(&query, ColumnUses(query))) {
      std::move(query.begin(), query.end(), first);
      changed = true;
    }
    begin = end + 1;
  }
  return changed;
}

}  // namespace

bool DropUnusedColumnNames(TextNodes* nodes) {
  return HasNamedFunction(*nodes) && DropInQueries(nodes, true);
}

}  // namespace ballast::sql
