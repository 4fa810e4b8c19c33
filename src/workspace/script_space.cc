// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_space.h"

#include <algorithm>

namespace ballast::workspace {

size_t SpaceAt(std::string_view text, size_t at) {
  constexpr std::string_view kAscii = " \t\n\v\f\r";
  const std::string_view rest = text.substr(std::min(at, text.size()));
  if (rest.empty()) return 0;
  if (static_cast<unsigned char>(rest[0]) < 0x80) return kAscii.find(rest[0]) < kAscii.size();
  if (rest.starts_with("\xC2\xA0")) return 2;  // U+00A0
  constexpr std::string_view kOthers[] = {
      "\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF",  // U+1680, 2028, 2029, 202F
      "\xE2\x81\x9F", "\xE3\x80\x80", "\xEF\xBB\xBF"};                 // U+205F, 3000, FEFF
  for (const std::string_view other : kOthers) {
    if (rest.starts_with(other)) return other.size();
  }
  const bool is_quad = rest.size() >= 3 && rest.starts_with("\xE2\x80") &&
                       static_cast<unsigned char>(rest[2]) >= 0x80 &&
                       static_cast<unsigned char>(rest[2]) <= 0x8A;  // U+2000 to 200A
  return is_quad ? 3 : 0;
}

size_t SkipSpaces(std::string_view text, size_t from) {
  size_t at = std::min(from, text.size());
  while (const size_t size = SpaceAt(text, at)) at += size;
  return at;
}

std::string_view TrimSpacesAtBegin(std::string_view text) {
  return text.substr(SkipSpaces(text, 0));
}

std::string_view TrimSpacesAtEnd(std::string_view text) {
  constexpr size_t kLongest = 3;  // bytes of a space
  while (!text.empty()) {
    size_t size = 0;
    for (size_t bytes = 1; size == 0 && bytes <= std::min(kLongest, text.size()); ++bytes) {
      if (SpaceAt(text, text.size() - bytes) == bytes) size = bytes;
    }
    if (size == 0) break;
    text.remove_suffix(size);
  }
  return text;
}

}  // namespace ballast::workspace
