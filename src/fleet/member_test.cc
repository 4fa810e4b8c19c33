// SPDX-License-Identifier: Apache-2.0
#include "fleet/member.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_error_code.h"
#include "fleet/member_list.h"
#include "fleet/member_query.h"

namespace ballast::fleet {
namespace {

using ::testing::ElementsAre;

Member Acme() {
  Member member;
  member.name = "acme";
  member.database = "tenant 1";
  member.schema = "app";
  member.groups = {"eu", "canary"};
  member.labels = {{"region", "eu/west"}, {"plan", "pro"}};
  return member;
}

TEST(Template, IsFilledInForAUrl) {
  const struct {
    const char* text;
    const char* url;
  } cases[] = {
      {"postgresql://h/{database}?schema={schema}", "postgresql://h/tenant%201?schema=app"},
      {"postgresql://{name}@{region}/x", "postgresql://acme@eu%2Fwest/x"},
      {"postgresql://h/x", "postgresql://h/x"},
  };
  for (const auto& one : cases) {
    const auto url = ExpandTemplate(one.text, Acme());
    ASSERT_TRUE(url.ok()) << one.text;
    EXPECT_EQ(*url, one.url);
  }
  EXPECT_EQ(ErrorCodeOf(ExpandTemplate("postgresql://h/{other}", Acme())), "B100");
  EXPECT_EQ(ErrorCodeOf(ExpandTemplate("postgresql://h/{database", Acme())), "B100");
  EXPECT_EQ(ErrorCodeOf(ExpandTemplate("postgresql://h/{database}", Member())), "B100");
}

TEST(Target, NamesTheMemberAndNoPassword) {
  Member member = Acme();
  member.url = "postgresql://u:sesame@h:1/base";
  const auto target = TargetOf(member, "");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->database(), "tenant 1");
  EXPECT_EQ(target->schema, "app");
  member.url = "mysql://u:sesame@h/base";
  const auto bad = TargetOf(member, "");
  ASSERT_FALSE(bad.ok());
  EXPECT_NE(bad.error().message.find("acme"), std::string::npos);
  EXPECT_EQ(bad.error().message.find("sesame"), std::string::npos);
  member.url_command = "echo postgresql://h/printed";
  member.database.clear();
  const auto printed = TargetOf(member, "");
  ASSERT_TRUE(printed.ok());
  EXPECT_EQ(printed->database(), "printed");
  member.url_command = "false";
  EXPECT_EQ(ErrorCodeOf(TargetOf(member, "")), "P1000");
}

TEST(Selection, KeepsByNameGroupAndLabel) {
  using Words = std::vector<std::string>;
  const struct {
    Words globs;
    Words groups;
    Words labels;
    bool keeps;
  } cases[] = {
      {{}, {}, {}, true},
      {{"ac*"}, {}, {}, true},
      {{"x*", "acm?"}, {}, {}, true},
      {{"x*"}, {}, {}, false},
      {{}, {"us", "eu"}, {}, true},
      {{}, {"us"}, {}, false},
      {{}, {}, {"plan=pro"}, true},
      {{}, {}, {"plan=pro", "region=eu/west"}, true},
      {{}, {}, {"plan=pro", "region=us"}, false},
      {{}, {}, {"plan="}, false},
      {{"ac*"}, {"us"}, {}, false},
  };
  Selection selection;
  for (const auto& one : cases) {
    selection.globs = one.globs;
    selection.groups = one.groups;
    selection.labels = one.labels;
    const auto keeps = IsSelected(selection, Acme());
    ASSERT_TRUE(keeps.ok());
    EXPECT_EQ(*keeps, one.keeps);
  }
  selection.labels = {"plan"};
  EXPECT_EQ(ErrorCodeOf(IsSelected(selection, Acme())), "B100");
}

TEST(Query, MakesMembersOfRows) {
  postgres::Rows rows;
  rows.columns = {"database", "schema", "groups", "tier"};
  rows.rows = {{"a", std::nullopt, "{x,\"y z\"}", "gold"},
               {"b", "s", "x, y", std::nullopt},
               {std::nullopt, "t", std::nullopt, std::nullopt}};
  const auto members = MembersOf(rows);
  ASSERT_TRUE(members.ok());
  ASSERT_EQ(members->size(), 3U);
  EXPECT_EQ((*members)[0].name, "a");
  EXPECT_THAT((*members)[0].groups, ElementsAre("x", "y z"));
  EXPECT_EQ((*members)[0].labels.at("tier"), "gold");
  EXPECT_EQ((*members)[1].name, "b.s");
  EXPECT_THAT((*members)[1].groups, ElementsAre("x", "y"));
  EXPECT_TRUE((*members)[1].labels.empty());
  EXPECT_EQ((*members)[2].name, "t");
  rows.rows.push_back({std::nullopt, std::nullopt, "x", "y"});
  EXPECT_EQ(ErrorCodeOf(MembersOf(rows)), "B101");
}

}  // namespace
}  // namespace ballast::fleet
