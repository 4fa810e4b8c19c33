// SPDX-License-Identifier: Apache-2.0
#include "workspace/dotenv.h"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <vector>

#include "base/text.h"
#include "workspace/script_space.h"

namespace ballast::workspace {
namespace {

constexpr int kDeepestReference = 50;

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// dotenv finds its lines with one regular expression; this walks the same way.
class DotenvReader {
 public:
  explicit DotenvReader(std::string_view text)
      : text_(ReplaceAll(ReplaceAll(std::string(text), "\r\n", "\n"), "\r", "\n")) {}

  Variables ReadAll() {
    while (at_ < text_.size()) {
      if (!ReadAssignment()) ToNextLine();
    }
    return std::move(found_);
  }

 private:
  bool ReadAssignment() {
    const size_t start = SkipSpaces(text_, at_);
    size_t key_at = start;
    if (text_.compare(start, 6, "export") == 0 && SpaceAt(text_, start + 6) != 0) {
      key_at = SkipSpaces(text_, start + 6);
    }
    if (ReadKeyAndValue(key_at)) return true;
    return key_at != start && ReadKeyAndValue(start);
  }

  bool ReadKeyAndValue(size_t from) {
    size_t end = from;
    while (end < text_.size() && (IsWord(text_[end]) || text_[end] == '.' || text_[end] == '-')) {
      ++end;
    }
    const std::optional<size_t> value_at = end > from ? AfterSeparator(end) : std::nullopt;
    if (!value_at) return false;
    const std::string key = text_.substr(from, end - from);
    found_[key] = ReadValue(*value_at);
    return true;
  }

  // Past "=" with blanks before it, or ":" with a blank after it.
  std::optional<size_t> AfterSeparator(size_t from) const {
    const size_t equals = SkipSpaces(text_, from);
    if (equals < text_.size() && text_[equals] == '=') return equals + 1;
    const size_t space = from < text_.size() && text_[from] == ':' ? SpaceAt(text_, from + 1) : 0;
    return space != 0 ? std::optional<size_t>(from + 1 + space) : std::nullopt;
  }

  // Leaves at_ behind the value and the comment that may follow it.
  std::string ReadValue(size_t from) {
    const size_t quote = SkipSpaces(text_, from);
    if (quote < text_.size() && std::string_view("'\"`").find(text_[quote]) != std::string::npos) {
      if (std::optional<std::string> value = ReadQuoted(quote)) return *std::move(value);
    }
    const size_t line_end = LineEnd(from);
    const size_t end = std::min(text_.find('#', from), line_end);
    at_ = line_end;
    const std::string_view value = std::string_view(text_).substr(from, end - from);
    return Unquoted(TrimSpacesAtEnd(TrimSpacesAtBegin(value)));
  }

  // The longest quoted text that only a comment follows on its line.
  std::optional<std::string> ReadQuoted(size_t open) {
    std::vector<size_t> closers;
    for (size_t i = open + 1; i < text_.size(); ++i) {
      if (text_[i] != text_[open]) continue;
      closers.push_back(i);
      if (text_[i - 1] != '\\') break;
    }
    for (auto close = closers.rbegin(); close != closers.rend(); ++close) {
      const size_t line_end = LineEnd(*close);
      const size_t rest = SkipSpaces(std::string_view(text_).substr(0, line_end), *close + 1);
      const bool ends = rest == line_end || text_[rest] == '#';
      if (!ends) continue;
      at_ = line_end;
      return Unquoted(std::string_view(text_).substr(open, *close + 1 - open));
    }
    return std::nullopt;
  }

  static std::string Unquoted(std::string_view value) {
    if (value.empty()) return {};
    const char first = value.front();
    const bool quoted = value.size() >= 2 && value.back() == first &&
                        (first == '"' || first == '\'' || first == '`');
    std::string plain(quoted ? value.substr(1, value.size() - 2) : value);
    if (first != '"') return plain;
    return ReplaceAll(ReplaceAll(std::move(plain), "\\n", "\n"), "\\r", "\r");
  }

  size_t LineEnd(size_t from) const { return std::min(text_.find('\n', from), text_.size()); }
  void ToNextLine() { at_ = std::min(LineEnd(at_) + 1, text_.size()); }

