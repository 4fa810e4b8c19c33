// SPDX-License-Identifier: Apache-2.0
// The number of columns that text takes on a terminal (UAX #11, UAX #29; utf8proc).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ballast::cli {

// Columns of UTF-8 text: 2 for wide characters, 0 for combining ones, 2 for an emoji with its
// variation selector. Bytes that are not UTF-8 count as one column each. Escape sequences are not
// recognized: measure text before coloring it.
size_t DisplayWidth(std::string_view text);

// The longest prefix of `text` of at most `columns`; ends with "…" if it was truncated.
std::string TruncateToWidth(std::string_view text, size_t columns);

}  // namespace ballast::cli
