// SPDX-License-Identifier: Apache-2.0
#include "difference/added_labels.h"

#include <gtest/gtest.h>

namespace ballast::difference {
namespace {

TEST(AddedLabelsTest, AreFoundInStrings) {
  struct Case {
    const char* text;
    const char* label;
    bool expected;
  };
  for (const auto& [text, label, expected] :
       {Case{"SET DEFAULT 'sad'::mood", "sad", true}, Case{"('ent', '{ok,sad}')", "sad", true},
        Case{"(1, '(7,sad)')", "sad", true}, Case{"'{\"very sad\",ok}'", "very sad", true},
        Case{"'sadly'", "sad", false}, Case{"'not_sad'", "sad", false},
        Case{"sad integer", "sad", false}, Case{"'x' -- 'sad'", "sad", false},
        Case{"", "it's", false}, Case{"'it''s'", "it's", true}}) {
    EXPECT_EQ(ContainsLabel(text, label), expected) << text << " " << label;
  }
}

TEST(AddedLabelsTest, AreFoundAsConstantsOfTheEnum) {
  struct Case {
    const char* text;
    bool expected;
  };
  for (const auto& [text, expected] :
       {Case{"CREATE POLICY p ON t USING ((m = 'sad'::\"Mood\"));", true},
        Case{"(m = 'sad'::s.\"Mood\")", true}, Case{"(m = ANY ('{ok,sad}'::\"Mood\"[]))", true},
        Case{"(m = 'sad'::mood)", false}, Case{"(x = 'sad'::text) AND (m = 'ok'::\"Mood\")", false},
        Case{"(m = 'sad: ok'::\"Mood\")", false}, Case{"'sad'", false}, Case{"'sad'::", false}}) {
    EXPECT_EQ(HasLiteral(text, "sad", {{}, "Mood"}), expected) << text;
  }
}

TEST(AddedLabelsTest, AreCommittedFirstWhereTheyAreUsed) {
  const auto adding = [](const std::string& label) {
    Statement statement;
    statement.text = "ALTER TYPE \"mood\" ADD VALUE '" + label + "' AFTER 'ok';\n";
    statement.added_label = label;
    return statement;
  };
  Statement table;
  table.text = "CREATE TABLE t (m mood DEFAULT 'sad');\n";
  std::vector<Statement> statements = {table, adding("glad"), adding("sad"), adding("ok")};
  CommitLabelsInUse("INSERT INTO u VALUES ('{glad}');", statements);
  EXPECT_EQ(statements[0].added_label, "glad");
  EXPECT_EQ(statements[1].added_label, "sad");
  EXPECT_EQ(statements[1].placement, Placement::kCommitFirst);
  EXPECT_EQ(statements[2].text, table.text);
  EXPECT_EQ(statements[3].placement, Placement::kTogether);
}

}  // namespace
}  // namespace ballast::difference
