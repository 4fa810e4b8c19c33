// SPDX-License-Identifier: Apache-2.0
// How often the program waits for the server: counts, never seconds. The servers of the tests are
// reached by Unix sockets without a password, where connecting is one wait; TCP with SCRAM makes it
// four at most (the TLS question, start-up, two of SASL), so three here are six there.
#include <gtest/gtest.h>

#include "tests/support/project.h"
#include "tests/support/test_server.h"
#include "tools/sample/generate.h"

namespace ballast::testing {
namespace {

class RoundTripsTest : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    sample::Options options;
    options.migrations = GetParam();
    for (const auto& [path, bytes] : sample::Generate(options)) {
      WriteFile(folder_.path() / path, bytes);
    }
    Make("release create v1.0.0");
    Make("baseline create");
  }

  void Make(const std::string& arguments) {
    const Ran made = RunIn(folder_.path(), "ballast " + arguments);
    ASSERT_EQ(made.status, 0) << made.out << made.err;
  }

  int RoundTrips(const std::string& strategy, const TestDatabase& db) {
    const Ran ran = RunIn(folder_.path(), "ballast deploy --output json --strategy " + strategy,
                          {{"DATABASE_URL", db.Url()}, {"DIRECT_URL", db.Url()}});
    EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
    const std::string key = "\"round_trips\": ";
    const size_t at = ran.out.find(key);
    return at == std::string::npos ? 0 : std::atoi(ran.out.c_str() + at + key.size());
  }

  TemporaryFolder folder_{"round-trips"};
};

TEST_P(RoundTripsTest, DoNotGrowWithTheNumberOfMigrations) {
  for (const char* strategy : {"release", "development"}) {
    TestDatabase db;
    ASSERT_TRUE(db.ok());
    const int fresh = RoundTrips(strategy, db);
    EXPECT_GT(fresh, 0) << strategy;
    EXPECT_LE(fresh, 3) << strategy;
    const int again = RoundTrips(strategy, db);
    EXPECT_GT(again, 0) << strategy;
    EXPECT_LE(again, 2) << strategy;
  }
}

// A message holds 256 KiB, and only scripts that must be alone break it: each of those costs the
// message before it, its start, itself and its end. The sample has four of them at any size.
TEST_P(RoundTripsTest, OfAHistoryAreFewerThanItsScripts) {
  TestDatabase db;
  ASSERT_TRUE(db.ok());
  const int fresh = RoundTrips("history", db);
  EXPECT_GT(fresh, 0);
  constexpr int kAlone = 4;
  constexpr int kOthers = 4;
  EXPECT_LE(fresh, kOthers + 4 * kAlone + GetParam() / 50);
  EXPECT_LE(RoundTrips("history", db), 2);
}

INSTANTIATE_TEST_SUITE_P(Sizes, RoundTripsTest, ::testing::Values(100));
INSTANTIATE_TEST_SUITE_P(Slow, RoundTripsTest, ::testing::Values(1000));

}  // namespace
}  // namespace ballast::testing
