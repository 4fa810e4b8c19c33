// SPDX-License-Identifier: Apache-2.0
#include "difference/online_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::difference {
namespace {

using ::testing::ElementsAre;

Statement Create(const std::string& object, const std::string& table, const std::string& text) {
  Statement statement;
  statement.kind = ActionKind::kCreate;
  statement.object = object;
  statement.table = table;
  statement.text = text;
  return statement;
}

Statement Index() {
  Statement index = Create("index \"i\"", "\"t\"", "CREATE INDEX \"i\" ON \"t\" (a);\n");
  index.online = {{"CREATE INDEX CONCURRENTLY \"i\" ON \"t\" (a);\n"}};
  return index;
}

Statement Change(ActionKind kind, const std::string& object, const std::string& text) {
  Statement statement = Create(object, "", text);
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
  EXPECT_TRUE(independent(Create("table \"u\"", "", "CREATE TABLE \"u\" ();\n")));
  EXPECT_TRUE(independent(Change(ActionKind::kDrop, "function f()", "DROP FUNCTION f();\n")));
  EXPECT_FALSE(independent(
      Change(ActionKind::kAlter, "column \"t\".\"a\"", "ALTER TABLE \"t\" ADD COLUMN a int;\n")));
  EXPECT_FALSE(independent(Create("function f()", "", "CREATE FUNCTION f();\n")));
  EXPECT_FALSE(independent(Create("type \"e\"", "", "CREATE TYPE \"e\" AS ENUM ();\n")));
}

TEST(OnlineStepsTest, AForeignKeyWaitsForTheKeyThatItReferences) {
  const auto independent = [](const Statement& other) {
    Statement key = Create("foreign key f ON \"t\"", "\"t\"",
                           "ALTER TABLE \"t\" ADD CONSTRAINT \"f\" FOREIGN KEY (\"a\") REFERENCES "
                           "\"u\"(\"a\") ON DELETE CASCADE;\n");
    key.references = "\"u\"";
    const std::vector<Statement> all = {key, other};
    return IsIndependent(all[0], all);
  };
  Statement primary = Create("constraint u_pkey ON \"u\"", "\"u\"",
                             "ALTER TABLE \"u\" ADD CONSTRAINT \"u_pkey\" PRIMARY KEY (\"a\");\n");
  EXPECT_TRUE(independent(primary));
  primary.makes_a_key = true;
  EXPECT_FALSE(independent(primary));
  Statement index = Create("index \"k\"", "\"u\"", "CREATE UNIQUE INDEX \"k\" ON \"u\" (a);\n");
  index.online = {{"CREATE UNIQUE INDEX CONCURRENTLY \"k\" ON \"u\" (a);\n"}};
  index.makes_a_key = true;
  EXPECT_FALSE(independent(index));
  EXPECT_TRUE(independent(Index()));
}

}  // namespace
}  // namespace ballast::difference
