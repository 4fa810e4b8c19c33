// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_statements.h"

#include <gtest/gtest.h>

#include "difference/script_text.h"
#include "release/rollback_script.h"

namespace ballast::proof {
namespace {

using difference::ActionKind;
using difference::LockMode;
using difference::Placement;
using difference::Statement;
using release::RollbackOrigin;

Statement Made(const std::string& text, const std::string& object, ActionKind kind) {
  Statement statement;
  statement.text = text;
  statement.object = object;
  statement.kind = kind;
  return statement;
}

// With what a comment cannot carry: a line break in a name.
difference::Script MakeScript() {
  difference::Script script;
  Statement column = Made(
      "ALTER TABLE \"a\nb\" ALTER c TYPE integer;\n"
      "ALTER TABLE \"a\nb\" ALTER c SET NOT NULL;\n",
      "column \"a\nb\".\"c\"", ActionKind::kAlter);
  column.lock = LockMode::kAccessExclusive;
  column.rewrites = true;
  column.fails_on = "NULL in \"a\nb\".\"c\"";
  column.offending_rows = "SELECT * FROM \"a\nb\" WHERE c IS NULL";
  Statement value = Made("ALTER TYPE e ADD VALUE 'x';\n", "type \"e\"", ActionKind::kAlter);
  value.placement = Placement::kCommitFirst;
  script.statements = {column, value, Made("DROP TABLE t;\n", "table \"t\"", ActionKind::kDrop)};
  return script;
}

std::vector<std::string> Texts(const std::vector<Statement>& statements) {
  std::vector<std::string> texts;
  for (const Statement& one : statements) texts.push_back(one.text);
  return texts;
}

TEST(RollbackStatementsTest, ReadsTheRecord) {
  const difference::Script script = MakeScript();
  const std::vector<Statement> made = InOrderOfText(script);
  release::Rollback record;
  record.origin = RollbackOrigin::kDifference;
  record.statements = RecordOfStatements(made);
  const std::string text = release::RenderRollback({"v2", "v1", {}, {}}, RollbackText(script));
  const std::vector<Statement> read = StatementsOf(record, text);
  ASSERT_EQ(read.size(), 3U) << text;
  EXPECT_EQ(Texts(read), Texts(made));
  for (size_t at = 0; at < read.size(); ++at) {
    EXPECT_EQ(read[at].object, made[at].object);
    EXPECT_EQ(read[at].kind, made[at].kind);
    EXPECT_EQ(read[at].lock, made[at].lock);
    EXPECT_EQ(read[at].rewrites, made[at].rewrites);
    EXPECT_EQ(read[at].fails_on, made[at].fails_on);
    EXPECT_EQ(read[at].offending_rows, made[at].offending_rows);
    EXPECT_EQ(read[at].placement, made[at].placement);
    EXPECT_EQ(read[at].described, made[at].described);
  }
}

TEST(RollbackStatementsTest, RecordsWhichStatementsAreRenames) {
  const std::string text = "ALTER TABLE a RENAME TO b;\nDROP TABLE t;\n";
  std::vector<Statement> made = difference::RenamingStatements("ALTER TABLE a RENAME TO b;\n");
  made.push_back(Made("DROP TABLE t;\n", "table \"t\"", ActionKind::kDrop));
  release::Rollback record;
  record.origin = RollbackOrigin::kDifference;
  record.statements = RecordOfStatements(made);
  EXPECT_EQ(record.statements->at(0).action, "rename");
  const std::vector<Statement> read = StatementsOf(record, text);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].kind, ActionKind::kRename);
  EXPECT_EQ(difference::Describe(read[0]), difference::Describe(made[0]));
  EXPECT_FALSE(read[0].described);
  EXPECT_TRUE(read[1].described);
}

// Packages of earlier versions.
TEST(RollbackStatementsTest, ReadsTheCommentsOfADifferenceWithoutRecord) {
  const std::string text =
      "-- fails on NULL\n-- listed by: SELECT 1\n-- alter table \"t\" (ACCESS EXCLUSIVE)\n"
      "ALTER TABLE t ALTER a SET NOT NULL;\n";
  release::Rollback record;
  record.origin = RollbackOrigin::kDifference;
  EXPECT_EQ(StatementsOf(record, text).at(0).offending_rows, "SELECT 1");
  EXPECT_EQ(StatementsOf(record, text).at(0).lock, LockMode::kAccessExclusive);
  for (const RollbackOrigin by_hand : {RollbackOrigin::kScript, RollbackOrigin::kDownScripts}) {
    record.origin = by_hand;
    const Statement read = StatementsOf(record, text).at(0);
    EXPECT_EQ(read.offending_rows, "");
    EXPECT_EQ(difference::Describe(read), "ALTER TABLE t ALTER a SET NOT NULL");
  }
}

TEST(RollbackStatementsTest, TrustsNoRecordThatIsNotOfTheScript) {
  release::Rollback record;
  record.origin = RollbackOrigin::kDifference;
  record.statements = {{"table \"t\"", "drop", "", false, "rows", "SELECT 1", 1}};
  for (const char* text : {"DROP TABLE t;\nDROP TABLE u;\n", "", "-- nothing\n"}) {
    for (const Statement& one : StatementsOf(record, text)) {
      EXPECT_EQ(one.offending_rows, "") << text;
      EXPECT_FALSE(one.described) << text;
    }
  }
}

}  // namespace
}  // namespace ballast::proof
