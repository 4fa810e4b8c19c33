// SPDX-License-Identifier: Apache-2.0
#include "prisma/json_syntax.h"

#include <fmt/format.h>

#include <algorithm>

namespace ballast::prisma {
namespace {

constexpr int kMaxDepth = 128;

// Reads along; the first fault stops it. Every Take… gives false once there is a fault.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  std::string Run() {
    if (TakeValue()) {
      SkipSpace();
      if (!AtEnd()) FaultHere("trailing characters");
    }
    return fault_;
  }

 private:
  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek() const { return text_[at_]; }
  void SkipSpace() {
    while (!AtEnd() && (Peek() == ' ' || Peek() == '\n' || Peek() == '\t' || Peek() == '\r')) ++at_;
  }

  bool FaultAt(std::string_view what, size_t index) {
    const std::string_view before = text_.substr(0, index);
    const size_t line = std::count(before.begin(), before.end(), '\n') + 1;
    const size_t newline = before.rfind('\n');
    const size_t column = newline == std::string_view::npos ? index : index - newline - 1;
    fault_ = fmt::format("{} at line {} column {}", what, line, column);
    return false;
  }
  // At the character that comes next, and behind what was taken last.
  bool FaultHere(std::string_view what) { return FaultAt(what, std::min(text_.size(), at_ + 1)); }
  bool FaultBehind(std::string_view what) { return FaultAt(what, at_); }

  bool TakeValue() {
    SkipSpace();
    if (AtEnd()) return FaultHere("EOF while parsing a value");
    const char c = Peek();
    if (c == '"') return TakeString();
    if (c == '{' || c == '[') return TakeNested(c);
    if (c == 'n') return TakeWord("null");
    if (c == 't') return TakeWord("true");
    if (c == 'f') return TakeWord("false");
    if (c == '-' || (c >= '0' && c <= '9')) return TakeNumber();
    return FaultHere("expected value");
  }

  bool TakeNested(char open) {
    if (++depth_ >= kMaxDepth) return FaultHere("recursion limit exceeded");
    ++at_;
    const bool taken = open == '{' ? TakeMembers() : TakeElements();
    --depth_;
    return taken;
  }

  bool TakeElements() {
    for (bool first = true;; first = false) {
      SkipSpace();
      if (AtEnd()) return FaultHere("EOF while parsing a list");
      if (Peek() == ']') break;
      if (!first) {
        if (Peek() != ',') return FaultHere("expected `,` or `]`");
        ++at_;
        SkipSpace();
        if (!AtEnd() && Peek() == ']') return FaultHere("trailing comma");
      }
      if (!TakeValue()) return false;
    }
    ++at_;
    return true;
  }

  bool TakeMembers() {
    for (bool first = true;; first = false) {
      SkipSpace();
      if (AtEnd()) return FaultHere("EOF while parsing an object");
      if (Peek() == '}') break;
      if (!first) {
        if (Peek() != ',') return FaultHere("expected `,` or `}`");
        ++at_;
        SkipSpace();
        if (AtEnd()) return FaultHere("EOF while parsing a value");
        if (Peek() == '}') return FaultHere("trailing comma");
      }
      if (!TakeMember()) return false;
    }
    ++at_;
    return true;
  }

  bool TakeMember() {
    if (Peek() != '"') return FaultHere("key must be a string");
    if (!TakeString()) return false;
    SkipSpace();
    if (AtEnd()) return FaultHere("EOF while parsing an object");
    if (Peek() != ':') return FaultHere("expected `:`");
    ++at_;
    return TakeValue();
  }

  bool TakeWord(std::string_view word) {
    for (const char expected : word) {
      if (AtEnd()) return FaultBehind("EOF while parsing a value");
      if (text_[at_++] != expected) return FaultBehind("expected ident");
    }
    return true;
  }

  bool AtDigit() const { return !AtEnd() && Peek() >= '0' && Peek() <= '9'; }

  bool TakeNumber() {
    if (Peek() == '-') ++at_;
    if (AtEnd()) return FaultBehind("EOF while parsing a value");
    if (Peek() == '0') {
      ++at_;
      if (AtDigit()) return FaultHere("invalid number");
    } else if (AtDigit()) {
      while (AtDigit()) ++at_;
    } else {
      ++at_;
      return FaultBehind("invalid number");
    }
    return TakeFraction() && TakeExponent();
  }

  bool TakeFraction() {
    if (AtEnd() || Peek() != '.') return true;
    ++at_;
    if (!AtDigit()) {
      return FaultHere(AtEnd() ? "EOF while parsing a value" : "invalid number");
    }
    while (AtDigit()) ++at_;
    return true;
  }

  bool TakeExponent() {
    if (AtEnd() || (Peek() != 'e' && Peek() != 'E')) return true;
    ++at_;
    if (!AtEnd() && (Peek() == '+' || Peek() == '-')) ++at_;
    if (AtEnd()) return FaultBehind("EOF while parsing a value");
    if (!AtDigit()) {
      ++at_;
      return FaultBehind("invalid number");
    }
    while (AtDigit()) ++at_;
    return true;
  }

  bool TakeString() {
    ++at_;
    while (!AtEnd()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) {
        return FaultBehind("control character (\\u0000-\\u001F) found while parsing a string");
      }
      if (c == '\\' && !TakeEscape()) return false;
    }
    return FaultBehind("EOF while parsing a string");
  }

  bool TakeEscape() {
    if (AtEnd()) return FaultBehind("EOF while parsing a string");
    const char c = text_[at_++];
    if (std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) return true;
    if (c != 'u') return FaultBehind("invalid escape");
    if (text_.size() - at_ < 4) {
      at_ = text_.size();
      return FaultBehind("EOF while parsing a string");
    }
    for (int i = 0; i < 4; ++i) {
      constexpr std::string_view kHex = "0123456789abcdefABCDEF";
      if (kHex.find(text_[at_++]) == std::string_view::npos) return FaultBehind("invalid escape");
    }
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
  std::string fault_;
};

}  // namespace

std::string JsonError(std::string_view text) {
  return JsonReader(text).Run();
}

}  // namespace ballast::prisma
