// SPDX-License-Identifier: Apache-2.0
#include "cli/text_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/display_width.h"
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

std::vector<std::string> TableLines(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const std::vector<std::string>& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  std::vector<std::string> lines;
  for (const std::vector<std::string>& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - DisplayWidth(row[i]) + 2, ' ');
    }
    line.resize(line.find_last_not_of(' ') + 1);
    lines.push_back(SafeLine(line));
  }
  return lines;
}

}  // namespace ballast::cli
