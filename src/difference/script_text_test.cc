// SPDX-License-Identifier: Apache-2.0
#include "difference/script_text.h"

#include <gtest/gtest.h>

namespace ballast::difference {
namespace {

Statement Make(const std::string& text, const std::string& object, ActionKind kind, LockMode lock,
               bool rewrites = false) {
  Statement statement;
  statement.text = text;
  statement.object = object;
  statement.kind = kind;
  statement.lock = lock;
  statement.rewrites = rewrites;
  return statement;
}

TEST(ScriptTextTest, RoundTripsStatements) {
  const std::vector<Statement> statements = {
      Make("DROP TABLE \"Note\";\n", "table \"Note\"", ActionKind::kDrop,
           LockMode::kAccessExclusive),
      Make("ALTER TABLE t ALTER a TYPE text;\nALTER TABLE t ALTER a SET NOT NULL;\n",
           "column \"t\".\"a\"", ActionKind::kAlter, LockMode::kAccessExclusive, true),
      Make("CREATE TYPE x AS ENUM ();\n", "type x (odd)", ActionKind::kCreate, LockMode::kNone)};
  const std::vector<Statement> read = ReadCommented(RenderCommented(statements));
  ASSERT_EQ(read.size(), statements.size());
  for (size_t at = 0; at < read.size(); ++at) {
    EXPECT_EQ(Describe(read[at]), Describe(statements[at]));
    EXPECT_EQ(read[at].text, statements[at].text);
    EXPECT_EQ(read[at].lock, statements[at].lock);
    EXPECT_EQ(read[at].rewrites, statements[at].rewrites);
  }
}

TEST(ScriptTextTest, RoundTripsOffendingRows) {
  Statement statement = Make("ALTER TABLE t ALTER a SET NOT NULL;\n", "column \"t\".\"a\"",
                             ActionKind::kAlter, LockMode::kAccessExclusive);
  statement.fails_on = "NULL in \"t\".\"a\"";
  statement.offending_rows = "SELECT * FROM \"t\" WHERE \"a\" IS NULL";
  Statement broken = statement;
  broken.offending_rows = "SELECT * FROM \"t\nt\"";
  const std::string text = RenderCommented({statement, broken});
  const std::vector<Statement> read = ReadCommented(text);
  ASSERT_EQ(read.size(), 2U) << text;
  EXPECT_EQ(read[0].fails_on, statement.fails_on);
  EXPECT_EQ(read[0].offending_rows, statement.offending_rows);
  EXPECT_EQ(Describe(read[0]), Describe(statement));
  EXPECT_EQ(read[1].offending_rows, "");
  EXPECT_EQ(Describe(read[1]), Describe(statement));
}

TEST(ScriptTextTest, ReadsTheCauseFromTheSentence) {
  Statement column = Make("ALTER TABLE t ADD a int NOT NULL;\n", "column \"t\".\"a\"",
                          ActionKind::kCreate, LockMode::kAccessExclusive);
  column.offending_rows = "SELECT * FROM \"t\"";
  column.fails_on = std::string("rows of \"t\"") + kHaveNoValue;
  EXPECT_EQ(ReadCommented(RenderCommented({column})).at(0).cause, FailureCause::kMissingValue);
  column.fails_on += " that is not NULL";
  EXPECT_EQ(ReadCommented(RenderCommented({column})).at(0).cause, FailureCause::kRows);
}

TEST(ScriptTextTest, KeepsOtherStatements) {
  const std::vector<Statement> read =
      ReadCommented("-- by hand\nDROP TABLE a;\nDROP TABLE b; -- c\nSELECT 1\n");
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read[0].object, "DROP TABLE a");
  EXPECT_EQ(read[1].object, "DROP TABLE b");
  EXPECT_EQ(Describe(read[0]), "DROP TABLE a");
  EXPECT_EQ(Describe(read[2]), "SELECT 1");
  EXPECT_EQ(read[2].text, "SELECT 1;\n");
}

TEST(ScriptTextTest, UndescribedStatementsIgnoreComments) {
  const std::vector<Statement> read = UndescribedStatements(
      "-- fails on NULL\n-- listed by: SELECT 1\n-- drop table \"a\" (ACCESS EXCLUSIVE)\n"
      "DROP TABLE a;\nDROP TABLE b\n");
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].offending_rows, "");
  EXPECT_EQ(read[0].lock, LockMode::kNone);
  EXPECT_EQ(Describe(read[0]), "DROP TABLE a");
  EXPECT_EQ(read[1].text, "DROP TABLE b;\n");
}

}  // namespace
}  // namespace ballast::difference
