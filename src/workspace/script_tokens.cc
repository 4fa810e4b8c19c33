// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_tokens.h"

#include <algorithm>

namespace ballast::workspace {
namespace {

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  std::vector<Token> ReadAll() {
    while (at_ < text_.size()) ReadOne();
    return std::move(tokens_);
  }

 private:
  void ReadOne() {
    const char c = text_[at_];
    if (text_.substr(at_, 2) == "//") {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (text_.substr(at_, 2) == "/*") {
      SkipTo(std::min(text_.find("*/", at_ + 2), text_.size() - 2) + 2);
    } else if (c == '"' || c == '\'' || c == '`') {
      ReadText(c);
    } else if (IsWordByte(c)) {
      size_t end = at_;
      while (end < text_.size() && IsWordByte(text_[end])) ++end;
      tokens_.push_back({TokenKind::kWord, std::string(text_.substr(at_, end - at_)), line_});
      at_ = end;
    } else {
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
        tokens_.push_back({TokenKind::kSign, std::string(1, c), line_});
      }
      SkipTo(at_ + 1);
    }
  }

  void ReadText(char quote) {
    Token token{TokenKind::kText, {}, line_};
    size_t i = at_ + 1;
    for (; i < text_.size() && text_[i] != quote; ++i) {
      if (text_[i] == '\n' && quote != '`') break;
      if (quote == '`' && text_.substr(i, 2) == "${") token = {TokenKind::kSign, "`", line_};
      if (text_[i] == '\\' && i + 1 < text_.size()) {
        token.text += Unescaped(text_[++i]);
      } else {
        token.text += text_[i];
      }
    }
    if (token.kind == TokenKind::kSign) token.text = "`";
    tokens_.push_back(std::move(token));
    SkipTo(std::min(i + 1, text_.size()));
  }

  static char Unescaped(char c) {
    switch (c) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      default:
        return c;
    }
  }

  void SkipTo(size_t end) {
    line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                         text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
    at_ = end;
  }

  std::string_view text_;
  size_t at_ = 0;
  int line_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> TokenizeScript(std::string_view text) {
  return Tokenizer(text).ReadAll();
}

}  // namespace ballast::workspace
