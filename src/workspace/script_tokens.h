// SPDX-License-Identifier: Apache-2.0
// The tokens of a JavaScript or TypeScript text, as far as reading a configuration needs them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::workspace {

enum class TokenKind { kWord, kText, kTemplate, kSign };

struct Token {
  TokenKind kind = TokenKind::kSign;
  std::string text;  // of a text literal: its value
  int line = 0;      // from 1
  // Of a template literal: the texts around its ${…}, and the tokens inside each of them. There is
  // one more text than there are expressions.
  std::vector<std::string> texts;
  std::vector<std::vector<Token>> expressions;
};

// Comments are left out. Signs of several characters that change what an expression means are one
// token ("??", "||", "&&", "=>", "===", "?.", "..."). A template without ${…} is a text. A regular
// expression is one sign, "/": no value.
std::vector<Token> TokenizeScript(std::string_view text);

}  // namespace ballast::workspace
