// SPDX-License-Identifier: Apache-2.0
#include "catalog/name_conflicts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::catalog {
namespace {

ObjectProperty Item(const std::string& kind, const std::string& object,
                    const std::string& property = "owner", const std::string& value = "o") {
  return {kind, object, property, value};
}

TEST(NameConflictsTest, OneTable) {
  struct Case {
    ObjectProperty expected;
    ObjectProperty live;
    bool conflict;
  };
  const ObjectProperty key = Item("constraint", "t.k", "definition", "PRIMARY KEY (id)");
  const ObjectProperty check = Item("constraint", "t.k", "definition", "CHECK (id > 0)");
  for (const Case& c : {
           Case{Item("table", "k"), Item("table", "k"), true},
           Case{Item("table", "k"), Item("sequence", "k"), true},
           Case{Item("table", "k"), Item("enum", "k"), true},
           Case{Item("index", "k"), Item("enum", "k"), false},
           Case{Item("table", "k"), Item("table", "s.k"), false},
           Case{key, Item("index", "k"), true},
           Case{Item("view", "k"), key, true},
           Case{key, Item("constraint", "u.k", "definition", "UNIQUE (a)"), true},
           Case{check, Item("index", "k"), false},
           Case{Item("function", "f(integer)"), Item("aggregate", "f(integer)"), true},
           Case{Item("function", "f(integer)"), Item("procedure", "f(text)"), false},
           Case{Item("range type", "k"), Item("domain", "k_multirange"), true},
           Case{Item("range type", "k_range"), Item("table", "k_multirange"), true},
           Case{Item("range type", "k", "multirange", "m"), Item("domain", "k_multirange"), false},
           Case{Item("statistics", "k"), Item("statistics", "k"), true},
           Case{Item("statistics", "k"), Item("table", "k"), false},
           Case{Item("schema", "k"), Item("schema", "k"), false},
           Case{Item("extension", "k"), Item("extension", "k"), false},
           Case{Item("trigger", "t.k"), Item("trigger", "t.k"), false},
       }) {
    EXPECT_EQ(!FindNameConflicts({c.expected}, {c.live}).empty(), c.conflict)
        << RenderProperty(c.expected) << "\n"
        << RenderProperty(c.live);
  }
}

TEST(NameConflictsTest, NamesBothSides) {
  const std::vector<NameConflict> found =
      FindNameConflicts({Item("constraint", "t.\"K\"", "definition", "PRIMARY KEY (id)")},
                        {Item("constraint", "z.\"K\"", "definition", "UNIQUE (a)")});
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(DescriptionOf(found[0].expected), "constraint t.\"K\"");
  EXPECT_EQ(DescriptionOf(found[0].live), "constraint z.\"K\"");
  EXPECT_EQ(found[0].name, "K");
  EXPECT_EQ(found[0].parent, "z");
  EXPECT_FALSE(found[0].IsSameObject());
  EXPECT_EQ(ConflictingNames({Item("table", "a")}, {Item("view", "a")}),
            std::vector<std::string>{"view a"});
}

TEST(NameConflictsTest, WhatTheSameObjectHasOtherwise) {
  const Snapshot table = {Item("table", "n", "kind", "ordinary"),
                          Item("column", "n.a", "type", "integer")};
  const auto with = [&](const ObjectProperty& item) {
    Snapshot snapshot = table;
    snapshot.push_back(item);
    return SortedSnapshot(std::move(snapshot));
  };
  struct Case {
    Snapshot expected;
    Snapshot live;
    std::vector<std::string> differences;
    bool as_expected = false;
  };
  for (const Case& c : {
           Case{{Item("index", "i", "definition", "(a)")},
                {Item("index", "i", "definition", "(b)")},
                {"index i: definition is (b), expected (a)"}},
           Case{with(Item("column", "n.b", "type", "text")),
                with(Item("column", "n.b", "type", "uuid")),
                {"column n.b: type is uuid, expected text"}},
           Case{with(Item("column", "n.b", "type", "text")), table, {"column n.b is missing"}},
           Case{table,
                with(Item("column", "n.b", "type", "uuid")),
                {"column n.b exists, but is not expected"}},
           Case{table, with(Item("trigger", "n.t", "definition", "x")), {}, true},
           Case{table, with(Item("table", "n", "owner", "other")), {}, true},
           Case{with(Item("column", "n.b", "type", "text")),
                with(Item("table", "n", "inherits", "p")),
                {}},
       }) {
    const std::vector<NameConflict> found =
        FindNameConflicts(SortedSnapshot(c.expected), SortedSnapshot(c.live));
    ASSERT_EQ(found.size(), 1u);
    EXPECT_TRUE(found[0].IsSameObject());
    EXPECT_EQ(DescribeAll(found[0].differences), c.differences);
    EXPECT_EQ(found[0].as_expected, c.as_expected);
  }
}

}  // namespace
}  // namespace ballast::catalog
