// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "tests/support/corpus.h"

namespace ballast::testing {
namespace {

Pair ParsePair(std::string line) {
  Pair pair;
  if (line.starts_with("[")) {
    const size_t end = line.find(']');
    for (const std::string& word : Split(line.substr(1, end - 1), ' ')) {
      if (word == "page") pair.is_on_page = true;
      if (word != "page") pair.since = std::atoi(word.c_str());
    }
    line = std::string(Trim(std::string_view(line).substr(end + 1)));
  }
  size_t both = line.npos;
  for (const char* command : {"CREATE", "ALTER", "DROP", "GRANT"}) {
    both = std::min(both, line.find(fmt::format(" <> {} ", command)));
  }
  if (both != line.npos) {
    pair.a = line.substr(0, both);
    line = line.substr(both + 4);
  }
  pair.b = line;
  return pair;
}

}  // namespace

PairsFile ParsePairs(const std::string& name) {
  const std::string path = std::string(BALLAST_SOURCE) + "/tests/database/pairs/" + name + ".sql";
  PairsFile file;
  bool in_pairs = false;
  for (const std::string& line : Split(ReadWholeFile(path), '\n')) {
    if (line == "-- pairs") in_pairs = true;
    if (line.empty() || line.starts_with("--")) continue;
    if (in_pairs) file.pairs.push_back(ParsePair(line));
    if (!in_pairs) file.setup += line + "\n";
  }
  return file;
}

}  // namespace ballast::testing
