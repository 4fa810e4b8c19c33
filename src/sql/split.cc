// SPDX-License-Identifier: Apache-2.0
#include "sql/split.h"

#include <algorithm>
#include <string>

namespace ballast::sql {
namespace {

// How deep in parentheses and BEGIN ATOMIC blocks the reading of a statement is.
class Nesting {
 public:
  // `statement` begins with its first token, `here` is a position within it and sees one token
  // ahead.
  void See(const TokenReader& here, const TokenReader& statement) {
    if (here.Is("(") && parentheses_++ == 0) open_ = here.Text().data();
    if (here.Is(")")) parentheses_ = std::max(0, parentheses_ - 1);
    if (parentheses_ > 0 || here.Kind() != TokenKind::kWord) return;
    if (here.Is("begin") && here.Is("atomic", 1) && IsCreateRoutine(statement)) ++blocks_;
    if (blocks_ > 0 && here.Is("case")) ++blocks_;
    if (blocks_ > 0 && here.Is("end")) --blocks_;
  }
  bool IsOutermost() const { return parentheses_ == 0 && blocks_ == 0; }
  // The outermost parenthesis that is open, or null.
  const char* OpenParenthesis() const { return parentheses_ == 0 ? nullptr : open_; }

 private:
  const char* open_ = nullptr;
  int parentheses_ = 0;
  int blocks_ = 0;
};

}  // namespace

// Reads to the semicolon, which is left out; false when only semicolons were left.
bool StatementIterator::ReadTokens() {
  tokens_.clear();
  Nesting nesting;
  for (Token token{}; lexer_.Next(&token);) {
    tokens_.push_back(token);
    const TokenReader all = reader();
    const Token* const last = tokens_.data() + tokens_.size() - 1;
    if (tokens_.size() > 1) nesting.See({script_, last - 1, last + 1}, all);
    if (!nesting.IsOutermost() || !TokenReader(script_, last, last + 1).Is(";")) continue;
    tokens_.pop_back();
    if (!tokens_.empty()) return true;
    nesting = {};
  }
  if (const char* open = nesting.OpenParenthesis()) {
    open_parenthesis_ = static_cast<size_t>(open - script_.data());
  }
  return !tokens_.empty();
}

bool StatementIterator::Next() {
  if (!ReadTokens()) return false;
  const size_t begin = tokens_.front().offset;
  const auto at = [&](size_t offset) { return script_.begin() + static_cast<ptrdiff_t>(offset); };
  statement_.line += static_cast<int>(std::count(at(counted_), at(begin), '\n'));
  counted_ = begin;
  statement_.offset = begin;
  statement_.text = script_.substr(begin, tokens_.back().offset + tokens_.back().length - begin);
  return true;
}

std::vector<StatementText> SplitScript(std::string_view script) {
  std::vector<StatementText> pieces;
  for (StatementIterator walk(script); walk.Next();) pieces.push_back(walk.statement());
  return pieces;
}

bool IsCreateRoutine(TokenReader statement) {
  if (!statement.Take("create")) return false;
  statement.Take("or", "replace");
  return statement.Is("function") || statement.Is("procedure");
}

}  // namespace ballast::sql
