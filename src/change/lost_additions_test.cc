// SPDX-License-Identifier: Apache-2.0
#include "change/lost_additions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "difference/statement_target.h"

namespace ballast::change {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

auto IsOf(const std::string& object) {
  return testing::Field(&catalog::Difference::object, object);
}

difference::Statement Create(const std::string& object, const std::string& text) {
  difference::Statement statement;
  statement.kind = difference::ActionKind::kCreate;
  statement.object = object;
  statement.text = text;
  difference::ReadLabel(statement);
  return statement;
}

TEST(LostAdditionsTest, ThoseOfAnObjectThatIsCreatedAgain) {
  const std::vector<catalog::Difference> additions = {
      {"table t", "table", "t", catalog::ChangeKind::kChanged, "", "", {}, {}}};
  EXPECT_THAT(LostAdditions({Create("table \"t\"", "CREATE TABLE \"t\" ();\n")}, additions),
              ElementsAre(IsOf("table t")));
  for (const auto& other :
       {Create("table \"test\"", "CREATE TABLE \"test\" ();\n"),
        Create("table \"s\".\"t\"", "CREATE TABLE \"s\".\"t\" ();\n"),
        Create("column \"t\".\"a\"", "ALTER TABLE \"t\" ADD COLUMN a int;\n")}) {
    EXPECT_THAT(LostAdditions({other}, additions), IsEmpty()) << other.object;
  }
}

TEST(LostAdditionsTest, ASequenceThatATableOwnsIsLostWithIt) {
  const auto owned_by = [](const std::string& column) {
    return std::vector<catalog::Difference>{{"sequence numbers",
                                             "sequence",
                                             "numbers",
                                             catalog::ChangeKind::kExtra,
                                             "",
                                             "",
                                             {},
                                             {{"owned by", column}}}};
  };
  const difference::Statement create = Create("table \"t\"", "CREATE TABLE \"t\" ();\n");
  EXPECT_THAT(LostAdditions({create}, owned_by("t.id")), ElementsAre(IsOf("sequence numbers")));
  EXPECT_THAT(LostAdditions({create}, owned_by("other.id")), IsEmpty());
}

TEST(LostAdditionsTest, DroppedAreThoseThatTheScriptDropsAndDoesNotCreateAgain) {
  const std::vector<catalog::Difference> additions = {
      {"index k_u", "index", "k_u", catalog::ChangeKind::kExtra, "", "", {}, {}}};
  difference::Statement drop = Create("index \"k_u\"", "DROP INDEX \"k_u\";\n");
  drop.kind = difference::ActionKind::kDrop;
  const difference::Statement create =
      Create("index \"k_u\"", "CREATE INDEX \"k_u\" ON \"k\" (a);\n");
  EXPECT_THAT(DroppedAdditions({drop}, additions), testing::SizeIs(1));
  EXPECT_THAT(DroppedAdditions({drop, create}, additions), IsEmpty());
  EXPECT_THAT(DroppedAdditions({create}, additions), IsEmpty());
}

TEST(LostAdditionsTest, KindsCanBeOfSeveralWords) {
  const std::vector<catalog::Difference> additions = {{"materialized view m",
                                                       "materialized view",
                                                       "m",
                                                       catalog::ChangeKind::kChanged,
                                                       "",
                                                       "",
                                                       {},
                                                       {}}};
  EXPECT_THAT(LostAdditions({Create("materialized view \"m\"",
                                    "CREATE MATERIALIZED VIEW \"m\" AS SELECT 1;\n")},
                            additions),
              testing::SizeIs(1));
}

}  // namespace
}  // namespace ballast::change
