// SPDX-License-Identifier: Apache-2.0
#include "cli/text_lines.h"

#include <fmt/format.h>

#include "cli/safe_text.h"

namespace ballast::cli {

void Line(std::string& text, std::string_view line) {
  text += SafeLine(line);
  text += '\n';
}

void List(std::string& text, const std::vector<std::string>& items) {
  for (size_t i = 0; i < items.size() && i < kListed; ++i) Line(text, "   " + items[i]);
  if (items.size() > kListed) {
    Line(text, fmt::format("   … and {} more", items.size() - kListed));
  }
}

}  // namespace ballast::cli