  std::string text_;
  size_t at_ = 0;
  Variables found_;
};

// One "${NAME}", with the character before it.
struct Reference {
  std::string whole;  // "${NAME}", or "\${NAME}" when escaped
  std::string name;
  bool escaped = false;
};

std::vector<Reference> ReferencesIn(std::string_view value) {
  std::vector<Reference> references;
  size_t taken = 0;
  for (size_t at = value.find("${"); at != std::string_view::npos; at = value.find("${", at + 1)) {
    size_t end = at + 2;
    while (end < value.size() && IsWord(value[end])) ++end;
    if (end >= value.size() || value[end] != '}') continue;
    const bool escaped = at > taken && value[at - 1] == '\\';
    const size_t from = escaped ? at - 1 : at;
    references.push_back({std::string(value.substr(from, end + 1 - from)),
                          std::string(value.substr(at + 2, end - at - 2)), escaped});
    taken = end + 1;
  }
  return references;
}

// JavaScript's String.replace: the first occurrence, with $$, $&, $` and $' in the replacement.
std::string ReplaceFirst(const std::string& text, const std::string& what, std::string_view with) {
  const size_t at = text.find(what);
  if (at == std::string::npos) return text;
  std::string filled;
  for (size_t i = 0; i < with.size(); ++i) {
    const char next = with[i] == '$' && i + 1 < with.size() ? with[i + 1] : '\0';
    if (next == '$') {
      filled += '$';
    } else if (next == '&') {
      filled += what;
    } else if (next == '`') {
      filled += text.substr(0, at);
    } else if (next == '\'') {
      filled += text.substr(at + what.size());
    } else {
      filled += with[i];
      continue;
    }
    ++i;
  }
  return text.substr(0, at) + filled + text.substr(at + what.size());
}

class Expander {
 public:
  Expander(const Variables& file, const Variables& environment)
      : file_(file), environment_(environment) {}

  Result<Variables> ExpandAll() {
    for (const auto& [key, raw] : Variables(file_)) {
      TRY_ASSIGN(std::string value, Expand(ValueOf(key), 0));
      file_[key] = std::move(value);
    }
    return std::move(file_);
  }

 private:
  const std::string& ValueOf(const std::string& name) const {
    static const std::string none;
    if (const auto set = environment_.find(name); set != environment_.end()) return set->second;
    const auto own = file_.find(name);
    return own == file_.end() ? none : own->second;
  }

  Result<std::string> Expand(const std::string& value, int depth) const {
    if (depth > kDeepestReference) {
      return MakeError(ErrorCode::kConfigInvalid, "a variable of the .env file contains itself",
                       "write the value out where it refers to itself with ${…}");
    }
    std::string expanded = value;
    for (const Reference& reference : ReferencesIn(value)) {
      if (reference.escaped) {
        expanded = ReplaceFirst(expanded, reference.whole, reference.whole.substr(1));
        continue;
      }
      TRY_ASSIGN(const std::string inner, Expand(ValueOf(reference.name), depth + 1));
      expanded = ReplaceFirst(expanded, reference.whole, inner);
    }
    return expanded;
  }

