// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ballast {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

// The number of ASCII bytes at the start, eight at a time, because nearly all text is ASCII.
size_t AsciiLength(std::string_view bytes) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  size_t length = 0;
  uint64_t eight = 0;
  for (; length + sizeof eight <= bytes.size(); length += sizeof eight) {
    std::memcpy(&eight, bytes.data() + length, sizeof eight);
    if ((eight & kHighBits) != 0) break;
  }
  while (length < bytes.size() && static_cast<uint8_t>(bytes[length]) < 0x80) ++length;
  return length;
}

// The length of the well-formed sequence at the start of `bytes`; 0 with `bad` set to the length of
// the maximal ill-formed prefix (Unicode 15, table 3-7 and section 3.9 on U+FFFD substitution).
size_t WellFormedLength(std::string_view bytes, size_t* bad) {
  const auto at = [&](size_t i) { return static_cast<uint8_t>(bytes[i]); };
  const uint8_t lead = at(0);
  *bad = 1;
  if (lead < 0x80) return 1;
  size_t length = 0;
  uint8_t low = 0x80;
  uint8_t high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  for (size_t i = 1; i < length; ++i) {
    if (i >= bytes.size() || at(i) < low || at(i) > high) {
      *bad = i;
      return 0;
    }
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

char LowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Whether a byte continues a character in UTF-8.
bool IsContinuation(char c) {
  return (static_cast<uint8_t>(c) & 0xC0) == 0x80;
}

}  // namespace

std::string DecodeUtf8Lossy(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (size_t i = 0; i < bytes.size();) {
    const size_t ascii = AsciiLength(bytes.substr(i));
    text.append(bytes.substr(i, ascii));
    i += ascii;
    if (i == bytes.size()) break;
    size_t bad = 0;
    const size_t good = WellFormedLength(bytes.substr(i), &bad);
    if (good > 0) {
      text.append(bytes.substr(i, good));
      i += good;
    } else {
      text.append("\xEF\xBF\xBD");
      i += bad;
    }
  }
  return text;
}

bool IsUtf8(std::string_view bytes) {
  for (size_t i = AsciiLength(bytes); i < bytes.size(); i += AsciiLength(bytes.substr(i))) {
    size_t bad = 0;
    const size_t good = WellFormedLength(bytes.substr(i), &bad);
    if (good == 0) return false;
    i += good;
  }
  return true;
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  size_t start = 0;
  while (true) {
    const size_t end = text.find(separator, start);
    parts.emplace_back(text.substr(start, end == std::string_view::npos ? end : end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

std::string JoinSome(const std::vector<std::string>& parts) {
  constexpr int kShown = 5;
  const int more = static_cast<int>(parts.size()) - kShown;
  if (more <= 0) return Join(parts, ", ");
  return Join({parts.begin(), parts.begin() + kShown}, ", ") + " … and " + std::to_string(more) +
         " more";
}

std::string Join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string joined;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) joined += separator;
    joined += parts[i];
  }
  return joined;
}

std::string Counted(size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlank);
  return first == std::string_view::npos ? std::string_view() : TrimRight(text.substr(first));
}

std::string_view TrimRight(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

std::string ReplaceAll(std::string text, std::string_view from, std::string_view to) {
  size_t at = text.find(from);
  if (at == std::string::npos) return text;
  std::string replaced;
  size_t done = 0;
  for (; at != std::string::npos; at = text.find(from, done)) {
    replaced.append(text, done, at - done).append(to);
    done = at + from.size();
  }
  return replaced.append(text, done);
}

std::string ToLowerAscii(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), LowerAscii);
  return lower;
}

bool ContainsIgnoringAsciiCase(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char x, char y) { return LowerAscii(x) == LowerAscii(y); }) != text.end();
}

bool EqualsIgnoringAsciiCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return LowerAscii(x) == LowerAscii(y); });
}

size_t CountIgnoringAsciiCase(std::string_view text, std::string_view part) {
  if (part.empty()) return 0;
  const auto is_same = [](char x, char y) { return LowerAscii(x) == LowerAscii(y); };
  size_t count = 0;
  auto at = text.begin();
  while ((at = std::search(at, text.end(), part.begin(), part.end(), is_same)) != text.end()) {
    at += static_cast<std::ptrdiff_t>(part.size());
    ++count;
  }
  return count;
}

size_t NextCharacter(std::string_view text, size_t offset) {
  if (offset >= text.size()) return text.size();
  do {
    ++offset;
  } while (offset < text.size() && IsContinuation(text[offset]));
  return offset;
}

std::string_view CutToBytes(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && IsContinuation(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

std::string_view CutToCharacters(std::string_view text, size_t characters) {
  size_t end = 0;
  for (; characters > 0 && end < text.size(); --characters) end = NextCharacter(text, end);
  return text.substr(0, end);
}

size_t ByteOffset(std::string_view text, int position) {
  return position < 1 ? 0 : CutToCharacters(text, static_cast<size_t>(position) - 1).size();
}

int LineAt(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

bool MatchesGlob(std::string_view pattern, std::string_view text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;
  size_t mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
      ++p;
      ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

bool NaturalLess(std::string_view a, std::string_view b) {
  constexpr std::string_view kDigits = "0123456789";
  // The number at the start of the text, without leading zeros; takes it off the text.
  const auto take_number = [&](std::string_view& text) {
    const size_t end = std::min(text.find_first_not_of(kDigits), text.size());
    std::string_view number = text.substr(0, end);
    text.remove_prefix(end);
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
  };
  std::string_view left = a;
  std::string_view right = b;
  while (!left.empty() && !right.empty()) {
    const bool numbers = kDigits.find(left[0]) != std::string_view::npos &&
                         kDigits.find(right[0]) != std::string_view::npos;
    if (numbers) {
      const std::string_view m = take_number(left);
      const std::string_view n = take_number(right);
      if (m != n) return m.size() != n.size() ? m.size() < n.size() : m < n;
    } else {
      if (left[0] != right[0]) {
        return static_cast<unsigned char>(left[0]) < static_cast<unsigned char>(right[0]);
      }
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
  }
  return left.empty() && right.empty() ? a < b : left.empty();
}

}  // namespace ballast
