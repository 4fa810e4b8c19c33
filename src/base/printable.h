// SPDX-License-Identifier: Apache-2.0
// Text from outside (names, versions, server messages) made safe for a terminal or a log.
#pragma once

#include <string>
#include <string_view>

namespace ballast {

// The text on one line and without anything that a terminal would obey or hide: control characters
// (C0, DEL, C1), line and paragraph separators and the marks that change the direction of text
// become "\n", "\t", "\x1b" or "\u202e"; bytes that are not UTF-8 become U+FFFD. Everything else
// stays as it is.
std::string Printable(std::string_view text);

// The same for several lines: line feeds and tabs are kept.
std::string PrintableLines(std::string_view text);

}  // namespace ballast
