// SPDX-License-Identifier: Apache-2.0
#include "sql/canonical_tree.h"

#include <algorithm>
#include <cctype>

namespace ballast::sql {
namespace {

bool IsSpace(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

bool IsWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool IsOperatorCharacter(char c) {
  return std::string_view("+-*/<>=~!@#%^&|`?:").find(c) != std::string_view::npos;
}

// Reads one text from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // Up to the parenthesis that closes the list, or the end.
  TextNodes ReadList() {
    TextNodes nodes;
    for (;;) {
      const std::string_view space = SkipSpace();
      if (at_ >= text_.size() || text_[at_] == ')') return nodes;
      TextNode node = ReadNode();
      node.space_before = !space.empty();
      node.space = std::string(space);
      nodes.push_back(std::move(node));
    }
  }

  bool AtEnd() const { return at_ >= text_.size(); }
  TextNode TakeStrayParenthesis() {
    ++at_;
    return SymbolNode(")");
  }

 private:
  std::string_view SkipSpace() {
    const size_t start = at_;
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  TextNode ReadNode() {
    const char c = text_[at_];
    if (c == '(' && depth_ < kDeepest) return ReadGroup();
    if (c == '"') return Take(TextNode::Kind::kQuotedName, QuotedEnd(at_, '"', false));
    if (c == '\'') return Take(TextNode::Kind::kString, QuotedEnd(at_, '\'', false));
    if ((c == 'E' || c == 'B' || c == 'X') && Peek(1) == '\'') {
      return Take(TextNode::Kind::kString, QuotedEnd(at_ + 1, '\'', c == 'E'));
    }
    if (IsWordCharacter(c)) return Take(TextNode::Kind::kWord, RunEnd(IsWordCharacter));
    if (IsOperatorCharacter(c)) return Take(TextNode::Kind::kSymbol, RunEnd(IsOperatorCharacter));
    return Take(TextNode::Kind::kSymbol, at_ + 1);
  }

  TextNode ReadGroup() {
    ++at_;
    ++depth_;
    TextNode group;
    group.kind = TextNode::Kind::kGroup;
    group.parts = ReadList();
    --depth_;
    if (at_ < text_.size()) ++at_;
    return group;
  }

  TextNode Take(TextNode::Kind kind, size_t end) {
    TextNode node;
    node.kind = kind;
    node.text = std::string(text_.substr(at_, end - at_));
    at_ = end;
    return node;
  }

  char Peek(size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  size_t RunEnd(bool (*belongs)(char)) const {
    size_t end = at_;
    while (end < text_.size() && belongs(text_[end])) ++end;
    return end;
  }

  // Behind the quote that closes the one at `open`.
  size_t QuotedEnd(size_t open, char quote, bool backslashes) const {
    for (size_t i = open + 1; i < text_.size(); ++i) {
      if (backslashes && text_[i] == '\\') {
        ++i;
      } else if (text_[i] == quote) {
        if (i + 1 >= text_.size() || text_[i + 1] != quote) return i + 1;
        ++i;
      }
    }
    return text_.size();
  }

  // Deeper parentheses are not analyzed, to bound the recursion.
  static constexpr int kDeepest = 1000;

  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
};

enum class Spaces { kSingle, kAsRead };

void Append(const TextNodes& nodes, Spaces spaces, std::string* text) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    const TextNode& node = nodes[i];
    if (node.space_before && spaces == Spaces::kAsRead && !node.space.empty()) {
      *text += node.space;
    } else if (node.space_before && i > 0) {
      *text += ' ';
    }
    if (node.IsGroup()) {
      *text += '(';
      Append(node.parts, spaces, text);
      *text += ')';
    } else {
      *text += node.text;
    }
  }
}

}  // namespace

TextNode WordNode(std::string_view text, bool space_before) {
  return {TextNode::Kind::kWord, std::string(text), space_before, {}, {}};
}

TextNode SymbolNode(std::string_view text, bool space_before) {
  return {TextNode::Kind::kSymbol, std::string(text), space_before, {}, {}};
}

TextNodes ParseTextNodes(std::string_view text) {
  Reader reader(text);
  TextNodes nodes = reader.ReadList();
  while (!reader.AtEnd()) {
    nodes.push_back(reader.TakeStrayParenthesis());
    for (TextNode& node : reader.ReadList()) nodes.push_back(std::move(node));
  }
  return nodes;
}

std::string RenderTextNodes(const TextNodes& nodes) {
  std::string text;
  Append(nodes, Spaces::kSingle, &text);
  return text;
}

std::string RenderTextNodesSpaced(const TextNodes& nodes) {
  std::string text;
  Append(nodes, Spaces::kAsRead, &text);
  return text;
}

}  // namespace ballast::sql
