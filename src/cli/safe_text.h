// SPDX-License-Identifier: Apache-2.0
// Makes text safe for a terminal or a log: names and messages from outside must not move the
// cursor, clear the screen or imitate ballast's own lines.
#pragma once

#include <string>
#include <string_view>

namespace ballast::cli {

// Printable text (base/printable.h) of any number of lines. If `color` is set, the escape sequences
// of Style are kept. All printed text passes through it.
std::string SafeText(std::string_view text, bool color);

// The same for a single line: line feeds and tabs are also escaped. The sequences of Style are
// kept.
std::string SafeLine(std::string_view text);

}  // namespace ballast::cli
