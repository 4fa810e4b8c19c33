// A script as its statements.
#pragma once

#include <string_view>
#include <vector>

#include "sql/lexer.h"

namespace ballast::sql {

// One statement, from its first token to its last, without comments around it and without its
// semicolon. Views into the script.
struct Piece {
  std::string_view text;
  size_t offset = 0;  // in bytes
  int line = 1;       // of its first token
  size_t first_token = 0;
  size_t token_count = 0;
};

// Splits at the semicolons that end statements: not those within parentheses (CREATE RULE … DO (a;
// b)) nor within BEGIN ATOMIC … END. Never fails; text that is no SQL is some statement, too.
std::vector<Piece> SplitTokens(std::string_view script, const std::vector<Token>& tokens);
std::vector<Piece> SplitScript(std::string_view script);

// Whether PostgreSQL 15's grammar reads the text (libpg_query).
bool IsReadable(std::string_view text);

}  // namespace ballast::sql
