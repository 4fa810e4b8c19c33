// SPDX-License-Identifier: Apache-2.0
// What reaches a terminal or a log: text that holds names and messages of others must not move the
// cursor, clear the screen or pretend to be a line of ours.
#pragma once

#include <string>
#include <string_view>

namespace ballast::cli {

// Printable text (base/printable.h) of any number of lines. The sequences that Style writes stay
// where `color` is on. Everything that is printed as text goes through it.
std::string SafeText(std::string_view text, bool color);

// The same for what must stay one line: line feeds and tabs are escaped too. Style's sequences
// stay.
std::string SafeLine(std::string_view text);

}  // namespace ballast::cli
