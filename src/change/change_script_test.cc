// SPDX-License-Identifier: Apache-2.0
#include "change/change_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/copied_rows.h"
#include "plan/loss_guard.h"
#include "plan/row_guard.h"

namespace ballast::change {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

difference::Statement Statement(const std::string& text, difference::Placement placement = {}) {
  difference::Statement statement;
  statement.text = text;
  statement.placement = placement;
  return statement;
}

TEST(ChangeScriptTest, EnumValuesAreCommittedBeforeTheRest) {
  const ChangeText text =
      TextOf({Statement("A;\n"), Statement("V;\n", difference::Placement::kCommitFirst),
              Statement("B;\n")});
  EXPECT_EQ(text.first, "V;\n");
  EXPECT_EQ(text.rest, "A;\nB;\n");
  EXPECT_FALSE(text.removable);
}

TEST(ChangeScriptTest, OnlyAProvenScriptCanChangeRows) {
  proof::ProvenRollback rollback;
  rollback.script = "ALTER TABLE t DROP a -- b";
  EXPECT_EQ(TextOf(rollback).rest, "ALTER TABLE t DROP a -- b\n;\n");
  EXPECT_FALSE(TextOf(rollback).removable);
  rollback.script = "DELETE FROM t;\n";
  rollback.removed_rows = {{"\"t\"", 2}};
  EXPECT_EQ(TextOf(rollback).removable, rollback.removed_rows);
}

TEST(ChangeScriptTest, NothingIsGuardedWithoutStatements) {
  EXPECT_EQ(Guarded({}, {{}, {}, "keep;\n"}), "");
}

TEST(ChangeScriptTest, TheGuardsEncloseTheText) {
  const std::vector<release::RollbackLoss> losses = {{"column \"t\".\"a\"", "\"t\"", "\"a\""}};
  const std::string plain = Guarded({"", "A;\n"}, {losses, losses, ""});
  EXPECT_THAT(plain, HasSubstr(plan::LossGuardBefore(losses, losses) +
                               "SET LOCAL row_security = on;\nA;\n" + plan::LossGuardAfter()));
  EXPECT_THAT(plain, Not(HasSubstr(plan::RowGuardAfter())));
  const std::map<std::string, int64_t> removable = {{"\"t\"", 1}};
  const std::string guarded = Guarded({"", "A;\n", removable}, {losses, {}, ""});
  EXPECT_THAT(guarded, HasSubstr(plan::RowGuardBefore(removable) +
                                 "SET LOCAL row_security = on;\nA;\n" + plan::RowGuardAfter()));
}

// Nobody counts rows of a table that the script makes again, so they are compared; without the
// columns that are known to be lost. Rows of a table that is given up are not.
TEST(ChangeScriptTest, RowsOfATableThatIsMadeAgainAreCompared) {
  const ChangeText text{"",
                        "DROP TABLE t; CREATE TABLE t (id int); CREATE TABLE s.\"U\" (id int);"};
  const std::vector<release::RollbackLoss> column = {{"column \"t\".\"a\"", "\"t\"", "\"a\""}};
  const std::string compared = Guarded(text, {column, {}, ""});
  EXPECT_THAT(compared, HasSubstr(plan::CopiedRowsBefore({"\"t\"", "\"s\".\"U\""}, column, true)));
  EXPECT_THAT(compared, HasSubstr(plan::CopiedRowsAfter(true, false)));
  EXPECT_THAT(compared, HasSubstr("('\"t\"', '\"a\"')"));
  const std::vector<release::RollbackLoss> table = {{"table \"t\"", "\"t\"", ""}};
  EXPECT_THAT(Guarded(text, {table, {}, ""}),
              HasSubstr(plan::CopiedRowsBefore({"\"s\".\"U\""}, table, true)));
  EXPECT_THAT(Guarded({"", "DROP TABLE t;"}, {{}, {}, ""}),
              Not(HasSubstr("ballast.copied_before")));
}

TEST(ChangeScriptTest, CopiesOfColumnsHaveTheKeyOfTheGoal) {
  const std::vector<release::RollbackLoss> losses = {{"column \"t\".\"a\"", "\"t\"", "\"a\""},
                                                     {"column \"t\".\"b\"", "\"t\"", "\"b\""}};
  const catalog::Snapshot goal = {
      {"constraint", "\"test\".test_pkey", "definition", "PRIMARY KEY (of_test)"},
      {"constraint", "t.t_pkey", "definition", "PRIMARY KEY (id, \"Part\")"}};
  const std::string sql = KeepingSql("public", {losses[0]}, losses, goal);
  EXPECT_THAT(sql, HasSubstr("ARRAY['id', 'Part']::text[]"));
  EXPECT_THAT(sql, HasSubstr("ARRAY['\"a\"', '\"b\"']::text[]"));
  EXPECT_THAT(sql, Not(HasSubstr("of_test")));
  EXPECT_EQ(KeepingSql("public", {}, losses, goal), "");
}

}  // namespace
}  // namespace ballast::change
