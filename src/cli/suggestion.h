// SPDX-License-Identifier: Apache-2.0
// "Did you mean …?" for commands and options.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::cli {

// The candidate with the smallest edit distance (insertions, deletions, substitutions,
// transpositions) to `word`; empty if none has a distance of at most a third of its length (at
// least 1).
std::string NearestWord(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace ballast::cli
