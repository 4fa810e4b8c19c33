// SPDX-License-Identifier: Apache-2.0
#include "prisma/cursor.h"

#include <utf8proc.h>

namespace ballast::prisma {
namespace {

bool IsAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// The length of the letter (category L) or ASCII digit that the text starts with, or 0.
size_t AlphanumericLength(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text[0]) < 0x80) return IsAlphanumeric(text[0]) ? 1 : 0;
  utf8proc_int32_t code = -1;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto length = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &code);
  if (length <= 0) return 0;
  switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return static_cast<size_t>(length);
    default:
      return 0;
  }
}

// The length of the Unicode space separator (category Zs) that the text starts with, or 0.
size_t SpaceLength(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] == ' ' || text[0] == '\t') return 1;
  if (text.starts_with("\xC2\xA0")) return 2;  // U+00A0
  for (const std::string_view space :
       {"\xE1\x9A\x80", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"}) {
    if (text.starts_with(space)) return 3;  // U+1680, U+202F, U+205F, U+3000
  }
  const bool general = text.size() >= 3 && text.starts_with("\xE2\x80") &&
                       static_cast<unsigned char>(text[2]) >= 0x80 &&
                       static_cast<unsigned char>(text[2]) <= 0x8A;  // U+2000 … U+200A
  return general ? 3 : 0;
}

}  // namespace

void Cursor::SkipBlanks() {
  while (!AtEnd()) {
    const unsigned char next = static_cast<unsigned char>(text_[position_]);
    if (next > ' ' && next < 0x80) return;
    const size_t length = SpaceLength(text_.substr(position_, 3));
    if (length == 0) return;
    position_ += length;
  }
}

bool Cursor::TakeNewline() {
  if (Peek() == '\n' && !AtEnd()) {
    ++position_;
    return true;
  }
  if (Peek() != '\r') return false;
  ++position_;
  if (Peek() == '\n') ++position_;
  return true;
}

bool Cursor::Take(std::string_view literal) {
  if (text_.compare(position_, literal.size(), literal) != 0) return false;
  position_ += literal.size();
  return true;
}

std::optional<std::string_view> Cursor::TakeIdentifier() {
  const size_t begin = position_;
  size_t length = AlphanumericLength(text_.substr(position_));
  if (length == 0) return std::nullopt;
  while (length > 0) {
    position_ += length;
    length = Peek() == '_' || Peek() == '-' ? 1 : AlphanumericLength(text_.substr(position_));
  }
  return TextFrom(begin);
}

std::optional<std::string_view> Cursor::TakePath() {
  const size_t begin = position_;
  if (!TakeIdentifier()) return std::nullopt;
  while (Peek() == '.') {
    ++position_;
    TakeIdentifier();
  }
  return TextFrom(begin);
}

std::optional<std::string_view> Cursor::TakeNumber() {
  const size_t begin = position_;
  if (Peek() == '-') ++position_;
  if (!IsDigit(Peek())) {
    position_ = begin;
    return std::nullopt;
  }
  while (IsDigit(Peek())) ++position_;
  if (Peek() == '.' && position_ + 1 < text_.size() && IsDigit(text_[position_ + 1])) {
    ++position_;
    while (IsDigit(Peek())) ++position_;
  }
  return TextFrom(begin);
}

std::optional<std::string_view> Cursor::TakeString() {
  const size_t begin = position_;
  if (Peek() != '"') return std::nullopt;
  for (++position_; !AtEnd(); ++position_) {
    const char c = text_[position_];
    if (c == '"') {
      ++position_;
      return TextFrom(begin);
    }
    if (c == '\\') {
      ++position_;  // any character, even a newline
    } else if (static_cast<unsigned char>(c) < 0x20) {
      break;
    }
  }
  position_ = begin;
  return std::nullopt;
}

void Cursor::SkipToNewline() {
  position_ = text_.find_first_of("\n\r", position_);
  if (position_ == std::string_view::npos) position_ = text_.size();
}

bool Cursor::TakeBlockComment() {
  const size_t begin = position_;
  if (!Take("/*")) return false;
  if (position_ < comment_looked_from_ || comment_end_ < position_) {
    comment_looked_from_ = position_;
    comment_end_ = text_.find("*/", position_);
  }
  if (comment_end_ == std::string_view::npos) {
    position_ = begin;
    return false;
  }
  position_ = comment_end_ + 2;
  return true;
}

bool Cursor::TakeComment() {
  const size_t begin = position_;
  SkipBlanks();
  if (Take("//")) {
    SkipToNewline();
    return true;
  }
  if (TakeBlockComment()) return true;
  position_ = begin;
  return false;
}

bool Cursor::TakeRestOfLine() {
  if (AtEnd() || AtNewline()) return false;
  SkipToNewline();
  TakeNewline();
  return true;
}

bool Cursor::SkipPast(char end) {
  if (position_ >= nothing_past_) return false;
  const size_t found = text_.find(end, position_);
  if (found == std::string_view::npos) {
    nothing_past_ = position_;
    return false;
  }
  position_ = found + 1;
  return true;
}

}  // namespace ballast::prisma
