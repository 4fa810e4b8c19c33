// SPDX-License-Identifier: Apache-2.0
#include "cli/display_width.h"

#include <utf8proc.h>

#include <algorithm>

namespace ballast::cli {
namespace {

struct Cluster {
  size_t bytes = 0;
  size_t columns = 0;
};

struct Character {
  utf8proc_int32_t code = -1;  // negative: not UTF-8
  size_t bytes = 1;
};

Character CharacterAt(std::string_view text) {
  Character character;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const utf8proc_ssize_t length =
      utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &character.code);
  if (length > 0) character.bytes = static_cast<size_t>(length);
  return character;
}

size_t ColumnsOf(utf8proc_int32_t code) {
  constexpr utf8proc_int32_t kEmojiVariation = 0xFE0F;
  if (code < 0) return 1;
  if (code == kEmojiVariation) return 2;
  return static_cast<size_t>(std::max(utf8proc_charwidth(code), 0));
}

// The first grapheme cluster, which terminals draw as one picture: as wide as its widest character.
Cluster FirstCluster(std::string_view text) {
  Cluster cluster;
  utf8proc_int32_t state = 0;
  utf8proc_int32_t before = -1;
  while (cluster.bytes < text.size()) {
    const Character next = CharacterAt(text.substr(cluster.bytes));
    const bool continues =
        cluster.bytes == 0 || (before >= 0 && next.code >= 0 &&
                               !utf8proc_grapheme_break_stateful(before, next.code, &state));
    if (!continues) break;
    cluster.bytes += next.bytes;
    cluster.columns = std::max(cluster.columns, ColumnsOf(next.code));
    before = next.code;
  }
  return cluster;
}

}  // namespace

size_t DisplayWidth(std::string_view text) {
  size_t columns = 0;
  while (!text.empty()) {
    const Cluster cluster = FirstCluster(text);
    columns += cluster.columns;
    text.remove_prefix(cluster.bytes);
  }
  return columns;
}

std::string TruncateToWidth(std::string_view text, size_t columns) {
  if (DisplayWidth(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  size_t used = 0;
  size_t bytes = 0;
  while (bytes < text.size()) {
    const Cluster cluster = FirstCluster(text.substr(bytes));
    if (used + cluster.columns > columns - 1) break;
    used += cluster.columns;
    bytes += cluster.bytes;
  }
  return std::string(text.substr(0, bytes)) + "…";
}

}  // namespace ballast::cli
