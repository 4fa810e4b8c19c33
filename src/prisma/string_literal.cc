// SPDX-License-Identifier: Apache-2.0
#include "prisma/string_literal.h"

#include <optional>

#include "base/text.h"

namespace ballast::prisma {
namespace {

constexpr std::string_view kUnknownEscape =
    "Unknown escape sequence. If the value is a windows-style path, `\\` must be escaped as "
    "`\\\\`.";

// The length of the UTF-8 character that begins with this byte.
size_t CharacterLength(unsigned char first) {
  if (first < 0xC0) return 1;
  if (first < 0xE0) return 2;
  return first < 0xF0 ? 3 : 4;
}

// What \uXXXX at the start of a text holds.
struct CodeUnit {
  size_t consumed = 0;  // bytes that looked right
  std::optional<uint32_t> value;
};

CodeUnit ReadCodeUnit(std::string_view text) {
  if (text.size() < 4 || !text.starts_with("\\u")) return {};
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    const auto digit = 2 + i < text.size() ? HexDigit(text[2 + i]) : std::nullopt;
    if (!digit) return {2 + i, std::nullopt};
    value = value * 16 + *digit;
  }
  return {6, value};
}

bool IsSurrogate(uint32_t unit) {
  return unit >= 0xD800 && unit <= 0xDFFF;
}

std::optional<uint32_t> JoinSurrogates(uint32_t high, uint32_t low) {
  if (high > 0xDBFF || low < 0xDC00 || low > 0xDFFF) return std::nullopt;
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

class Unescaper {
 public:
  Unescaper(std::string_view text, Span place, Diagnostics& diagnostics)
      : text_(text), place_(place), diagnostics_(diagnostics) {}

  std::string Run() {
    out_.reserve(text_.size());
    while (at_ < text_.size()) {
      const size_t backslash = std::min(text_.find('\\', at_), text_.size());
      out_ += text_.substr(at_, backslash - at_);
      at_ = backslash;
      if (at_ < text_.size()) TakeEscape();
    }
    return std::move(out_);
  }

 private:
  void TakeEscape() {
    const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (kind == 'u') return TakeUnicode();
    constexpr std::string_view kKinds = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (const size_t known = kKinds.find(kind); kind != '\0' && known != std::string_view::npos) {
      out_ += kMeanings[known];
      at_ += 2;
      return;
    }
    const size_t length = 1 + CharacterLength(static_cast<unsigned char>(kind));
    diagnostics_.Error(std::string(kUnknownEscape),
                       {place_.file, place_.begin + at_, place_.begin + at_ + length});
    at_ += length;
  }

  void TakeUnicode() {
    const std::string_view rest = text_.substr(at_);
    const CodeUnit first = ReadCodeUnit(rest);
    if (!first.value) return Refuse(std::max<size_t>(first.consumed, 2), first.consumed);
    if (!IsSurrogate(*first.value)) {
      AppendUtf8(*first.value, out_);
      at_ += 6;
      return;
    }
    const CodeUnit second = ReadCodeUnit(rest.substr(6));
    if (!second.value) return Refuse(6, 6);
    const auto joined = JoinSurrogates(*first.value, *second.value);
    if (!joined) return Refuse(12, 12);
    AppendUtf8(*joined, out_);
    at_ += 12;
  }

  void Refuse(size_t shown, size_t consumed) {
    const size_t begin = place_.begin + at_;
    diagnostics_.Error("Invalid unicode escape sequence.",
                       {place_.file, begin, std::min(begin + shown, place_.end)});
    at_ += std::max<size_t>(consumed, 2);
  }

  std::string_view text_;
  Span place_;
  Diagnostics& diagnostics_;
  size_t at_ = 0;
  std::string out_;
};

}  // namespace

void AppendUtf8(uint32_t code_point, std::string& out) {
  const auto tail = [&](int shift) {
    out += static_cast<char>(0x80 | ((code_point >> shift) & 0x3F));
  };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0 | (code_point >> 6));
    tail(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0 | (code_point >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code_point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string Unescape(std::string_view text, Span place, Diagnostics& diagnostics) {
  if (text.find('\\') == std::string_view::npos) return std::string(text);
  return Unescaper(text, place, diagnostics).Run();
}

}  // namespace ballast::prisma
