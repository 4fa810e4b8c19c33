// SPDX-License-Identifier: Apache-2.0
// Tokenizes JavaScript and TypeScript as far as configurations need it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::workspace {

enum class TokenKind { kWord, kText, kTemplate, kSign };

struct Token {
  TokenKind kind = TokenKind::kSign;
  std::string text;  // of a text literal: its value
  int line = 0;      // from 1
  // For a template literal: the texts around its ${…}, and the tokens inside each of them. There is
  // one more text than there are expressions. A text literal that was written as a template has
  // one.
  std::vector<std::string> texts;
  std::vector<std::vector<Token>> expressions;
  bool is_open = false;  // a literal without its closing quote
};

// What makes a text no script.
struct ScriptFault {
  std::string message;  // a clause: "( is not closed"
  int line = 0;
};

// The first bracket or literal that is not closed, or a bracket that closes nothing.
std::optional<ScriptFault> FindFault(const std::vector<Token>& tokens);

// Skips comments. Operators of several characters that matter are one token ("??", "||", "&&",
// "=>", "===", "?.", "..."). A template without ${…} is a text. A regular expression becomes the
// sign "/".
std::vector<Token> TokenizeScript(std::string_view text);

// The text of a word or sign; empty for a literal, and behind the end.
std::string_view TextAt(const std::vector<Token>& tokens, size_t at);
// Whether the word is in the list of an import: import a, { b as c } from "m".
bool IsImportedAt(const std::vector<Token>& tokens, size_t at);

// Whether the sign gives its left operand another value; not "++" and "--".
bool IsAssignmentSign(std::string_view sign);
bool IsDeclarationWord(std::string_view word);  // const, let, var
bool IsClosingBracket(const Token& token);
// The position of the bracket that the closing one at `at` ends; 0 if there is none.
size_t BeginOfBrackets(const std::vector<Token>& tokens, size_t at);

}  // namespace ballast::workspace
