// SPDX-License-Identifier: Apache-2.0
// White space as JavaScript has it: \s of regular expressions, and what trim() removes.
#pragma once

#include <string_view>

namespace ballast::workspace {

// The number of bytes of the white space at the position; 0: there is none.
size_t SpaceAt(std::string_view text, size_t at);

// The position of the first other character at or behind the position; the size if there is none.
size_t SkipSpaces(std::string_view text, size_t from);

std::string_view TrimSpacesAtBegin(std::string_view text);
std::string_view TrimSpacesAtEnd(std::string_view text);

}  // namespace ballast::workspace
