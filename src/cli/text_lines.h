// SPDX-License-Identifier: Apache-2.0
// Lines of a text report.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::cli {

// Longer lists are truncated after this many items.
inline constexpr size_t kListed = 20;

// Appends the line, with terminal control characters made harmless (see SafeLine).
void Line(std::string& text, std::string_view line);

// Appends the items, one per line, and the number of omitted ones.
void List(std::string& text, const std::vector<std::string>& items);

// The rows of a table, one per line and without line breaks: columns are as wide as their widest
// cell, and no line ends with blanks.
std::vector<std::string> TableLines(const std::vector<std::vector<std::string>>& rows);

}  // namespace ballast::cli
