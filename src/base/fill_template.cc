// SPDX-License-Identifier: Apache-2.0
#include "base/fill_template.h"

#include <algorithm>

#include "base/check.h"

namespace ballast {

std::string FillTemplate(
    std::string_view text,
    std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz_";
  std::string filled;
  while (!text.empty()) {
    const size_t at = std::min(text.find('@'), text.size());
    filled += text.substr(0, at);
    text.remove_prefix(at);
    if (text.empty()) break;
    const size_t end = std::min(text.find_first_not_of(kNameCharacters, 1), text.size());
    const std::string_view name = text.substr(0, end);
    text.remove_prefix(end);
    const auto* const value =
        std::ranges::find(values, name, &std::pair<std::string_view, std::string_view>::first);
    BALLAST_CHECK(name == "@" || value != values.end());
    filled += name == "@" ? name : value->second;
  }
  return filled;
}

}  // namespace ballast
