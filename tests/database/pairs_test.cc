// SPDX-License-Identifier: Apache-2.0
// Pairs of databases that differ in one property, made by going through the manual kind by kind and
// option by option: neither the facts nor the server's own hashes may be equal.
//
// A file of pairs/ has a setup and then a change on each line; "A <> B" compares two changes with
// each other. "[15]" in front: since that version. "[page]": the two are equal, and
// docs/what-the-proof-covers.md says so.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/text.h"
#include "catalog/snapshot.h"
#include "introspect/snapshot_query.h"
#include "tests/support/corpus.h"
#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

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
  const size_t both =
      line.find(" <> CREATE ") != line.npos ? line.find(" <> CREATE ") : line.find(" <> ALTER ");
  if (both != line.npos) {
    pair.a = line.substr(0, both);
    line = line.substr(both + 4);
  }
  pair.b = line;
  return pair;
}

PairsFile ParsePairs(const std::string& path) {
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

struct Prints {
  std::string facts;
  std::string server;
};

class PairsTest : public ::testing::TestWithParam<std::string> {
 protected:
  static std::string Folder() { return std::string(BALLAST_SOURCE) + "/tests/database/pairs"; }

  Prints PrintsOf(TestDatabase& db) {
    const introspect::ReadSnapshotResult read = SnapshotOf(db.session());
    return {catalog::Fingerprint(read.snapshot),
            ServerHashesOf(db.session())[0].value_or("no hash")};
  }

  // The database after a change, which is taken back.
  Prints After(TestDatabase& db, const std::string& change) {
    db.Run("SAVEPOINT before");
    const postgres::Outcome outcome = db.session().Run(change);
    EXPECT_TRUE(outcome.ok()) << change << ": " << outcome.error->message;
    const Prints prints = outcome.ok() ? PrintsOf(db) : Prints{};
    db.Run("ROLLBACK TO before");
    return prints;
  }

  void Expect(const Pair& pair, const Prints& a, const Prints& b) {
    if (pair.is_on_page) {
      EXPECT_EQ(a.facts, b.facts) << pair.a << " <> " << pair.b << " is compared: change the page";
      return;
    }
    EXPECT_NE(a.facts, b.facts) << "equal: " << pair.a << " <> " << pair.b;
    EXPECT_NE(a.server, b.server) << "equal to the server: " << pair.a << " <> " << pair.b;
  }
};

TEST_P(PairsTest, AreNotEqual) {
  BALLAST_NEEDS_SERVER();
  const PairsFile file = ParsePairs(Folder() + "/" + GetParam() + ".sql");
  ASSERT_FALSE(file.pairs.empty());
  TestDatabase db;
  db.Run("BEGIN;" + file.setup);
  const Prints base = PrintsOf(db);
  size_t tried = 0;
  for (const Pair& pair : file.pairs) {
    if (pair.since > db.session().server_major()) continue;
    const Prints a = pair.a.empty() ? base : After(db, pair.a);
    Expect(pair, a, After(db, pair.b));
    ++tried;
  }
  std::cout << GetParam() << ": " << tried << " pairs\n";
  (void)db.session().Run("ROLLBACK");
}

INSTANTIATE_TEST_SUITE_P(Files, PairsTest,
                         ::testing::Values("tables", "constraints", "code", "types", "others",
                                           "joined"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace ballast::testing
