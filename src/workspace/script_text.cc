// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/text.h"
#include "workspace/script_space.h"

namespace ballast::workspace {
namespace {

std::optional<size_t> CountOf(const std::string& written) {
  size_t count = 0;
  const auto [end, failed] =
      std::from_chars(written.data(), written.data() + written.size(), count);
  const bool is_whole = failed == std::errc() && end == written.data() + written.size();
  return is_whole ? std::optional(count) : std::nullopt;
}

std::string Replaced(const std::string& text, const std::string& from, const std::string& to,
                     bool all) {
  std::string replaced;
  size_t at = 0;
  for (size_t found = text.find(from); found != std::string::npos; found = text.find(from, at)) {
    replaced += text.substr(at, found - at) + to;
    at = found + from.size();
    if (!all) break;
  }
  return replaced + text.substr(at);
}

std::vector<std::string> SplitAt(const std::string& text, const std::string& separator) {
  std::vector<std::string> parts;
  size_t at = 0;
  for (size_t found = text.find(separator); found != std::string::npos;
       found = text.find(separator, at)) {
    parts.push_back(text.substr(at, found - at));
    at = found + separator.size();
  }
  parts.push_back(text.substr(at));
  return parts;
}

std::string Trimmed(const std::string& text, bool at_begin, bool at_end) {
  std::string_view rest = text;
  if (at_begin) rest = TrimSpacesAtBegin(rest);
  if (at_end) rest = TrimSpacesAtEnd(rest);
  return std::string(rest);
}

std::string InUpperCase(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

// slice(begin, end) and substring(begin, end).
std::optional<std::string> Part(const std::string& text, std::string_view name,
                                const std::vector<std::string>& arguments) {
  size_t begin = 0;
  size_t end = text.size();
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::optional<size_t> count = CountOf(arguments[i]);
    if (!count || i > 1) return std::nullopt;
    (i == 0 ? begin : end) = std::min(*count, text.size());
  }
  if (begin > end && name == "substring") std::swap(begin, end);
  return begin >= end ? std::string() : text.substr(begin, end - begin);
}

}  // namespace

std::string EncodedUriComponent(std::string_view text) {
  constexpr std::string_view kMarks = "-_.!~*'()";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte < 0x80 && std::isalnum(byte) != 0;
    encoded += plain || kMarks.find(c) != std::string_view::npos ? std::string(1, c)
                                                                 : fmt::format("%{:02X}", byte);
  }
  return encoded;
}

bool IsTextMethod(std::string_view name) {
  constexpr std::string_view kNames[] = {"trim",        "trimStart",   "trimEnd",    "toString",
                                         "toLowerCase", "toUpperCase", "startsWith", "endsWith",
                                         "includes",    "replace",     "replaceAll", "slice",
                                         "substring",   "split",       "concat"};
  return std::ranges::find(kNames, name) != std::end(kNames);
}

TextResult CallMethodOfText(const std::string& text, std::string_view name,
                            const std::vector<std::string>& arguments) {
  const bool is_ascii =
      std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  TextResult result;
  if (arguments.empty()) {
    if (name == "toString") result.text = text;
    if (name == "trim") result.text = Trimmed(text, true, true);
    if (name == "trimStart") result.text = Trimmed(text, true, false);
    if (name == "trimEnd") result.text = Trimmed(text, false, true);
    if (name == "toLowerCase" && is_ascii) result.text = ToLowerAscii(text);
    if (name == "toUpperCase" && is_ascii) result.text = InUpperCase(text);
  }
  if ((name == "slice" || name == "substring") && is_ascii) {
    result.text = Part(text, name, arguments);
  }
  if (arguments.size() == 1) {
    const std::string& other = arguments[0];
    if (name == "startsWith") result.is_true = text.starts_with(other);
    if (name == "endsWith") result.is_true = text.ends_with(other);
    if (name == "includes") result.is_true = text.find(other) != std::string::npos;
    if (name == "concat") result.text = text + other;
    if (name == "split" && !other.empty()) result.list = SplitAt(text, other);
  }
  // "$" has a meaning in the replacement.
  const bool replaces = (name == "replace" || name == "replaceAll") && arguments.size() == 2 &&
                        !arguments[0].empty() && arguments[1].find('$') == std::string::npos;
  if (replaces) result.text = Replaced(text, arguments[0], arguments[1], name == "replaceAll");
  return result;
}

}  // namespace ballast::workspace
