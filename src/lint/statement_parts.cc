// SPDX-License-Identifier: Apache-2.0
#include "lint/statement_parts.h"

#include <initializer_list>
#include <optional>

#include "base/text.h"
#include "sql/lexer.h"

namespace ballast::lint {
namespace {

class Parts {
 public:
  explicit Parts(std::string_view text) : text_(text), tokens_(sql::Tokenize(text)) {}

  size_t size() const { return tokens_.size(); }

  std::string TextAt(size_t at) const {
    return std::string(text_.substr(tokens_[at].offset, tokens_[at].length));
  }

  bool Is(size_t at, std::string_view word) const {
    return at < size() && tokens_[at].kind != sql::TokenKind::kQuotedName &&
           ToLowerAscii(TextAt(at)) == word;
  }

  // The raw name that a token is; nullopt if it is none.
  std::optional<std::string> NameAt(size_t at) const {
    if (at >= size()) return std::nullopt;
    const std::string text = TextAt(at);
    if (tokens_[at].kind == sql::TokenKind::kWord) return ToLowerAscii(text);
    if (tokens_[at].kind != sql::TokenKind::kQuotedName || !text.starts_with('"')) {
      return std::nullopt;
    }
    return ReplaceAll(text.substr(1, text.size() - 2), "\"\"", "\"");
  }

  // The first token from `at` on that is one of the words outside of parentheses.
  size_t Find(size_t at, std::initializer_list<std::string_view> words) const {
    int depth = 0;
    for (; at < size(); ++at) {
      for (const std::string_view word : words) {
        if (depth == 0 && Is(at, word)) return at;
      }
      if (Is(at, "(") || Is(at, "[")) ++depth;
      if (Is(at, ")") || Is(at, "]")) --depth;
    }
    return at;
  }

  // The text from one token to another, which is not included.
  std::string Between(size_t from, size_t to) const {
    if (from >= to || from >= size()) return {};
    const sql::Token& last = tokens_[to - 1];
    return std::string(
        text_.substr(tokens_[from].offset, last.offset + last.length - tokens_[from].offset));
  }

 private:
  std::string_view text_;
  std::vector<sql::Token> tokens_;
};

}  // namespace

std::string UsingExpression(std::string_view statement, std::string_view column) {
  const Parts parts(statement);
  for (size_t at = 0; at < parts.size(); ++at) {
    if (!parts.Is(at, "alter")) continue;
    size_t next = at + 1;
    if (parts.Is(next, "column")) ++next;
    if (parts.NameAt(next) != column) continue;
    ++next;
    if (parts.Is(next, "set") && parts.Is(next + 1, "data")) next += 2;
    if (!parts.Is(next, "type")) continue;
    const size_t end = parts.Find(next, {",", ";"});
    const size_t start = parts.Find(next, {"using"}) + 1;
    return start < end ? parts.Between(start, end) : std::string();
  }
  return {};
}

}  // namespace ballast::lint
