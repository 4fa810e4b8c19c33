// SPDX-License-Identifier: Apache-2.0
#include "base/url_password.h"

#include <string_view>

namespace ballast {
namespace {

constexpr std::string_view kMask = "***";
constexpr std::string_view kEnds = " \t\n\"'`<>";

// Masks the password before the host; returns the position after it.
size_t MaskUserinfo(std::string& text, size_t begin, size_t end) {
  const size_t slash = text.find_first_of("/?#", begin);
  const size_t stop = slash < end ? slash : end;
  const size_t at = text.rfind('@', stop);
  if (at == std::string::npos || at < begin) return begin;
  const size_t colon = text.find(':', begin);
  if (colon == std::string::npos || colon > at) return at;
  text.replace(colon + 1, at - colon - 1, kMask);
  return colon + 1 + kMask.size();
}

void MaskParameters(std::string& text, size_t begin) {
  for (const std::string_view name : {"password=", "sslpassword="}) {
    for (size_t at = text.find(name, begin); at != std::string::npos; at = text.find(name, at)) {
      const size_t value = at + name.size();
      const bool is_parameter = at > 0 && (text[at - 1] == '?' || text[at - 1] == '&');
      at = value;
      if (!is_parameter) continue;
      const size_t end = text.find_first_of(std::string(kEnds) + "&#", value);
      const size_t size = (end == std::string::npos ? text.size() : end) - value;
      text.replace(value, size, kMask);
    }
  }
}

}  // namespace

std::string MaskUrlPasswords(std::string text) {
  constexpr std::string_view kScheme = ":/";
  const auto next = [&](size_t at) {
    for (at = text.find(kScheme, at); at != std::string::npos; at = text.find(kScheme, at + 1)) {
      const std::string_view before = std::string_view(text).substr(0, at);
      const bool is_url = text.compare(at + kScheme.size(), 1, "/") == 0;
      if (is_url || before.ends_with("postgresql") || before.ends_with("postgres")) break;
    }
    return at;
  };
  size_t at = next(0);
  if (at == std::string::npos) return text;
  MaskParameters(text, at);
  for (; at != std::string::npos; at = next(at)) {
    at = text.find_first_not_of('/', at + 1);
    if (at == std::string::npos) break;
    const size_t end = text.find_first_of(kEnds, at);
    at = MaskUserinfo(text, at, end == std::string::npos ? text.size() : end);
  }
  return text;
}

std::string MaskPasswordBeforeHost(std::string url) {
  const size_t scheme = url.find("://");
  if (scheme != std::string::npos) MaskUserinfo(url, scheme + 3, url.size());
  return url;
}

}  // namespace ballast
