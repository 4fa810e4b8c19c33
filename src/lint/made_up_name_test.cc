// SPDX-License-Identifier: Apache-2.0
#include "lint/made_up_name.h"

#include <gtest/gtest.h>

namespace ballast::lint {
namespace {

TEST(MadeUpNameTest, FitsAndIsFree) {
  const std::string kLong(63, 'x');
  struct Case {
    std::string first, second;
    std::set<std::string> taken;
    std::string name;
  };
  for (const Case& c : {
           Case{"Task", "note", {}, "Task_note_check"},
           Case{"Task", "", {}, "Task_check"},
           Case{"Task", "note", {"Task_note_check", "Task_note_check1"}, "Task_note_check2"},
           Case{kLong, "note", {}, std::string(52, 'x') + "_note_check"},
           Case{kLong, kLong, {}, std::string(28, 'x') + "_" + std::string(28, 'x') + "_check"},
           // Not half a character.
           Case{std::string(51, 'x') + "ö", "note", {}, std::string(51, 'x') + "_note_check"},
       }) {
    const std::string name = MadeUpName(c.first, c.second, "check", c.taken);
    EXPECT_EQ(name, c.name);
    EXPECT_LE(name.size(), 63U);
  }
}

TEST(MadeUpNameTest, EachColumnHasItsOwn) {
  Relation table;
  table.name = std::string(63, 't');
  const std::string kStart(40, 'c');
  table.columns[1].name = kStart + "1";
  table.columns[2].name = kStart + "2";
  const std::string first = NullCheckName(table, kStart + "1");
  const std::string second = NullCheckName(table, kStart + "2");
  EXPECT_NE(first, second);
  EXPECT_LE(second.size(), 63U);
  table.constraints = {first};
  EXPECT_NE(NullCheckName(table, kStart + "1"), first);
}

TEST(MadeUpNameTest, NamesThatReplaceOthers) {
  Relation table;
  table.columns[1].name = "size";
  table.columns[2].name = "size_new";
  EXPECT_EQ(NewColumnName(table, "size"), "size_new1");
  EXPECT_EQ(NewColumnName(table, "size_new"), "size_new_new");
  CatalogState state;
  state.relations[1].schema = "public";
  state.relations[1].name = "t_pkey";
  EXPECT_EQ(BuiltIndexName(state, "public", "t_pkey"), "t_pkey_new");
  EXPECT_EQ(BuiltIndexName(state, "other", "t_pkey"), "t_pkey");
}

}  // namespace
}  // namespace ballast::lint
