// SPDX-License-Identifier: Apache-2.0
#include "difference/statement_target.h"

#include <gtest/gtest.h>

namespace ballast::difference {
namespace {

using catalog::Name;
using catalog::ObjectRef;
using catalog::PartOf;

Statement About(ObjectRef target, const std::string& text = "") {
  Statement statement;
  statement.target = std::move(target);
  statement.text = text;
  return statement;
}

TEST(StatementTargetTest, PartsBelongToTheirRelation) {
  const Name t{"", "t"};
  EXPECT_EQ(RelationOf(About({"table", t, {}, {}, {}})), t);
  EXPECT_EQ(RelationOf(About(PartOf(t, "column", "a"))), t);
  EXPECT_EQ(RelationOf(About({"index", {"", "i"}, {}, {}, t})), Name());
  EXPECT_EQ(RelationOf(About({"function", {"", "f"}, {}, "integer", {}})), Name());
  EXPECT_EQ(RelationOf({}), Name());
}

TEST(StatementTargetTest, NamesAreComparedAsNames) {
  struct Case {
    const char* text;
    const char* relation;
    bool names;
  };
  for (const Case& one : {
           Case{"ALTER TABLE \"t\" ADD a int", "\"t\"", true},
           Case{"ALTER TABLE \"test\" ADD a int", "\"t\"", false},
           Case{"ALTER TABLE \"s\".\"t\" ADD a int", "\"t\"", false},
           Case{"ALTER TABLE \"s\".\"t\" ADD a int", "\"s\".\"t\"", true},
           Case{"ALTER TABLE \"u\" ADD a text DEFAULT 'of \"t\"'", "\"t\"", false},
           Case{"ALTER TABLE \"u\" ADD a text -- \"t\"", "\"t\"", false},
           Case{"SELECT \"u\".\"t\" FROM \"t\"", "\"t\"", true},
           Case{"ALTER TABLE \"a \"\"t\"\"\" ADD a int", "\"t\"", false},
           Case{"", "\"t\"", false},
       }) {
    EXPECT_EQ(NamesRelation(one.text, one.relation), one.names) << one.text;
    EXPECT_EQ(Concerns(About({}, one.text), one.relation), one.names) << one.text;
  }
  EXPECT_TRUE(Concerns(About(PartOf({"", "t"}, "trigger", "x")), "\"t\""));
  EXPECT_FALSE(Concerns(About(PartOf({"", "test"}, "trigger", "t")), "\"t\""));
  EXPECT_FALSE(Concerns(About({}), ""));
}

TEST(StatementTargetTest, ReadsLabelsOfPackages) {
  const auto read = [](const std::string& label) {
    Statement statement;
    statement.object = label;
    ReadLabel(statement);
    return statement;
  };
  EXPECT_EQ(read("table \"a b\"").target, (ObjectRef{"table", {"", "a b"}, {}, {}, {}}));
  EXPECT_EQ(read("materialized view \"s\".\"m\"").target,
            (ObjectRef{"materialized view", {"s", "m"}, {}, {}, {}}));
  EXPECT_EQ(read("function \"f\"(integer)").target,
            (ObjectRef{"function", {"", "f"}, {}, "integer", {}}));
  EXPECT_EQ(read("comment of table \"t\"").target.kind, "");
  EXPECT_EQ(read("column \"t\".\"a\"").target.kind, "");
  EXPECT_EQ(read("constraint \"c\" on \"t\"").target.kind, "");
  EXPECT_EQ(read("table \"t\"").purpose, StatementPurpose::kObject);
  EXPECT_EQ(read(LabelOfNameOf("type \"e\"")).purpose, StatementPurpose::kRenameAside);
}

}  // namespace
}  // namespace ballast::difference
