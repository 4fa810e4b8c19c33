// SPDX-License-Identifier: Apache-2.0
// What string constants and names mean.
#include <cstdint>
#include <optional>

#include "base/text.h"
#include "sql/lexer.h"

namespace ballast::sql {
namespace {

std::string_view InDollars(std::string_view token) {
  const size_t tag = token.find('$', 1) + 1;
  const size_t length = token.size() < 2 * tag ? 0 : token.size() - 2 * tag;
  return token.substr(tag, length);
}

// The parts of a constant, which can continue on later lines, and the comments between them.
std::string JoinedParts(std::string_view token) {
  const bool backslashes = token.front() == 'e' || token.front() == 'E';
  std::string content;
  size_t at = token.find('\'');
  while (at < token.size()) {
    for (++at; at < token.size(); ++at) {
      const bool escapes = backslashes && token[at] == '\\' && at + 1 < token.size();
      const bool doubled = token[at] == '\'' && token.substr(at + 1).starts_with('\'');
      if (escapes) content += token[at];
      if (escapes || doubled) ++at;
      if (token[at] == '\'' && !escapes && !doubled) break;
      content += token[at];
    }
    at = at < token.size() ? NextPartOfString(token, at + 1) : at;
  }
  return content;
}

void AppendCharacter(uint32_t code, std::string& text) {
  constexpr uint32_t kTail = 0x3F;
  const auto tail = [&](int shift) {
    text += static_cast<char>(0x80U | ((code >> static_cast<unsigned>(shift)) & kTail));
  };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0U | (code >> 12U));
    tail(6), tail(0);
  } else {
    text += static_cast<char>(0xF0U | (code >> 18U));
    tail(12), tail(6), tail(0);
  }
}

// The value of \XXXX or \+XXXXXX at the beginning of the text; nullopt if it is none.
std::optional<uint32_t> EscapedCharacter(std::string_view text, size_t* length) {
  const size_t digits = text.substr(1).starts_with('+') ? 2 : 1;
  *length = digits == 2 ? 8 : 5;
  if (text.size() < *length) return std::nullopt;
  uint32_t code = 0;
  for (const char c : text.substr(digits, *length - digits)) {
    const std::optional<int> digit = HexDigit(c);
    if (!digit) return std::nullopt;
    code = code * 16 + static_cast<uint32_t>(*digit);
  }
  return code;
}

// A name in U&"…". Its escape character is the backslash: UESCAPE is a token of its own.
std::string Unescaped(const std::string& name) {
  std::string text;
  uint32_t high = 0;  // the first half of a surrogate pair
  for (size_t at = 0; at < name.size();) {
    const std::string_view rest = std::string_view(name).substr(at);
    size_t length = 0;
    const auto code = rest.front() == '\\' ? EscapedCharacter(rest, &length) : std::nullopt;
    if (!code) {
      const bool doubled = rest.starts_with("\\\\");
      text += rest.front();
      at += doubled ? 2 : 1;
      continue;
    }
    at += length;
    if (*code >= 0xD800 && *code < 0xDC00) {
      high = *code;
    } else {
      const bool low = high != 0 && *code >= 0xDC00 && *code < 0xE000;
      AppendCharacter(low ? 0x10000 + ((high - 0xD800) << 10U) + (*code - 0xDC00) : *code, text);
      high = 0;
    }
  }
  return text;
}

}  // namespace

std::string StringContent(std::string_view token) {
  if (token.starts_with('$')) return std::string(InDollars(token));
  return token.find('\'') == std::string_view::npos ? std::string(token) : JoinedParts(token);
}

std::string NameContent(std::string_view token) {
  const size_t open = token.find('"');
  if (open == std::string_view::npos) return ToLowerAscii(token);
  const size_t close = token.rfind('"');
  const size_t end = close > open ? close : token.size();
  const std::string name =
      ReplaceAll(std::string(token.substr(open + 1, end - open - 1)), "\"\"", "\"");
  return open > 0 ? Unescaped(name) : name;
}

}  // namespace ballast::sql
