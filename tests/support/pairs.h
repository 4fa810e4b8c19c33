// SPDX-License-Identifier: Apache-2.0
// Pairs of databases that differ in one property, out of tests/database/pairs.
//
// A file has a setup and then a change on each line; "A <> B" compares two changes with each other.
// "[15]" in front: since that version. "[page]": the two are equal, and
// docs/what-the-proof-covers.md says so.
#pragma once

#include <string>
#include <vector>

namespace ballast::testing {

struct Pair {
  int since = 13;
  bool is_on_page = false;
  std::string a;  // empty: the setup alone
  std::string b;
};

struct PairsFile {
  std::string setup;
  std::vector<Pair> pairs;
};

// "tables", "constraints", "code", "types", "others", "joined", "further", "changes", "order",
// "names" or "resets".
PairsFile ParsePairs(const std::string& name);

}  // namespace ballast::testing
