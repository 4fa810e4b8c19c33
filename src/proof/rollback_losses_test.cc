// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_losses.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace ballast::proof {
namespace {

catalog::Database WithEnum(const std::string& name, std::vector<std::string> labels) {
  catalog::Database database;
  catalog::Definition definition;
  definition.step = catalog::Step::kCreateEnum;
  definition.name = {"", name};
  definition.created = catalog::Enum{definition.name, std::move(labels)};
  database.definitions.push_back(definition);
  return database;
}

PhysicalColumns OneColumn(const std::string& type, const std::string& type_name) {
  PhysicalColumn column;
  column.schema = "public";
  column.table = "t";
  column.column = "c";
  column.type = type;
  column.type_name = type_name;
  return {{"1 1", column}};
}

struct EnumCase {
  std::vector<std::string> labels;  // before
  bool by_hand;
  std::set<std::string> own;
  const char* lost;  // the condition; "": no loss
};

// An enum that a script replaces by one of another name or of the same.
TEST(RollbackLosses, AreLabelsThatTheOlderEnumDoesNotHave) {
  const EnumCase cases[] = {
      {{"a", "b"}, true, {}, ""},
      {{"a"}, true, {}, ""},
      {{"a", "b", "c"}, true, {}, "\"c\"::text NOT IN ('a', 'b')"},
      {{"a", "b", "c"}, true, {"column \"t\".\"d\""}, "\"c\"::text NOT IN ('a', 'b')"},
      // A statement of ballast's own fails on these values.
      {{"a", "b", "c"}, true, {"column \"t\".\"c\""}, ""},
      {{"a", "b", "c"}, false, {}, ""},
  };
  for (const EnumCase& one : cases) {
    for (const std::string name : {"mood", "mood2"}) {
      SCOPED_TRACE(Join(one.labels, ", ") + " to " + name + (one.by_hand ? " by hand" : ""));
      const catalog::Database newer = WithEnum("mood", one.labels);
      const catalog::Database older = WithEnum(name, {"a", "b"});
      const auto losses = ConvertedSince(OneColumn("7 -1", "mood"), OneColumn("8 -1", name),
                                         {newer, older, "public", one.by_hand, one.own});
      if (*one.lost == '\0') {
        EXPECT_TRUE(losses.empty());
        continue;
      }
      ASSERT_EQ(losses.size(), 1U);
      EXPECT_EQ(losses[0].object, "column \"t\".\"c\"");
      EXPECT_EQ(losses[0].table, "\"t\"");
      EXPECT_EQ(losses[0].column, "\"c\"");
      EXPECT_EQ(losses[0].condition, one.lost);
    }
  }
}

TEST(RollbackLosses, AreNoneWhereATypeIsRenamed) {
  const catalog::Database newer = WithEnum("mood", {"a"});
  const catalog::Database older = WithEnum("feeling", {"a"});
  EXPECT_TRUE(ConvertedSince(OneColumn("7 -1", "mood"), OneColumn("7 -1", "feeling"),
                             {newer, older, "public", true})
                  .empty());
}

TEST(RollbackLosses, AreQualifiedOutsideOfTheTargetSchema) {
  const catalog::Database none;
  const auto losses = ConvertedSince(OneColumn("20 -1", "bigint"), OneColumn("23 -1", "integer"),
                                     {none, none, "tenant", false});
  ASSERT_EQ(losses.size(), 1U);
  EXPECT_EQ(losses[0].object, "column \"public\".\"t\".\"c\"");
  EXPECT_EQ(losses[0].condition, "(\"c\"::integer)::bigint IS DISTINCT FROM \"c\"");
}

TEST(RollbackLosses, AreSeveralColumnsOfATableWhoseRowsAreCopied) {
  difference::Statement drop;
  drop.lost_table = "\"t\"";
  drop.loses = {"column \"t\".\"a\"", "column \"t\".\"b\""};
  drop.lost_columns = {"\"a\"", "\"b\""};
  const auto losses = LossesOf({drop}, {});
  ASSERT_EQ(losses.size(), 2U);
  EXPECT_EQ(losses[0].object, "column \"t\".\"a\"");
  EXPECT_EQ(losses[0].column, "\"a\"");
  EXPECT_EQ(losses[1].column, "\"b\"");
  EXPECT_EQ(losses[1].table, "\"t\"");
}

}  // namespace
}  // namespace ballast::proof