  Variables file_;
  const Variables& environment_;
};

// The first reference of dotenv-expand at or behind `from`: ${…} or $NAME, not escaped.
struct FullReference {
  size_t begin;
  size_t size;
  std::string_view expression;
};

std::optional<FullReference> NextReference(std::string_view value) {
  for (size_t at = value.find('$'); at != std::string_view::npos; at = value.find('$', at + 1)) {
    if (at > 0 && value[at - 1] == '\\') continue;
    if (at + 1 < value.size() && value[at + 1] == '{') {
      const size_t end = value.find_first_of("{}", at + 2);
      if (end == std::string_view::npos || value[end] == '{' || end == at + 2) continue;
      return FullReference{at, end + 1 - at, value.substr(at + 2, end - at - 2)};
    }
    size_t end = at + 1;
    while (end < value.size() && IsWord(value[end])) ++end;
    const bool begins_with_digit = end > at + 1 && value[at + 1] >= '0' && value[at + 1] <= '9';
    if (end == at + 1 || begins_with_digit) continue;
    return FullReference{at, end - at, value.substr(at + 1, end - at - 1)};
  }
  return std::nullopt;
}

// NAME, NAME-otherwise, NAME:-otherwise, NAME+instead, NAME:+instead. `seen` are the values so far.
template <class Lookup>
std::string ValueOfReference(std::string_view expression, const Lookup& value_of,
                             const std::set<std::string, std::less<>>& seen) {
  const size_t sign = expression.find_first_of("-+");
  if (sign == std::string_view::npos) {
    const std::string& value = value_of(expression);
    return seen.contains(value) ? std::string() : value;
  }
  const bool colon = sign > 0 && expression[sign - 1] == ':';
  const std::string& value = value_of(expression.substr(0, colon ? sign - 1 : sign));
  const std::string other(expression.substr(sign + 1));
  if (expression[sign] == '+') return value.empty() ? std::string() : other;
  return value.empty() || seen.contains(value) ? other : value;
}

void AppendUtf8(char32_t point, std::string& text) {
  const auto byte = [&](char32_t bits) { text += static_cast<char>(bits); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) {
    byte(0xC0 | (point >> 6));
  } else if (point < 0x10000) {
    byte(0xE0 | (point >> 12));
    byte(0x80 | ((point >> 6) & 0x3F));
  } else {
    byte(0xF0 | (point >> 18));
    byte(0x80 | ((point >> 12) & 0x3F));
    byte(0x80 | ((point >> 6) & 0x3F));
  }
  byte(0x80 | (point & 0x3F));
}

// A surrogate without its partner becomes U+FFFD.
std::string Utf8Of(std::u16string_view units) {
  std::string text;
  for (size_t i = 0; i < units.size(); ++i) {
    char32_t point = units[i];
    const bool high = point >= 0xD800 && point < 0xDC00;
    const char16_t next = i + 1 < units.size() ? units[i + 1] : u'\0';
    if (high && next >= 0xDC00 && next < 0xE000) {
      point = 0x10000 + ((point - 0xD800) << 10) + (next - 0xDC00);
      ++i;
    } else if (point >= 0xD800 && point < 0xE000) {
      point = 0xFFFD;
    }
    AppendUtf8(point, text);
  }
  return text;
}

}  // namespace

Variables ExpandDotenvFully(const Variables& file, const Variables& environment) {
  static const std::string none;
  const auto value_of = [&](std::string_view name) -> const std::string& {
    if (const auto set = environment.find(name); set != environment.end()) return set->second;
    const auto own = file.find(name);
    return own == file.end() ? none : own->second;
  };
  Variables expanded;
  for (const auto& [key, raw] : file) {
    std::string value = value_of(key);
    if (environment.contains(key)) {
      expanded[key] = value;
      continue;
    }
    std::set<std::string, std::less<>> seen;
    while (seen.size() < kDeepestReference) {
      const std::optional<FullReference> reference = NextReference(value);
      if (!reference) break;
      seen.insert(value);
      const std::string with = ValueOfReference(reference->expression, value_of, seen);
      value.replace(reference->begin, reference->size, with);
    }
    expanded[key] = ReplaceAll(std::move(value), "\\$", "$");
  }
  return expanded;
}

std::optional<std::string> DecodeDotenv(std::string_view bytes, std::string_view encoding) {
  const std::string name = ToLowerAscii(encoding);
  if (name.empty() || name == "utf8" || name == "utf-8") return DecodeUtf8Lossy(bytes);
  std::u16string units;
  if (name == "latin1" || name == "binary" || name == "ascii") {
    for (const char byte : bytes) units += static_cast<unsigned char>(byte);
  } else if (name == "utf16le" || name == "utf-16le" || name == "ucs2" || name == "ucs-2") {
    for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
      units += static_cast<char16_t>(static_cast<unsigned char>(bytes[i]) |
                                     (static_cast<unsigned char>(bytes[i + 1]) << 8));
    }
  } else {
    return std::nullopt;
  }
  return Utf8Of(units);
}

Variables ParseDotenv(std::string_view text) {
  return DotenvReader(text).ReadAll();
}

Result<Variables> ExpandDotenv(const Variables& file, const Variables& environment) {
  return Expander(file, environment).ExpandAll();
}

}  // namespace ballast::workspace
