// SPDX-License-Identifier: Apache-2.0
// A text as tokens, with parentheses as a tree: what canonical wording works on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

struct TextNode {
  enum class Kind { kWord, kQuotedName, kString, kSymbol, kGroup };

  Kind kind = Kind::kWord;
  std::string text;             // as written; empty for a group
  bool space_before = false;    // white space came before it
  std::vector<TextNode> parts;  // of a group: what stands between its parentheses
  std::string space = {};       // that white space, where the node was read from a text

  bool Is(std::string_view word) const { return kind == Kind::kWord && text == word; }
  bool IsSymbol(std::string_view symbol) const { return kind == Kind::kSymbol && text == symbol; }
  bool IsName() const { return kind == Kind::kWord || kind == Kind::kQuotedName; }
  bool IsGroup() const { return kind == Kind::kGroup; }
};

using TextNodes = std::vector<TextNode>;

TextNode WordNode(std::string_view text, bool space_before = false);
TextNode SymbolNode(std::string_view text, bool space_before = false);

// Never fails: an unclosed quote or parenthesis ends with the text.
TextNodes ParseTextNodes(std::string_view text);

// With single blanks, none at the inner edges of parentheses.
std::string RenderTextNodes(const TextNodes& nodes);
// With the white space that the text had before each node.
std::string RenderTextNodesSpaced(const TextNodes& nodes);

}  // namespace ballast::sql
