// SPDX-License-Identifier: Apache-2.0
// "Did you mean …?" for commands, options, migrations, versions and projects.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast {

// The candidate with the smallest edit distance (insertions, deletions, substitutions and swaps of
// neighbours) to `word`; empty if none is close enough. The limit is a third of its length, and at
// least 1.
std::string NearestWord(std::string_view word, const std::vector<std::string>& candidates);

// The only candidate that contains `word` (a migration without its timestamp, the beginning of an
// option), if `word` has at least 3 characters; otherwise the nearest word.
std::string NearestName(std::string_view word, const std::vector<std::string>& candidates);

// "; did you mean 'X'?", or empty if no candidate is near.
std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace ballast
