// SPDX-License-Identifier: Apache-2.0
#include "lint/allowance.h"

#include <gtest/gtest.h>

namespace ballast::lint {
namespace {

TEST(Allowance, CommentsBelongToTheirStatement) {
  const auto comments = AllowComments(
      "-- ballast:allow drops-column because nobody reads it\n"
      "ALTER TABLE a DROP COLUMN b;\n"
      "ALTER TABLE a DROP COLUMN c; -- ballast:allow drops-column, table-rewrite\n"
      "\n"
      "-- ballast:allow nonsense\n"
      "SELECT '-- ballast:allow drops-table';\n"
      "-- ballast:allow drops-table\n");
  ASSERT_EQ(comments.size(), 4U);
  EXPECT_EQ(comments[0].statement, 0);
  EXPECT_EQ(comments[0].rules, std::vector<Rule>{Rule::kDropsColumn});
  EXPECT_TRUE(comments[0].unknown.empty());
  EXPECT_EQ(comments[1].statement, 1);
  EXPECT_EQ(comments[1].rules, (std::vector<Rule>{Rule::kDropsColumn, Rule::kTableRewrite}));
  EXPECT_EQ(comments[2].statement, 2);
  EXPECT_EQ(comments[2].unknown, std::vector<std::string>{"nonsense"});
  EXPECT_EQ(comments[2].line, 5);
  EXPECT_EQ(comments[3].statement, -1);
}

TEST(Allowance, AnyCommentCanAllow) {
  const auto comments = AllowComments(
      "/* ballast:allow drops-column */\n"
      "ALTER TABLE a DROP COLUMN b;\n"
      "/* The column is old.\n"
      "   ballast:allow drops-column\n"
      "   but no other */\n"
      "ALTER TABLE a /* ballast:allow table-rewrite*/ DROP COLUMN c,\n"
      "  DROP COLUMN d; -- see above\n"
      "SELECT $$ ballast:allow drops-table $$, '/* ballast:allow drops-table */';\n");
  ASSERT_EQ(comments.size(), 3U);
  EXPECT_EQ(comments[0].statement, 0);
  EXPECT_EQ(comments[0].rules, std::vector<Rule>{Rule::kDropsColumn});
  EXPECT_EQ(comments[1].statement, 1);
  EXPECT_EQ(comments[1].rules, std::vector<Rule>{Rule::kDropsColumn});
  EXPECT_EQ(comments[1].line, 4);
  EXPECT_EQ(comments[2].statement, 1);
  EXPECT_EQ(comments[2].rules, std::vector<Rule>{Rule::kTableRewrite});
  EXPECT_EQ(comments[2].line, 6);
  for (const AllowComment& comment : comments) EXPECT_TRUE(comment.unknown.empty());
}

TEST(Allowance, TheMarkIsTheFirstWordOfItsComment) {
  struct Case {
    const char* comment;
    std::vector<Rule> rules;
    std::vector<std::string> unknown;
    bool in_sentence = false;
  };
  const Case cases[] = {
      {"--ballast:allow drops-table", {Rule::kDropsTable}, {}},
      {"--- ballast:allow drops-table", {Rule::kDropsTable}, {}},
      {"/** ballast:allow drops-table */", {Rule::kDropsTable}, {}},
      {"/*\n * old\n * ballast:allow drops-table\n */", {Rule::kDropsTable}, {}},
      {"/* ballast:allow drops-table,\n renames-table */",
       {Rule::kDropsTable, Rule::kRenamesTable},
       {}},
      {"/* ballast:allow drops-table,\n and others */", {Rule::kDropsTable}, {"and"}},
      {"-- this removes things; write ballast:allow drops-table if you want", {}, {}, true},
      {"/* see\n the ballast:allow drops-table */", {}, {}, true},
      {"-- ballast:allowed drops-table", {}, {}, true},
      {"-- `ballast:allow drops-table`", {}, {}, true},
  };
  for (const Case& c : cases) {
    const auto comments = AllowComments(std::string(c.comment) + "\nDROP TABLE a;");
    ASSERT_EQ(comments.size(), 1U) << c.comment;
    EXPECT_EQ(comments[0].statement, 0) << c.comment;
    EXPECT_EQ(comments[0].rules, c.rules) << c.comment;
    EXPECT_EQ(comments[0].unknown, c.unknown) << c.comment;
    EXPECT_EQ(comments[0].in_sentence, c.in_sentence) << c.comment;
  }
}

TEST(Allowance, EntriesOfTheConfiguration) {
  const AllowList list = ParseAllowList({"drops-table", "drops-column Legacy.*", "nonsense"});
  ASSERT_EQ(list.entries.size(), 2U);
  EXPECT_EQ(list.entries[0].rule, Rule::kDropsTable);
  EXPECT_EQ(list.entries[0].object, "*");
  EXPECT_EQ(list.entries[1].object, "Legacy.*");
  EXPECT_EQ(list.unknown, std::vector<std::string>{"nonsense"});
}

}  // namespace
}  // namespace ballast::lint
