// SPDX-License-Identifier: Apache-2.0
// Random expressions, in every place where a database keeps one: the baseline of such a database
// and what pg_dump restores of either have the same snapshot, although the server prints many of
// them differently once it has read them again. BALLAST_RANDOM_SEEDS says how many databases are
// tried of each major, BALLAST_RANDOM_FIRST with which seed they begin, BALLAST_RANDOM_OBJECTS how
// many objects each has.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "catalog/snapshot.h"
#include "introspect/catalog_reader.h"
#include "introspect/snapshot_reader.h"
#include "tests/support/random_expressions.h"
#include "tests/support/snapshot_case.h"
#include "tests/support/test_server.h"

namespace ballast::introspect {
namespace {

using testing::TestDatabase;

catalog::Snapshot SnapshotIn(const TestDatabase& db) {
  postgres::Session session = db.Connect();
  return testing::SnapshotOf(session).snapshot;
}

std::string BaselineOf(const TestDatabase& db) {
  postgres::Session session = db.Connect();
  EXPECT_TRUE(session.Query("SET search_path = public; SET jit = off").ok());
  const auto draft = ReadBaseline(session);
  EXPECT_TRUE(draft.ok()) << draft.error().message;
  return draft.ok() ? draft->script : "";
}

// The dump without the setting that servers before 17 do not know.
std::string StableDumpOf(const TestDatabase& db) {
  std::string dump = testing::PgDump(db.target(), {"--schema-only"}).value_or("");
  const std::string setting = "SET transaction_timeout = 0;\n";
  if (const size_t at = dump.find(setting); at != std::string::npos) dump.erase(at, setting.size());
  return dump;
}

// A database made by the script, which must have this snapshot.
void ExpectGives(TestDatabase& copy, const std::string& script, const catalog::Snapshot& expected,
                 const char* path) {
  SCOPED_TRACE(path);
  ASSERT_FALSE(script.empty());
  const postgres::Outcome applied = copy.session().Run(script);
  ASSERT_TRUE(applied.ok()) << applied.error->message << "\n"
                            << (applied.error->position > 0
                                    ? script.substr(std::max(0, applied.error->position - 300), 600)
                                    : "");
  for (const auto& difference : catalog::Diff(expected, SnapshotIn(copy), /*with_layout=*/true)) {
    ADD_FAILURE() << catalog::Describe(difference);
  }
}

// How many objects there are in the end.
int MakeObjects(TestDatabase& db, uint64_t seed, int count) {
  const bool loud = std::getenv("BALLAST_RANDOM_LOUD") != nullptr;
  db.Run(testing::RandomExpressionSetup());
  int made = 0;
  for (const std::string& statement : testing::RandomExpressionObjects(seed, count)) {
    const postgres::Outcome outcome = db.session().Run(statement);
    made += outcome.ok() ? 1 : 0;
    if (loud && !outcome.ok()) fmt::print("-- {}: {}\n", outcome.error->message, statement);
  }
  return made;
}

void TrySeed(int major, uint64_t seed, int count) {
  TestDatabase original(major);
  const int made = MakeObjects(original, seed, count);
  EXPECT_GE(made * 100, count * (major < 14 ? 85 : 90));
  const catalog::Snapshot expected = SnapshotIn(original);
  TestDatabase baseline(major);
  ExpectGives(baseline, BaselineOf(original), expected, "the baseline");
  TestDatabase second(major);
  ExpectGives(second, BaselineOf(baseline), expected, "the baseline of the baseline");
  const std::string dump = StableDumpOf(original);
  if (dump.empty()) return;
  TestDatabase restored(major);
  ExpectGives(restored, dump, expected, "the restored dump");
  TestDatabase restored_baseline(major);
  ExpectGives(restored_baseline, StableDumpOf(baseline), expected,
              "the restored dump of the baseline");
}

class RandomExpressionsTest : public ::testing::TestWithParam<int> {};

TEST_P(RandomExpressionsTest, EveryPathGivesTheSameCatalog) {
  const int major = GetParam();
  if (!testing::HasMajor(major)) GTEST_SKIP() << "NO SERVER PROGRAMS of PostgreSQL " << major;
  const int seeds = testing::NumberOfVariable("BALLAST_RANDOM_SEEDS", 1);
  const int first = testing::NumberOfVariable("BALLAST_RANDOM_FIRST", major);
  const int objects = testing::NumberOfVariable("BALLAST_RANDOM_OBJECTS", major == 15 ? 2400 : 400);
  for (int seed = first; seed < first + seeds; ++seed) {
    SCOPED_TRACE(fmt::format("seed {} on {}", seed, major));
    TrySeed(major, static_cast<uint64_t>(seed), objects);
    if (HasFailure()) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Slow, RandomExpressionsTest, ::testing::ValuesIn(testing::TestMajors()));

TEST(RandomExpressionObjects, SameSeedSameStatements) {
  EXPECT_EQ(testing::RandomExpressionObjects(7, 200), testing::RandomExpressionObjects(7, 200));
  EXPECT_NE(testing::RandomExpressionObjects(7, 200), testing::RandomExpressionObjects(8, 200));
}

}  // namespace
}  // namespace ballast::introspect
