// SPDX-License-Identifier: Apache-2.0
#include "difference/script_renames.h"

#include <gtest/gtest.h>

#include "difference/script_text.h"

namespace ballast::difference {
namespace {

constexpr char kRename[] = "ALTER TABLE \"a\" RENAME TO \"b\";\n";
constexpr char kColumn[] = "ALTER TABLE \"b\" RENAME COLUMN \"c\" TO \"d\";\n";
constexpr char kMove[] = "ALTER TABLE \"s\".\"b\" SET SCHEMA \"t\";\n";
constexpr char kZone[] =
    "ALTER TABLE \"b\" ALTER COLUMN \"d\" SET DATA TYPE timestamptz USING \"d\" AT TIME ZONE "
    "'UTC';\n";
// The schema is not known before it runs.
constexpr char kMoveBack[] = "DO 'BEGIN EXECUTE ''ALTER TABLE \"s\".\"b\" SET SCHEMA x''; END';\n";

TEST(ScriptRenamesTest, AScriptBeginsWithItsRenames) {
  const std::string renames = std::string(kRename) + kColumn + kMove + kZone;
  EXPECT_EQ(LeadingRenames(UndescribedStatements(renames + "DROP TABLE x;\n" + kRename)), renames);
  EXPECT_EQ(LeadingRenames({}), "");
}

TEST(ScriptRenamesTest, TextThatOnlyContainsTheWordIsNoRename) {
  for (const char* text : {"UPDATE t SET a = 'x RENAME y';\n",
                           "COMMENT ON TABLE t IS ' AT TIME ZONE ';\n", "SELECT ' RENAME ';\n"}) {
    EXPECT_EQ(LeadingRenames(UndescribedStatements(text)), "") << text;
  }
}

TEST(ScriptRenamesTest, RecordedRenamesNeedNoGrammar) {
  EXPECT_EQ(LeadingRenames(RenamingStatements(kMoveBack)), kMoveBack);
  EXPECT_EQ(LeadingRenames(UndescribedStatements(kMoveBack)), "");
}

TEST(ScriptRenamesTest, ADifferenceRenamesWithinItsSteps) {
  Statement described = UndescribedStatements(kRename).front();
  described.described = true;
  EXPECT_EQ(LeadingRenames({described}), "");
}

TEST(ScriptRenamesTest, CreatesObjectsButNoPartsOfThem) {
  const auto creates = [](const char* text, ActionKind kind = ActionKind::kCreate) {
    Statement statement;
    statement.text = text;
    statement.kind = kind;
    return CreatesObject(statement);
  };
  EXPECT_TRUE(creates("CREATE TABLE t (a text DEFAULT 'CREATE OR REPLACE ');\n"));
  EXPECT_TRUE(creates("ALTER SEQUENCE s OWNER TO r;\nCREATE VIEW v AS SELECT 1;\n"));
  EXPECT_FALSE(creates("CREATE OR REPLACE FUNCTION f() RETURNS int RETURN 1;\n"));
  EXPECT_FALSE(creates("ALTER TABLE t ADD COLUMN a text DEFAULT 'CREATE TABLE';\n"));
  EXPECT_FALSE(creates("CREATE TABLE t ();\n", ActionKind::kAlter));
}

}  // namespace
}  // namespace ballast::difference
