// SPDX-License-Identifier: Apache-2.0
// How many columns text takes on a terminal, by the widths of Unicode (UAX #11, UAX #29; utf8proc).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ballast::cli {

// Columns that UTF-8 text takes: 2 for wide characters, 0 for combining ones, 2 for an emoji with
// its variation selector. Bytes that are not UTF-8 count as one column each. Escape sequences are
// not recognised: measure text before it is coloured.
size_t DisplayWidth(std::string_view text);

// The longest start of `text` that takes at most `columns`; ends with "…" if something was cut off.
std::string TruncateToWidth(std::string_view text, size_t columns);

}  // namespace ballast::cli
