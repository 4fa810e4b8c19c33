// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_tokens.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "prisma/string_literal.h"

namespace ballast::workspace {
namespace {

// Longer signs first.
constexpr std::string_view kSigns[] = {
    "===", "!==", "...", "?\?=", "||=", "&&=", "??", "||", "&&", "=>", "==", "!=", "?.",
    "+=",  "++",  "--",  "**=",  "<<=", "-=",  "*=", "/=", "%=", "|=", "&=", "^="};
constexpr int kDeepestTemplate = 16;

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

// White space of JavaScript that is not ASCII: U+00A0, U+FEFF, and the line separators.
constexpr std::string_view kLineSeparators[] = {"\xE2\x80\xA8", "\xE2\x80\xA9"};
constexpr std::string_view kFurtherSpaces[] = {"\xC2\xA0", "\xEF\xBB\xBF", kLineSeparators[0],
                                               kLineSeparators[1]};

size_t LengthOfFurtherSpace(std::string_view text) {
  for (const std::string_view space : kFurtherSpaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

// Words after which a slash begins a regular expression.
bool IsOperatorWord(std::string_view word) {
  return word == "return" || word == "typeof" || word == "case" || word == "in" || word == "of";
}

class Tokenizer {
 public:
  Tokenizer(std::string_view text, int line, int depth) : text_(text), line_(line), depth_(depth) {}

  std::vector<Token> ReadAll() {
    while (at_ < text_.size()) ReadOne();
    return std::move(tokens_);
  }

 private:
  void ReadOne() {
    const char c = text_[at_];
    if (const size_t space = LengthOfFurtherSpace(text_.substr(at_)); space > 0) {
      at_ += space;
    } else if (text_.substr(at_, 2) == "//" || (at_ == 0 && text_.starts_with("#!"))) {
      SkipLineComment();
    } else if (text_.substr(at_, 2) == "/*") {
      const size_t end = text_.find("*/", at_ + 2);
      SkipTo(end == std::string_view::npos ? text_.size() : end + 2);
    } else if (c == '"' || c == '\'') {
      ReadText(c);
    } else if (c == '`') {
      ReadTemplate();
    } else if (IsWordByte(c) || text_.substr(at_, 2) == "\\u") {
      ReadWord();
    } else if (c == '/' && MayBeginRegularExpression()) {
      ReadRegularExpression();
    } else {
      ReadSign();
    }
  }

  void SkipLineComment() {
    size_t end = std::min(text_.find_first_of("\r\n", at_), text_.size());
    for (const std::string_view separator : kLineSeparators) {
      end = std::min(end, text_.find(separator, at_));
    }
    at_ = end;
  }

  void ReadWord() {
    std::string word;
    size_t end = at_;
    while (end < text_.size() && LengthOfFurtherSpace(text_.substr(end)) == 0) {
      if (IsWordByte(text_[end])) {
        word += text_[end++];
        continue;
      }
      const bool is_escape = text_.substr(end, 2) == "\\u";
      const size_t behind = is_escape ? AppendCodePoint(end + 1, &word) : 0;
      if (behind == 0) break;
      end = behind;
    }
    if (end == at_) return ReadSign();
    Add(TokenKind::kWord, std::move(word));
    at_ = end;
  }

  void ReadSign() {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') return SkipTo(at_ + 1);
    for (const std::string_view sign : kSigns) {
      if (text_.substr(at_, sign.size()) != sign) continue;
      Add(TokenKind::kSign, std::string(sign));
      at_ += sign.size();
      return;
    }
    Add(TokenKind::kSign, std::string(1, c));
    ++at_;
  }

  bool MayBeginRegularExpression() const {
    if (tokens_.empty()) return true;
    const Token& last = tokens_.back();
    if (last.kind == TokenKind::kWord) return IsOperatorWord(last.text);
    if (last.kind != TokenKind::kSign) return false;
    return last.text != ")" && last.text != "]" && last.text != "}";
  }

  void ReadRegularExpression() {
    bool in_class = false;
    size_t i = at_ + 1;
    for (; i < text_.size() && text_[i] != '\n'; ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '/' && !in_class) {
        break;
      } else if (text_[i] == '[' || text_[i] == ']') {
        in_class = text_[i] == '[';
      }
    }
    Add(TokenKind::kSign, "/");
    i = std::min(i + 1, text_.size());
    while (i < text_.size() && IsWordByte(text_[i])) ++i;
    SkipTo(i);
  }

  void ReadText(char quote) {
    Token token{TokenKind::kText, {}, line_, {}, {}};
    size_t i = at_ + 1;
    while (i < text_.size() && text_[i] != quote && text_[i] != '\n') {
      i = AppendCharacter(i, &token.text);
    }
    token.is_open = i >= text_.size() || text_[i] != quote;
    tokens_.push_back(std::move(token));
    SkipTo(std::min(i + 1, text_.size()));
  }

  void ReadTemplate() {
    Token token{TokenKind::kTemplate, {}, line_, {{}}, {}};
    size_t i = at_ + 1;
    while (i < text_.size() && text_[i] != '`') {
      if (text_.substr(i, 2) != "${") {
        i = AppendCharacter(i, &token.texts.back());
        continue;
      }
      const size_t end = EndOfExpression(i + 2);
      const int line = line_ + LinesBetween(at_, i);
      token.expressions.push_back(
          depth_ < kDeepestTemplate
              ? Tokenizer(text_.substr(i + 2, end - i - 2), line, depth_ + 1).ReadAll()
              : std::vector<Token>());
      token.texts.emplace_back();
      i = std::min(end + 1, text_.size());
    }
    token.is_open = i >= text_.size();
    if (token.expressions.empty()) {
      token.kind = TokenKind::kText;
      token.text = token.texts.front();
    }
    tokens_.push_back(std::move(token));
    SkipTo(std::min(i + 1, text_.size()));
  }

  // The position of the brace that ends an expression of a template.
  size_t EndOfExpression(size_t i) const {
    int depth = 0;
    for (; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '"' || c == '\'' || c == '`') {
        for (++i; i < text_.size() && text_[i] != c; ++i) {
          if (text_[i] == '\\') ++i;
        }
      } else if (c == '{') {
        ++depth;
      } else if (c == '}' && depth-- == 0) {
        return i;
      }
    }
    return text_.size();
  }

  // One character of a literal; gives the position after it.
  size_t AppendCharacter(size_t i, std::string* text) const {
    if (text_[i] != '\\' || i + 1 >= text_.size()) {
      *text += text_[i];
      return i + 1;
    }
    const char c = text_[i + 1];
    if (c == 'x' || c == 'u') {
      if (const size_t end = AppendCodePoint(i + 1, text); end != 0) return end;
    }
    constexpr std::string_view kLetters = "ntrbfv0";
    constexpr std::string_view kMeanings("\n\t\r\b\f\v\0", 7);
    if (const size_t known = kLetters.find(c); known != std::string_view::npos) {
      *text += kMeanings[known];
    } else if (c == '\r' && text_.substr(i + 2, 1) == "\n") {
      return i + 3;  // a line that continues
    } else if (c != '\n') {
      *text += c;
    }
    return i + 2;
  }

  // x41, u0041 or u{41}, the rest of an escape. 0: it is none.
  size_t AppendCodePoint(size_t i, std::string* text) const {
    const bool braces = text_[i] == 'u' && i + 1 < text_.size() && text_[i + 1] == '{';
    const size_t begin = i + (braces ? 2 : 1);
    const size_t end = braces ? text_.find('}', begin) : begin + (text_[i] == 'x' ? 2 : 4);
    if (end == std::string_view::npos || end > text_.size()) return 0;
    uint32_t code_point = 0;
    const auto [rest, error] =
        std::from_chars(text_.data() + begin, text_.data() + end, code_point, 16);
    constexpr uint32_t kLast = 0x10FFFF;
    if (error != std::errc() || rest != text_.data() + end || code_point > kLast) return 0;
    prisma::AppendUtf8(code_point, *text);
    return end + (braces ? 1 : 0);
  }

  void Add(TokenKind kind, std::string text) {
    tokens_.push_back({kind, std::move(text), line_, {}, {}});
  }

  int LinesBetween(size_t begin, size_t end) const {
    const std::string_view skipped = text_.substr(begin, end - begin);
    return static_cast<int>(std::count(skipped.begin(), skipped.end(), '\n'));
  }

  void SkipTo(size_t end) {
    line_ += LinesBetween(at_, end);
    at_ = end;
  }

  std::string_view text_;
  size_t at_ = 0;
  int line_;
  int depth_;
  std::vector<Token> tokens_;
};

}  // namespace

std::optional<ScriptFault> FindFault(const std::vector<Token>& tokens) {
  constexpr std::string_view kOpening = "([{";
  constexpr std::string_view kClosing = ")]}";
  std::vector<const Token*> open;
  for (const Token& token : tokens) {
    if (token.is_open) return ScriptFault{"a string is not closed", token.line};
    for (const std::vector<Token>& inside : token.expressions) {
      if (const auto fault = FindFault(inside)) return fault;
    }
    if (token.kind != TokenKind::kSign || token.text.size() != 1) continue;
    if (kOpening.find(token.text) != std::string_view::npos) open.push_back(&token);
    const size_t closing = kClosing.find(token.text);
    if (closing == std::string_view::npos) continue;
    if (open.empty()) return ScriptFault{token.text + " closes nothing", token.line};
    if (open.back()->text[0] != kOpening[closing]) {
      return ScriptFault{open.back()->text + " is not closed", open.back()->line};
    }
    open.pop_back();
  }
  if (open.empty()) return std::nullopt;
  return ScriptFault{open.back()->text + " is not closed", open.back()->line};
}

std::string_view TextAt(const std::vector<Token>& tokens, size_t at) {
  if (at >= tokens.size() || tokens[at].kind == TokenKind::kText) return {};
  return tokens[at].text;
}

bool IsImportedAt(const std::vector<Token>& tokens, size_t at) {
  for (size_t i = at; i > 0; --i) {
    const std::string_view before = TextAt(tokens, i - 1);
    if (before == "import") return true;
    const bool of_list =
        tokens[i - 1].kind == TokenKind::kWord || before == "{" || before == "," || before == "*";
    if (!of_list) return false;
  }
  return false;
}

bool IsAssignmentSign(std::string_view sign) {
  constexpr std::string_view kAssignments[] = {
      "=", "?\?=", "||=", "&&=", "+=", "-=", "*=", "**=", "/=", "%=", "|=", "&=", "^=", "<<="};
  return std::ranges::find(kAssignments, sign) != std::end(kAssignments);
}

bool IsDeclarationWord(std::string_view word) {
  return word == "const" || word == "let" || word == "var";
}

bool IsClosingBracket(const Token& token) {
  return token.kind == TokenKind::kSign &&
         (token.text == "]" || token.text == ")" || token.text == "}");
}

size_t BeginOfBrackets(const std::vector<Token>& tokens, size_t at) {
  int depth = 0;
  for (size_t i = at + 1; i-- > 0;) {
    const Token& token = tokens[i];
    const bool opens = token.kind == TokenKind::kSign &&
                       (token.text == "(" || token.text == "[" || token.text == "{");
    if (IsClosingBracket(token)) ++depth;
    if (opens) --depth;
    if (depth == 0) return i;
  }
  return 0;
}

std::vector<Token> TokenizeScript(std::string_view text) {
  return Tokenizer(text, 1, 0).ReadAll();
}

}  // namespace ballast::workspace
