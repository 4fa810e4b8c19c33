// SPDX-License-Identifier: Apache-2.0
#include "difference/online_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::difference {
namespace {

using catalog::ObjectRef;
using catalog::PartOf;
using ::testing::ElementsAre;

const catalog::Name kTable{"", "t"};

ObjectRef Whole(const std::string& kind, const std::string& name) {
  return {kind, {"", name}, {}, {}, {}};
}

ObjectRef IndexOf(const std::string& name, const std::string& table) {
  return {"index", {"", name}, {}, {}, {"", table}};
}

Statement Create(const ObjectRef& target, const std::string& table, const std::string& text) {
  Statement statement;
  statement.kind = ActionKind::kCreate;
  statement.target = target;
  statement.table = table;
  statement.text = text;
  return statement;
}

Statement Index() {
  Statement index = Create(IndexOf("i", "t"), "\"t\"", "CREATE INDEX \"i\" ON \"t\" (a);\n");
  index.online = {{"CREATE INDEX CONCURRENTLY \"i\" ON \"t\" (a);\n"}};
  return index;
}

Statement Change(ActionKind kind, const ObjectRef& target, const std::string& text) {
  Statement statement = Create(target, "", text);
  statement.kind = kind;
  return statement;
}

std::vector<std::string> TextsOf(const Statement& statement) {
  std::vector<std::string> texts;
  for (const Statement& step : OnlineSteps(statement)) texts.push_back(step.text);
  return texts;
}

TEST(OnlineStepsTest, WhatAnInterruptedBuildLeftIsDroppedFirst) {
  EXPECT_THAT(TextsOf(Index()), ElementsAre(Index().online[0].text));
  EXPECT_EQ(OnlineSteps(Index())[0].lock, LockMode::kShareUpdateExclusive);
  Statement again = Index();
  DropFirst("\"i\"", again);
  EXPECT_EQ(again.text, "DROP INDEX \"i\";\n" + Index().text);
  EXPECT_THAT(TextsOf(again),
              ElementsAre("DROP INDEX CONCURRENTLY \"i\";\n", Index().online[0].text));
  EXPECT_EQ(OnlineSteps(again)[0].kind, ActionKind::kDrop);
}

TEST(OnlineStepsTest, NotWhileOthersChangeTheTableOrTypes) {
  const auto independent = [](const Statement& other) {
    const std::vector<Statement> all = {Index(), other};
    return IsIndependent(all[0], all);
  };
  EXPECT_TRUE(independent(Index()));
  EXPECT_TRUE(independent(Create(Whole("table", "u"), "", "CREATE TABLE \"u\" ();\n")));
  EXPECT_TRUE(
      independent(Change(ActionKind::kDrop, Whole("function", "f"), "DROP FUNCTION f();\n")));
  EXPECT_FALSE(independent(Change(ActionKind::kAlter, PartOf(kTable, "column", "a"),
                                  "ALTER TABLE \"t\" ADD COLUMN a int;\n")));
  EXPECT_FALSE(independent(Create(Whole("function", "f"), "", "CREATE FUNCTION f();\n")));
  EXPECT_FALSE(independent(Create(Whole("enum", "e"), "", "CREATE TYPE \"e\" AS ENUM ();\n")));
}

// It needs no function, no type that changes, and only rows and columns of its table.
TEST(OnlineStepsTest, WhatItDoesNotUseMayChange) {
  const auto independent = [](const Statement& one, const Statement& other) {
    const std::vector<Statement> all = {one, other};
    return IsIndependent(all[0], all);
  };
  Statement index = Index();
  index.stands_alone = true;
  const Statement function =
      Change(ActionKind::kAlter, Whole("function", "f"), "CREATE OR REPLACE FUNCTION f();\n");
  EXPECT_TRUE(independent(index, function));
  EXPECT_FALSE(independent(Index(), function));
  for (const char* kind : {"policy", "trigger", "rule"}) {
    const Statement part = Create(PartOf(kTable, kind, "x"), "", "CREATE POLICY x ON \"t\";\n");
    EXPECT_TRUE(independent(Index(), part)) << kind;
  }
  EXPECT_TRUE(independent(Index(), Create({"statistics", {"", "s"}, {}, {}, kTable}, "",
                                          "CREATE STATISTICS \"s\" ON a, b FROM \"t\";\n")));
  const auto setting = [](const ObjectRef& target, const std::string& text) {
    Statement statement = Change(ActionKind::kAlter, target, text);
    statement.purpose = StatementPurpose::kSetting;
    return statement;
  };
  Statement key = Index();
  key.references = "\"u\"";
  const Statement security =
      setting(Whole("table", "t"), "ALTER TABLE \"t\" ENABLE ROW LEVEL SECURITY;\n");
  EXPECT_TRUE(independent(index, security));
  EXPECT_FALSE(independent(key, security));
  const Statement comment = setting(Whole("function", "f"), "COMMENT ON FUNCTION f() IS 'x';\n");
  EXPECT_TRUE(independent(Index(), comment));
  EXPECT_TRUE(independent(key, comment));
  EXPECT_FALSE(independent(
      Index(), setting(Whole("function", "f"), "GRANT EXECUTE ON FUNCTION f() TO r;\n")));
}

TEST(OnlineStepsTest, OtherColumnsOfTheTableMayChange) {
  const auto independent = [](const Statement& one, const Statement& other) {
    const std::vector<Statement> all = {one, other};
    return IsIndependent(all[0], all);
  };
  const auto alter = [](const std::string& column, const std::string& what) {
    return Change(ActionKind::kAlter, PartOf(kTable, "column", column),
                  "ALTER TABLE \"t\" ALTER COLUMN \"" + column + "\" " + what + ";\n");
  };
  EXPECT_TRUE(independent(Index(), alter("b", "SET NOT NULL")));
  EXPECT_FALSE(independent(Index(), alter("a", "SET NOT NULL")));
  Statement value = alter("a", "SET DEFAULT 1");
  value.purpose = StatementPurpose::kColumnDefault;
  EXPECT_TRUE(independent(Index(), value));
  Statement rewriting = alter("b", "TYPE bigint");
  rewriting.rewrites = true;
  EXPECT_FALSE(independent(Index(), rewriting));

  Statement check = Create(PartOf(kTable, "constraint", "c"), "\"t\"",
                           "ALTER TABLE \"t\" ADD CONSTRAINT \"c\" CHECK (t IS NOT NULL);\n");
  EXPECT_FALSE(independent(check, alter("b", "SET NOT NULL")));

  Statement key = Create(PartOf(kTable, "constraint", "k"), "\"t\"",
                         "ALTER TABLE \"t\" ADD CONSTRAINT \"k\" UNIQUE (a);\n");
  key.makes_a_key = true;
  EXPECT_TRUE(independent(key, alter("b", "SET NOT NULL")));
  EXPECT_FALSE(
      independent(key, Change(ActionKind::kDrop, IndexOf("k", "t"), "DROP INDEX \"k\";\n")));
  EXPECT_FALSE(independent(key, Change(ActionKind::kDrop, PartOf({"", "u"}, "constraint", "k"),
                                       "ALTER TABLE \"u\" DROP CONSTRAINT \"k\";\n")));
}

TEST(OnlineStepsTest, ANewKeyTakesThePlaceOfAnOldOne) {
  Statement key = Create(PartOf(kTable, "constraint", "t_pkey"), "\"t\"",
                         "ALTER TABLE \"t\" ADD CONSTRAINT \"t_pkey\" PRIMARY KEY (a);\n");
  key.makes_a_key = true;
  const auto replaces = [&](ActionKind kind, const catalog::Name& table) {
    return ReplacesAKey(key, {key, Change(kind, PartOf(table, "constraint", "old"),
                                          "ALTER TABLE \"" + table.name + "\" …;\n")});
  };
  EXPECT_TRUE(replaces(ActionKind::kDrop, kTable));
  EXPECT_FALSE(replaces(ActionKind::kCreate, kTable));
  EXPECT_FALSE(replaces(ActionKind::kDrop, {"", "u"}));
  EXPECT_FALSE(ReplacesAKey(key, {key}));
  EXPECT_FALSE(ReplacesAKey(Index(), {Index(), key}));
}

TEST(OnlineStepsTest, OthersAreThoseOfOtherTables) {
  const auto independent = [](const Statement& other) {
    const std::vector<Statement> all = {Index(), other};
    return IsIndependent(all[0], all);
  };
  const catalog::Name test{"", "test"};
  EXPECT_TRUE(independent(Change(ActionKind::kAlter, PartOf(test, "column", "t"),
                                 "ALTER TABLE \"test\" ALTER \"a\" SET DEFAULT 'of \"t\"';\n")));
  EXPECT_TRUE(independent(Change(ActionKind::kAlter, PartOf({"s", "t"}, "column", "a"),
                                 "ALTER TABLE \"s\".\"t\" ADD COLUMN a int;\n")));
  EXPECT_TRUE(independent(Change(ActionKind::kDrop, IndexOf("j", "t"), "DROP INDEX \"j\";\n")));
  EXPECT_FALSE(independent(Change(ActionKind::kAlter, {"domain constraint", {"", "c"}, "d", {}, {}},
                                  "ALTER DOMAIN \"d\" ADD CONSTRAINT c CHECK (true);\n")));
  EXPECT_FALSE(independent(Change(ActionKind::kDrop, IndexOf("i", "t"), "DROP INDEX \"i\";\n")));
  Statement owner =
      Change(ActionKind::kAlter, Whole("table", "u"), "ALTER TABLE \"u\" OWNER TO r;\n");
  EXPECT_TRUE(independent(owner));
  owner.purpose = StatementPurpose::kSetting;
  EXPECT_TRUE(independent(owner));
}

TEST(OnlineStepsTest, AForeignKeyWaitsForTheKeyThatItReferences) {
  const auto independent = [](const Statement& other) {
    Statement key = Create(PartOf(kTable, "constraint", "f"), "\"t\"",
                           "ALTER TABLE \"t\" ADD CONSTRAINT \"f\" FOREIGN KEY (\"a\") REFERENCES "
                           "\"u\"(\"a\") ON DELETE CASCADE;\n");
    key.references = "\"u\"";
    const std::vector<Statement> all = {key, other};
    return IsIndependent(all[0], all);
  };
  Statement primary = Create(PartOf({"", "u"}, "constraint", "u_pkey"), "\"u\"",
                             "ALTER TABLE \"u\" ADD CONSTRAINT \"u_pkey\" PRIMARY KEY (\"a\");\n");
  EXPECT_TRUE(independent(primary));
  primary.makes_a_key = true;
  EXPECT_FALSE(independent(primary));
  Statement column = Change(ActionKind::kAlter, PartOf({"", "u"}, "column", "b"),
                            "ALTER TABLE \"u\" ADD COLUMN \"b\" integer;\n");
  column.makes_a_key = true;
  EXPECT_TRUE(independent(column));
  column.target = PartOf({"", "u"}, "column", "a");
  EXPECT_FALSE(independent(column));
  Statement index = Create(IndexOf("k", "u"), "\"u\"", "CREATE UNIQUE INDEX \"k\" ON \"u\" (a);\n");
  index.online = {{"CREATE UNIQUE INDEX CONCURRENTLY \"k\" ON \"u\" (a);\n"}};
  index.makes_a_key = true;
  EXPECT_FALSE(independent(index));
  EXPECT_TRUE(independent(Index()));
}

}  // namespace
}  // namespace ballast::difference
