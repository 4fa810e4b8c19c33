// SPDX-License-Identifier: Apache-2.0
#include "base/url_password.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"

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

// A part of an argument that has a password, and the same without it.
using Masked = std::pair<std::string, std::string>;

// Those that were remembered.
std::vector<Masked>& Known() {
  static std::vector<Masked> known;
  return known;
}

void Remember(std::string_view before, std::string_view password, std::string_view after) {
  if (password.empty() || password == kMask) return;
  const auto around = [&](std::string_view middle) {
    return std::string(before).append(middle).append(after);
  };
  const std::string in_quotes = ReplaceAll(std::string(password), "'", R"('\'')");
  for (const std::string& form : {around(password), around(in_quotes)}) {
    const Masked masked{form, around(kMask)};
    if (std::ranges::find(Known(), masked) == Known().end()) Known().push_back(masked);
  }
}

// "user:password@host": what is before the last "@", unless that is in the path behind a port.
void RememberUserinfo(std::string_view url) {
  const size_t path = std::min(url.find_first_of("/?#"), url.size());
  const size_t colon = url.find(':');
  size_t at = url.substr(0, path).rfind('@');
  if (at == url.npos) at = url.rfind('@');
  if (at == url.npos || colon > at || colon > path) return;
  const std::string_view port = url.substr(colon + 1, path - colon - 1);
  const bool has_port =
      at > path && !port.empty() && port.find_first_not_of("0123456789") == port.npos;
  if (has_port) return;
  Remember(url.substr(0, colon + 1), url.substr(colon + 1, at - colon - 1), "@");
}

// "password = value" and "password='a value'", also as a parameter of a URL.
void RememberKeywords(std::string_view argument) {
  constexpr std::string_view kName = "password";
  for (size_t at = argument.find(kName); at != argument.npos; at = argument.find(kName, at + 1)) {
    const size_t equals = argument.find_first_not_of(' ', at + kName.size());
    if (equals == argument.npos || argument[equals] != '=') continue;
    const size_t begin = argument.find_first_not_of(' ', equals + 1);
    if (begin == argument.npos) continue;
    const bool is_parameter = argument.substr(0, at).find_first_of("?&") != argument.npos;
    const std::string_view end = argument[begin] == '\'' ? "'" : is_parameter ? "&#" : " ";
    const size_t stop = std::min(argument.find_first_of(end, begin + 1), argument.size());
    Remember(argument.substr(at, begin - at), argument.substr(begin, stop - begin), {});
  }
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
  for (const auto& [known, shown] : Known()) text = ReplaceAll(std::move(text), known, shown);
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

void RememberPasswordsOf(std::string_view argument) {
  constexpr std::string_view kScheme = "://";
  for (size_t at = argument.find(kScheme); at != argument.npos;) {
    const size_t begin = at + kScheme.size();
    at = argument.find(kScheme, begin);
    RememberUserinfo(argument.substr(begin, at == argument.npos ? at : at - begin));
  }
  RememberKeywords(argument);
}

std::string MaskPasswordBeforeHost(std::string url) {
  const size_t scheme = url.find("://");
  if (scheme != std::string::npos) MaskUserinfo(url, scheme + 3, url.size());
  return url;
}

}  // namespace ballast
