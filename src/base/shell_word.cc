// SPDX-License-Identifier: Apache-2.0
#include "base/shell_word.h"

#include <string_view>

#include "base/text.h"

namespace ballast {

std::string ShellWord(const std::string& text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./+";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  return "'" + ReplaceAll(text, "'", R"('\'')") + "'";
}

}  // namespace ballast
