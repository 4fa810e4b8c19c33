// SPDX-License-Identifier: Apache-2.0
// Splits a script into statements.
#pragma once

#include <string_view>
#include <vector>

#include "sql/lexer.h"

namespace ballast::sql {

// One statement, from its first to its last token, without surrounding comments and without its
// semicolon. Views into the script.
struct StatementText {
  std::string_view text;
  size_t offset = 0;  // in bytes
  int line = 1;       // of its first token
};

// Splits at semicolons that end statements, not at those inside parentheses (CREATE RULE … DO (a;
// b)) or BEGIN ATOMIC … END. Never fails; text that is not SQL is also returned as a statement.
std::vector<StatementText> SplitScript(std::string_view script);

// Returns the same statements one by one, with only the current tokens in memory.
class StatementIterator {
 public:
  explicit StatementIterator(std::string_view script) : script_(script), lexer_(script) {}
  // False at the end.
  bool Next();
  const StatementText& statement() const { return statement_; }
  // At the end of the script: see Lexer.
  const Lexer& lexer() const { return lexer_; }
  // At the end of the script: the byte offset of the outermost unclosed parenthesis of the last
  // statement, or npos.
  size_t open_parenthesis() const { return open_parenthesis_; }
  TokenReader reader() const { return {script_, tokens_.data(), tokens_.data() + tokens_.size()}; }

 private:
  bool ReadTokens();

  std::string_view script_;
  Lexer lexer_;
  std::vector<Token> tokens_;  // of statement_
  StatementText statement_;
  size_t counted_ = 0;  // lines are counted up to here
  size_t open_parenthesis_ = std::string_view::npos;
};

// Whether the statement is CREATE [OR REPLACE] FUNCTION or PROCEDURE; reads from its first token.
bool IsCreateRoutine(TokenReader statement);

}  // namespace ballast::sql
