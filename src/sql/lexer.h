// SPDX-License-Identifier: Apache-2.0
// Splits SQL text into tokens by PostgreSQL's lexical rules (manual, "Lexical Structure"). Any
// bytes give tokens. White space is skipped, and so are comments unless they are asked for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sql/object_name.h"

namespace ballast::sql {

enum class TokenKind {
  kWord,        // unquoted: a keyword or a name
  kQuotedName,  // "…" and U&"…"
  // '…', E'…', U&'…', B'…', X'…', N'…' and $tag$…$tag$, delimiters included; with the parts that
  // continue it on later lines ("String Constants")
  kString,
  kNumber,
  kSymbol  // everything else, one character each; also $1
};

struct Token {
  TokenKind kind;
  size_t offset;  // in bytes
  size_t length;
};

// "-- …" without the end of its line, or "/* … */".
struct Comment {
  size_t offset;  // in bytes
  size_t length;
};

// The construct that is unterminated at the end of a script.
enum class UnterminatedKind { kNone, kString, kQuotedName, kDollarQuote, kComment };
std::string_view NameOf(UnterminatedKind kind);  // "string", "dollar-quoted string" …

// Assumes standard_conforming_strings = on: backslash is an escape only in E strings.
class Lexer {
 public:
  // `comments`: where the comments go; null: nowhere.
  explicit Lexer(std::string_view script, std::vector<Comment>* comments = nullptr)
      : script_(script), comments_(comments) {}
  // False at the end.
  bool Next(Token* token);

  // After Next has returned false: whether the script ends inside an unterminated string, quoted
  // name or comment, and the byte offset at which it begins.
  UnterminatedKind unterminated() const { return unterminated_; }
  size_t unterminated_offset() const { return unterminated_offset_; }

 private:
  char At(size_t offset) const { return offset < script_.size() ? script_[offset] : '\0'; }
  bool SkipBlanksAndComments();
  size_t EndOfComment();
  size_t EndOfQuoted(size_t open, char quote, bool backslashes);
  size_t EndOfNumber() const;
  Token ReadToken();
  Token ReadWord();
  Token ReadDollar();
  size_t NeverCloses(UnterminatedKind what, size_t offset);
  Token Until(TokenKind kind, size_t end) const { return {kind, at_, end - at_}; }

  std::string_view script_;
  std::vector<Comment>* comments_;
  size_t at_ = 0;
  UnterminatedKind unterminated_ = UnterminatedKind::kNone;
  size_t unterminated_offset_ = 0;
};

std::vector<Token> Tokenize(std::string_view script);
std::vector<Comment> CommentsIn(std::string_view script);  // in order

// `after`: the offset behind the closing quote of a string constant. The offset of the quote that
// continues it: only blanks and "--" comments are between, and at least one new line. npos: none.
size_t NextPartOfString(std::string_view script, size_t after);

// The script with a semicolon after its last statement, so that other statements can follow.
std::string EndStatement(std::string script);

// The content of a string token: without delimiters, its parts joined, doubled quotes made single,
// escapes unchanged.
std::string StringContent(std::string_view token);

// A name as in the catalog: unquoted names in lower case, quoted names without quotes, those in
// U&"…" without escapes.
std::string NameContent(std::string_view token);

// Reads the tokens of one statement. Words to compare with must be in lower case; quoted names
// never match.
class TokenReader {
 public:
  TokenReader(std::string_view script, const Token* begin, const Token* end)
      : script_(script), at_(begin), end_(end) {}
  // All of the script. Both must outlive the reader.
  TokenReader(std::string_view script, const std::vector<Token>& tokens)
      : TokenReader(script, tokens.data(), tokens.data() + tokens.size()) {}

  bool AtEnd() const { return at_ == end_; }
  size_t left() const { return static_cast<size_t>(end_ - at_); }
  std::string_view Text(size_t ahead = 0) const;  // empty past the end
  TokenKind Kind(size_t ahead = 0) const;         // kSymbol past the end

  bool Is(std::string_view word, size_t ahead = 0) const;
  // Skips the word, or all of the words, if they come next.
  bool Take(std::string_view word);
  bool Take(std::string_view first, std::string_view second);
  void Skip(size_t count = 1);
  // A name, its parts as NameContent gives them; empty if none comes next.
  ObjectName TakeName();
  // Skips a balanced (…) if one comes next.
  void SkipParentheses();
  // The same, and returns what is inside: no tokens if none comes next.
  TokenReader TakeParentheses();
  // Skips to the word outside of parentheses, or to the end.
  void SkipTo(std::string_view word);

  // The script from the first token that is left to the last one; or to the one in front of
  // `later`, a reader of the same tokens that has read more.
  std::string_view Source() const { return SourceBefore({script_, end_, end_}); }
  std::string_view SourceBefore(const TokenReader& later) const;

  // Whether the word, or two consecutive words, occur from here on.
  bool Has(std::string_view word) const;
  bool Has(std::string_view first, std::string_view second) const;

  // The parts between commas that are outside parentheses.
  std::vector<TokenReader> SplitAtCommas() const;

 private:
  bool Matches(const Token& token, std::string_view word) const;

  std::string_view script_;
  const Token* at_;
  const Token* end_;
};

}  // namespace ballast::sql
