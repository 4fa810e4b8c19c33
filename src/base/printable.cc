// SPDX-License-Identifier: Apache-2.0
#include "base/printable.h"

#include <fmt/format.h>

#include <cstdint>

#include "base/text.h"

namespace ballast {
namespace {

bool IsPlainAscii(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7F) return false;
  }
  return true;
}

// The first code point of well-formed UTF-8, and how many bytes it has.
struct CodePoint {
  uint32_t value;
  size_t bytes;
};

CodePoint FirstOf(std::string_view text) {
  const auto at = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const uint32_t lead = at(0);
  if (lead < 0x80) return {lead, 1};
  const size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  uint32_t value = lead & (0x7FU >> bytes);
  for (size_t i = 1; i < bytes; ++i) value = value << 6 | (at(i) & 0x3FU);
  return {value, bytes};
}

bool IsHidden(uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  const bool separator = c == 0x2028 || c == 0x2029;
  const bool direction = c == 0x061C || c == 0x200E || c == 0x200F ||
                         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return control || separator || direction || c == 0xFEFF;
}

std::string Escaped(uint32_t c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return c < 0x100 ? fmt::format("\\x{:02x}", c) : fmt::format("\\u{:04x}", c);
  }
}

std::string Escape(std::string_view text, bool keep_lines) {
  if (IsPlainAscii(text)) return std::string(text);
  const std::string decoded = DecodeUtf8Lossy(text);
  std::string shown;
  for (size_t at = 0; at < decoded.size();) {
    const CodePoint c = FirstOf(std::string_view(decoded).substr(at));
    const bool kept = keep_lines && (c.value == '\n' || c.value == '\t');
    if (IsHidden(c.value) && !kept) {
      shown += Escaped(c.value);
    } else {
      shown.append(decoded, at, c.bytes);
    }
    at += c.bytes;
  }
  return shown;
}

}  // namespace

std::string Printable(std::string_view text) {
  return Escape(text, false);
}

std::string PrintableLines(std::string_view text) {
  return Escape(text, true);
}

}  // namespace ballast
