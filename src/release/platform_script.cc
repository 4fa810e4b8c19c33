// SPDX-License-Identifier: Apache-2.0
#include "release/platform_script.h"

#include <fmt/format.h>

namespace ballast::release {
namespace {

constexpr std::string_view kBegins = "-- ballast: the script ";

// Where the next line that begins a part begins; npos if there is none.
size_t NextPart(std::string_view script, size_t from) {
  for (size_t at = script.find(kBegins, from); at != std::string_view::npos;
       at = script.find(kBegins, at + 1)) {
    if (at == 0 || script[at - 1] == '\n') return at;
  }
  return std::string_view::npos;
}

}  // namespace

void AppendPart(std::string_view file, std::string_view text, std::string& script) {
  if (!script.empty() && script.back() != '\n') script += '\n';
  script += fmt::format("{}{}\n{}", kBegins, file, text);
}

std::vector<PlatformPart> PartsOf(std::string_view script) {
  std::vector<PlatformPart> parts;
  size_t begin = NextPart(script, 0);
  if (begin != 0 && !script.empty()) parts.push_back({"", script.substr(0, begin)});
  while (begin != std::string_view::npos) {
    const size_t end = NextPart(script, begin + 1);
    std::string_view part = script.substr(begin, end == script.npos ? end : end - begin);
    const size_t line = part.find('\n');
    const std::string_view file = part.substr(0, line).substr(kBegins.size());
    parts.push_back(
        {std::string(file), line == part.npos ? std::string_view() : part.substr(line + 1)});
    begin = end;
  }
  return parts;
}

}  // namespace ballast::release
