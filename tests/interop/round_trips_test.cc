// SPDX-License-Identifier: Apache-2.0
// How often the program waits for the server: counts, never seconds. The servers of the tests are
// reached by Unix sockets without a password, where connecting is one wait; TCP with SCRAM makes it
// four at most (the TLS question, start-up, two of SASL), so three here are six there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "tests/support/project.h"
#include "tests/support/test_server.h"
#include "tools/sample/generate.h"
#include "workspace/files.h"

namespace ballast::testing {
namespace {

// The first count in a JSON report.
int RoundTripsIn(const std::string& report) {
  const std::string key = "\"round_trips\": ";
  const size_t at = report.find(key);
  return at == std::string::npos ? 0 : std::atoi(report.c_str() + at + key.size());
}

// Those of a command that deploys.
int RoundTripsOf(const std::string& arguments, const std::filesystem::path& folder,
                 const TestDatabase& db) {
  const Ran ran = RunIn(folder, "ballast " + arguments + " --output json",
                        {{"DATABASE_URL", db.Url()}, {"DIRECT_URL", db.Url()}});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  return RoundTripsIn(ran.out);
}

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
    return RoundTripsOf("deploy --strategy " + strategy, folder_.path(), db);
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

// A fleet compares only at the end, by the server's own hash. What a deploy notes in the comment of
// the migrations table must not prevent that: the package knows no comments, so any other would.
TEST(RoundTripsOfAFleetTest, DoNotDependOnTheNoteOfTheRelease) {
  const auto project = MakeProject({{"1_a", "CREATE TABLE \"A\" (id int PRIMARY KEY);"}});
  const std::filesystem::path folder = project->path();
  TestDatabase noted, plain;
  ASSERT_TRUE(noted.ok() && plain.ok());
  ASSERT_EQ(RunIn(folder, "ballast release create v1").status, 0);
  for (const TestDatabase* db : {&noted, &plain}) {
    ASSERT_GT(RoundTripsOf("deploy --strategy release", folder, *db), 0);
  }
  plain.Run("COMMENT ON TABLE _prisma_migrations IS NULL");
  std::filesystem::rename(folder / ".ballast", folder / "v1");
  WriteFile(folder / "prisma/migrations/2_b/migration.sql", "CREATE TABLE \"B\" ();");
  ASSERT_EQ(RunIn(folder, "ballast release create v2 --from-release v1").status, 0);
  const Ran ran =
      RunIn(folder, "ballast fleet deploy --strategy release --targets-env T_ --report-dir reports",
            {{"T_NOTED", noted.Url()}, {"T_PLAIN", plain.Url()}});
  ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
  std::vector<int> counts;
  for (const auto& report : std::filesystem::directory_iterator(folder / "reports")) {
    counts.push_back(RoundTripsIn(workspace::ReadFile(report.path()).value()));
  }
  EXPECT_THAT(counts, ::testing::ElementsAre(4, 4));
}

}  // namespace
}  // namespace ballast::testing
