// SPDX-License-Identifier: Apache-2.0
// Pairs of databases that differ in one property, made by going through the manual kind by kind and
// option by option: neither the snapshot nor the server's own hashes may be equal
// (tests/support/pairs.h).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "base/text.h"
#include "catalog/snapshot.h"
#include "introspect/snapshot_query.h"
#include "tests/support/pairs.h"
#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

struct Prints {
  std::string snapshot;
  std::string server;
};

class PairsTest : public ::testing::TestWithParam<std::string> {
 protected:
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
      EXPECT_EQ(a.snapshot, b.snapshot)
          << pair.a << " <> " << pair.b << " is compared: change the page";
      return;
    }
    EXPECT_NE(a.snapshot, b.snapshot) << "equal: " << pair.a << " <> " << pair.b;
    EXPECT_NE(a.server, b.server) << "equal to the server: " << pair.a << " <> " << pair.b;
  }
};

TEST_P(PairsTest, AreNeverReportedEqual) {
  BALLAST_NEEDS_SERVER();
  const PairsFile file = ParsePairs(GetParam());
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

INSTANTIATE_TEST_SUITE_P(Slow, PairsTest,
                         ::testing::Values("tables", "constraints", "code", "types", "others",
                                           "joined", "further", "changes", "order", "names",
                                           "resets"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace ballast::testing
