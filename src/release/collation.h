// SPDX-License-Identifier: Apache-2.0
// The order of JavaScript's localeCompare (ICU root collation) over names, without ICU.
//
// A name becomes three sequences of weights: what the characters are, their accents, their case.
// Two names are compared by the first sequence; only if that is equal by the second, then by the
// third. Covered exactly: all of ASCII and Latin up to U+017F, composed or decomposed. Beyond that
// scripts follow each other by code point, with Greek and Cyrillic case folded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::release {

struct CollationKey {
  std::vector<uint32_t> letters;  // blank < punctuation < symbols < digits < letters
  std::vector<uint16_t> accents;
  std::vector<uint8_t> cases;  // lower before upper

  auto operator<=>(const CollationKey&) const = default;
};

// Bytes that are not UTF-8 count as U+FFFD, as they do in a JavaScript string.
CollationKey CollationKeyOf(std::string_view name);

}  // namespace ballast::release
