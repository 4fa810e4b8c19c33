// SPDX-License-Identifier: Apache-2.0
// The tokens of a JavaScript or TypeScript text, as far as reading literals out of it needs them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::workspace {

enum class TokenKind { kWord, kText, kSign };

struct Token {
  TokenKind kind = TokenKind::kSign;
  std::string text;  // of a text literal: its value
  int line = 0;
};

// Comments are left out. A template literal with ${…} is a kSign "`": no literal. Regular
// expressions are not known; at worst they make the rest unreadable.
std::vector<Token> TokenizeScript(std::string_view text);

}  // namespace ballast::workspace
