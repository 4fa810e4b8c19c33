// SPDX-License-Identifier: Apache-2.0
#include "introspect/volatile_rows.h"

#include <gtest/gtest.h>

#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

using Columns = std::map<std::string, std::set<std::string>>;

// Two replays side by side may read the same millisecond from the clock.
TEST(VolatileRowsTest, FindsTimesThatBothReplaysShare) {
  TestDatabase first;
  TestDatabase second;
  for (TestDatabase* db : {&first, &second}) {
    db->Run(
        "CREATE TABLE t (id int PRIMARY KEY, made timestamp(3), seen timestamptz, told timestamp);"
        "INSERT INTO t VALUES (1, '2026-01-02 03:04:05.678', '2026-01-02 03:04:05.9Z', "
        "'2020-01-01'), (2, '2019-05-05', NULL, NULL)");
  }
  const auto found = introspect::FindVolatileRows(
      first.session(), second.session(), "2026-01-02 03:04:05+00", "2026-01-02 03:04:06+00");
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->columns, (Columns{{"t", {"made", "seen"}}}));
  EXPECT_EQ(found->generated_ids, std::set<std::string>{});
}

// A column may round a time to one before the replay began or after it ended.
TEST(VolatileRowsTest, FindsTimesThatAColumnRounds) {
  TestDatabase first;
  TestDatabase second;
  for (TestDatabase* db : {&first, &second}) {
    db->Run(
        "CREATE TABLE t (down timestamp(3), up timestamp(0), zoned timestamptz(3), old "
        "timestamp(3));"
        "INSERT INTO t SELECT now, now, now, '2026-01-02 03:04:05.677' FROM "
        "(SELECT timestamptz '2026-01-02 03:04:05.678412+00' AS now) AS clock");
  }
  const auto found =
      introspect::FindVolatileRows(first.session(), second.session(), "2026-01-02 03:04:05.6784+00",
                                   "2026-01-02 03:04:05.6785+00");
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->columns, (Columns{{"t", {"down", "up", "zoned"}}}));
}

TEST(VolatileRowsTest, KeepsConstantsOfTheHistory) {
  TestDatabase first;
  TestDatabase second;
  for (TestDatabase* db : {&first, &second}) {
    db->Run("CREATE TABLE t (made timestamp); INSERT INTO t VALUES ('2020-01-01')");
  }
  const auto found = introspect::FindVolatileRows(
      first.session(), second.session(), "2026-01-02 03:04:05+00", "2026-01-02 03:04:06+00");
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_TRUE(found->empty());
}

// The values of "place" and of "rest" are the same in both, in other rows.
TEST(VolatileRowsTest, FindsValuesThatMoveBetweenRows) {
  TestDatabase first;
  TestDatabase second;
  for (TestDatabase* db : {&first, &second}) {
    const std::string order = db == &first ? "g" : "4 - g";
    db->Run(
        "CREATE TABLE t (place int, id int PRIMARY KEY, name text, rest text);"
        "INSERT INTO t SELECT " +
        order + ", g, 'n' || g % 2, 'r' || " + order + " FROM generate_series(1, 3) g");
  }
  const auto found = introspect::FindVolatileRows(
      first.session(), second.session(), "2026-01-02 03:04:05+00", "2026-01-02 03:04:06+00");
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->columns, (Columns{{"t", {"place", "rest"}}}));
}

}  // namespace
}  // namespace ballast::testing
