// SPDX-License-Identifier: Apache-2.0
#include "change/missing_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::change {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

RestoredRows Restore(const MissingRows& missing, bool changes = false) {
  return RestoreRows({missing}, [&](const std::string&) { return changes; });
}

TEST(MissingRowsTest, RowsAreInsertedAndTheirSequencesContinue) {
  const RestoredRows restored = Restore({"\"Plan\"", 2, "INSERT;\n"});
  EXPECT_THAT(restored.rows, ElementsAre("2 rows of \"Plan\""));
  EXPECT_THAT(restored.notices, IsEmpty());
  EXPECT_THAT(restored.script, StartsWith("INSERT;\n"));
  EXPECT_THAT(restored.script, HasSubstr("setval"));
}

TEST(MissingRowsTest, OnlyThoseThatOthersAllowAreCounted) {
  const RestoredRows some = Restore({"\"Plan\"", 3, "INSERT;\n", 1});
  EXPECT_THAT(some.rows, ElementsAre("1 row of \"Plan\""));
  EXPECT_THAT(some.notices, ElementsAre("2 rows of \"Plan\" cannot be inserted: other rows have "
                                        "the same unique values"));
  const RestoredRows none = Restore({"\"Plan\"", 3, "INSERT;\n", 0});
  EXPECT_THAT(none.rows, IsEmpty());
  EXPECT_EQ(none.script, "");
}

TEST(MissingRowsTest, ATriggerCanLeaveThemOut) {
  MissingRows missing = {"\"Plan\"", 3, "INSERT;\n", 1};
  missing.triggers = {"tn"};
  EXPECT_THAT(Restore(missing).notices,
              ElementsAre("2 rows of \"Plan\" cannot be inserted: other rows have the same unique "
                          "values, or a trigger leaves them out: tn"));
}

TEST(MissingRowsTest, WithoutATryTheNumberIsAnUpperBound) {
  MissingRows missing = {"\"Plan\"", 2, "INSERT;\n"};
  missing.triggers = {"tn", "audit"};
  missing.tried = false;
  const RestoredRows restored = Restore(missing);
  EXPECT_THAT(restored.rows, ElementsAre("up to 2 rows of \"Plan\""));
  EXPECT_THAT(restored.notices, ElementsAre(HasSubstr("its triggers would run: tn, audit")));
  EXPECT_THAT(restored.script, StartsWith("INSERT;\n"));
}

TEST(MissingRowsTest, RowsWithUnknownKeysAreNot) {
  const RestoredRows restored = Restore({"\"Plan\"", 2, "INSERT;\n", {}, false});
  EXPECT_THAT(restored.notices, ElementsAre(HasSubstr("because their keys can differ")));
  EXPECT_EQ(restored.script, "");
}

TEST(MissingRowsTest, NoneIsInsertedIntoATableWithRules) {
  MissingRows missing = {"\"Plan\"", 2, "INSERT;\n"};
  missing.rules = {"keep"};
  const RestoredRows restored = Restore(missing, true);
  EXPECT_THAT(restored.notices, ElementsAre("2 rows of \"Plan\" cannot be inserted: a rule of the "
                                            "table allows no INSERT that leaves out existing rows: "
                                            "keep"));
  EXPECT_THAT(restored.rows, IsEmpty());
  EXPECT_EQ(restored.script, "");
  EXPECT_EQ(restored.missing, 2U);
}

TEST(MissingRowsTest, WhatRefusesRowsCanBeRemovedByTheChange) {
  const AcceptedRows none = {"", 0, {"(\"id\") = (1): violates a", "(\"id\") = (2): violates b"}};
  const MissingRows refused = {"\"Plan\"", 2, "INSERT;\n", {}, true, none};
  EXPECT_THAT(Restore(refused).notices,
              ElementsAre("2 rows of \"Plan\" cannot be inserted: (\"id\") = (1): violates a, "
                          "(\"id\") = (2): violates b"));
  EXPECT_EQ(Restore(refused).missing, 2U);
  EXPECT_THAT(Restore(refused, true).rows, ElementsAre("2 rows of \"Plan\""));
  EXPECT_EQ(Restore(refused, true).missing, 0U);
}

TEST(MissingRowsTest, ARefusedRowDoesNotKeepTheOthersOut) {
  const AcceptedRows some = {"INSERT 2;\n", 1, {"(\"id\") = (1): violates a"}};
  const RestoredRows restored = Restore({"\"Plan\"", 3, "INSERT;\n", {}, true, some});
  EXPECT_THAT(restored.rows, ElementsAre("1 row of \"Plan\""));
  EXPECT_THAT(restored.notices,
              ElementsAre("1 row of \"Plan\" cannot be inserted: other rows have the same unique "
                          "values",
                          "1 row of \"Plan\" cannot be inserted: (\"id\") = (1): violates a"));
  EXPECT_THAT(restored.script, StartsWith("INSERT 2;\n"));
  EXPECT_EQ(restored.missing, 2U);
}

}  // namespace
}  // namespace ballast::change
