// SPDX-License-Identifier: Apache-2.0
#include "sql/lexer.h"

#include <utility>

#include "base/text.h"

namespace ballast::sql {
namespace {

bool IsBlank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool StartsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool ContinuesWord(char c) {
  return StartsWord(c) || IsDigit(c) || c == '$';
}
char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
size_t EndOfLine(std::string_view script, size_t at) {
  return std::min(script.find_first_of("\r\n", at), script.size());
}

}  // namespace

std::string_view NameOf(UnterminatedKind kind) {
  switch (kind) {
    case UnterminatedKind::kNone:
      return "";
    case UnterminatedKind::kString:
      return "string";
    case UnterminatedKind::kQuotedName:
      return "quoted name";
    case UnterminatedKind::kDollarQuote:
      return "dollar-quoted string";
    case UnterminatedKind::kComment:
      return "comment";
  }
  return "";
}

bool Lexer::Next(Token* token) {
  if (!SkipBlanksAndComments()) return false;
  *token = ReadToken();
  at_ = token->offset + token->length;
  return true;
}

bool Lexer::SkipBlanksAndComments() {
  while (at_ < script_.size()) {
    const size_t begin = at_;
    if (IsBlank(script_[at_])) {
      ++at_;
      continue;
    }
    if (script_[at_] == '-' && At(at_ + 1) == '-') {
      at_ = EndOfLine(script_, at_);
    } else if (script_[at_] == '/' && At(at_ + 1) == '*') {
      at_ = EndOfComment();
    } else {
      return true;
    }
    if (comments_ != nullptr) comments_->push_back({begin, at_ - begin});
  }
  return false;
}

size_t Lexer::EndOfComment() {  // they nest
  int depth = 0;
  for (size_t i = at_; i < script_.size(); ++i) {
    if (script_[i] == '/' && At(i + 1) == '*') {
      ++depth, ++i;
    } else if (script_[i] == '*' && At(i + 1) == '/') {
      --depth, ++i;
      if (depth == 0) return i + 1;
    }
  }
  return NeverCloses(UnterminatedKind::kComment, at_);
}

size_t Lexer::NeverCloses(UnterminatedKind what, size_t offset) {
  unterminated_ = what;
  unterminated_offset_ = offset;
  return script_.size();
}

Token Lexer::ReadToken() {
  const char c = script_[at_];
  if (c == '\'') return Until(TokenKind::kString, EndOfQuoted(at_, '\'', false));
  if (c == '"') return Until(TokenKind::kQuotedName, EndOfQuoted(at_, '"', false));
  if (c == '$') return ReadDollar();
  if (IsDigit(c)) return Until(TokenKind::kNumber, EndOfNumber());
  if (StartsWord(c)) return ReadWord();
  return Until(TokenKind::kSymbol, at_ + 1);
}

// A word, or the prefix of a string: E'', B'', X'', N'', U&'', U&"".
Token Lexer::ReadWord() {
  const char c = Lower(script_[at_]);
  const char next = At(at_ + 1);
  if (next == '\'' && (c == 'e' || c == 'b' || c == 'x' || c == 'n')) {
    return Until(TokenKind::kString, EndOfQuoted(at_ + 1, '\'', c == 'e'));
  }
  if (c == 'u' && next == '&' && (At(at_ + 2) == '\'' || At(at_ + 2) == '"')) {
    const bool is_name = At(at_ + 2) == '"';
    return Until(is_name ? TokenKind::kQuotedName : TokenKind::kString,
                 EndOfQuoted(at_ + 2, At(at_ + 2), false));
  }
  size_t end = at_ + 1;
  while (end < script_.size() && ContinuesWord(script_[end])) ++end;
  return Until(TokenKind::kWord, end);
}

size_t Lexer::EndOfQuoted(size_t open, char quote, bool backslashes) {
  for (size_t i = open + 1; i < script_.size(); ++i) {
    if (backslashes && script_[i] == '\\') {
      ++i;
    } else if (script_[i] == quote && At(i + 1) == quote) {
      ++i;
    } else if (script_[i] == quote) {
      const size_t part = quote == '"' ? script_.npos : NextPartOfString(script_, i + 1);
      if (part == script_.npos) return i + 1;
      i = part;
    }
  }
  return NeverCloses(quote == '"' ? UnterminatedKind::kQuotedName : UnterminatedKind::kString,
                     open);
}

size_t Lexer::EndOfNumber() const {
  size_t end = at_;
  const auto continues = [&] {
    const char c = At(end);
    const bool sign = (c == '+' || c == '-') && Lower(At(end - 1)) == 'e';
    return IsDigit(c) || c == '.' || StartsWord(c) || (sign && IsDigit(At(end + 1)));
  };
  while (end < script_.size() && continues()) ++end;
  return end;
}

// $tag$ … $tag$; "$1" and a lonely "$" are symbols.
Token Lexer::ReadDollar() {
  size_t end = at_ + 1;
  while (end < script_.size() && script_[end] != '$' && ContinuesWord(script_[end])) ++end;
  const bool opens = At(end) == '$' && !IsDigit(At(at_ + 1));
  if (!opens) return Until(TokenKind::kSymbol, at_ + 1);
  const std::string_view tag = script_.substr(at_, end + 1 - at_);
  const size_t close = script_.find(tag, end + 1);
  return Until(TokenKind::kString, close == std::string_view::npos
                                       ? NeverCloses(UnterminatedKind::kDollarQuote, at_)
                                       : close + tag.size());
}

std::vector<Token> Tokenize(std::string_view script) {
  std::vector<Token> tokens;
  tokens.reserve(script.size() / 6);
  Lexer lexer(script);
  for (Token token{}; lexer.Next(&token);) tokens.push_back(token);
  return tokens;
}

std::vector<Comment> CommentsIn(std::string_view script) {
  std::vector<Comment> comments;
  Lexer lexer(script, &comments);
  for (Token token{}; lexer.Next(&token);) continue;
  return comments;
}

size_t NextPartOfString(std::string_view script, size_t after) {
  bool new_line = false;
  for (size_t at = after; at < script.size();) {
    const char c = script[at];
    if (c == '\'' && new_line) return at;
    if (IsBlank(c)) {
      new_line = new_line || c == '\n' || c == '\r';
      ++at;
    } else if (script.substr(at).starts_with("--")) {
      at = EndOfLine(script, at);
    } else {
      break;
    }
  }
  return std::string_view::npos;
}

std::string EndStatement(std::string script) {
  const std::vector<Token> tokens = Tokenize(script);
  const bool ended = tokens.empty() || script[tokens.back().offset] == ';';
  if (!ended) script += "\n;\n";
  return script;
}

std::string_view TokenReader::Text(size_t ahead) const {
  if (ahead >= left()) return {};
  return script_.substr(at_[ahead].offset, at_[ahead].length);
}

TokenKind TokenReader::Kind(size_t ahead) const {
  return ahead < left() ? at_[ahead].kind : TokenKind::kSymbol;
}

bool TokenReader::Matches(const Token& token, std::string_view word) const {
  if (token.length != word.size()) return false;
  if (token.kind != TokenKind::kWord && token.kind != TokenKind::kSymbol) return false;
  const char* text = script_.data() + token.offset;
  for (size_t i = 0; i < word.size(); ++i) {
    if (Lower(text[i]) != word[i]) return false;
  }
  return true;
}

bool TokenReader::Is(std::string_view word, size_t ahead) const {
  return ahead < left() && Matches(at_[ahead], word);
}

bool TokenReader::Take(std::string_view word) {
  if (!Is(word)) return false;
  ++at_;
  return true;
}

bool TokenReader::Take(std::string_view first, std::string_view second) {
  if (!Is(first) || !Is(second, 1)) return false;
  at_ += 2;
  return true;
}

void TokenReader::Skip(size_t count) {
  at_ += std::min(count, left());
}

ObjectName TokenReader::TakeName() {
  ObjectName name;
  while (Kind() == TokenKind::kWord || Kind() == TokenKind::kQuotedName) {
    name.schema = std::exchange(name.name, NameContent(Text()));
    Skip();
    if (!Take(".")) break;
  }
  return name;
}

void TokenReader::SkipParentheses() {
  if (!Is("(")) return;
  int depth = 0;
  do {
    if (Is("(")) ++depth;
    if (Is(")")) --depth;
    Skip();
  } while (depth > 0 && !AtEnd());
}

TokenReader TokenReader::TakeParentheses() {
  const Token* open = at_;
  SkipParentheses();
  if (open == at_) return {script_, at_, at_};
  const bool closed = at_ - open > 1 && Matches(at_[-1], ")");
  return {script_, open + 1, closed ? at_ - 1 : at_};
}

void TokenReader::SkipTo(std::string_view word) {
  while (!AtEnd() && !Is(word)) Is("(") ? SkipParentheses() : Skip();
}

std::string_view TokenReader::SourceBefore(const TokenReader& later) const {
  if (later.at_ == at_) return {};
  const Token& last = later.at_[-1];
  return script_.substr(at_->offset, last.offset + last.length - at_->offset);
}

bool TokenReader::Has(std::string_view word) const {
  for (const Token* token = at_; token != end_; ++token) {
    if (Matches(*token, word)) return true;
  }
  return false;
}

bool TokenReader::Has(std::string_view first, std::string_view second) const {
  for (const Token* token = at_; token != end_ && token + 1 != end_; ++token) {
    if (Matches(*token, first) && Matches(token[1], second)) return true;
  }
  return false;
}

std::vector<TokenReader> TokenReader::SplitAtCommas() const {
  std::vector<TokenReader> parts;
  const Token* begin = at_;
  int depth = 0;
  for (const Token* token = at_; token != end_; ++token) {
    if (Matches(*token, "(") || Matches(*token, "[")) ++depth;
    if (Matches(*token, ")") || Matches(*token, "]")) --depth;
    if (depth == 0 && Matches(*token, ",")) {
      parts.emplace_back(script_, begin, token);
      begin = token + 1;
    }
  }
  if (begin != end_) parts.emplace_back(script_, begin, end_);
  return parts;
}

}  // namespace ballast::sql
