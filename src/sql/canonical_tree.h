// SPDX-License-Identifier: Apache-2.0
// Text as a tree of tokens and parenthesized groups, for computing canonical text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

struct TextNode {
  enum class Kind { kWord, kQuotedName, kString, kSymbol, kGroup };

  Kind kind = Kind::kWord;
  std::string text;             // as written; empty for a group
  bool space_before = false;    // preceded by white space
  std::vector<TextNode> parts;  // of a group: the nodes between its parentheses
  std::string space = {};       // that white space, if the node was read from text

  bool Is(std::string_view word) const { return kind == Kind::kWord && text == word; }
  bool IsSymbol(std::string_view symbol) const { return kind == Kind::kSymbol && text == symbol; }
  bool IsName() const { return kind == Kind::kWord || kind == Kind::kQuotedName; }
  bool IsGroup() const { return kind == Kind::kGroup; }
};

using TextNodes = std::vector<TextNode>;

TextNode WordNode(std::string_view text, bool space_before = false);
TextNode SymbolNode(std::string_view text, bool space_before = false);

// Never fails: an unclosed quote or parenthesis extends to the end of the text.
TextNodes ParseTextNodes(std::string_view text);

// With single spaces, and none next to parentheses.
std::string RenderTextNodes(const TextNodes& nodes);
// With the original white space before each node.
std::string RenderTextNodesSpaced(const TextNodes& nodes);

}  // namespace ballast::sql
