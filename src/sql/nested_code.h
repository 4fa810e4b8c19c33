// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ballast::sql {

// How deep code in strings is read: the body of a DO block, a text that it executes …
inline constexpr int kDeepestCode = 4;

// Whether the content of a string can be code: it has more than one word.
inline bool CouldBeCode(std::string_view text) {
  return text.find_first_of(" \n\t") != std::string_view::npos;
}

}  // namespace ballast::sql
