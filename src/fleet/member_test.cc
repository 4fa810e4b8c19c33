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

TEST(Template, ReachesTheDatabaseThatItNames) {
  for (const std::string name : {"plain", "acme corp", "müller", "a/b", "a%20b", "a?b", "a#b",
                                 "a@b:c", "a+b", "a'b\\c", "{x}"}) {
    const std::string secret = "s/e?s#a@m:e%20";
    for (const char* text :
         {"postgresql://u:{key}@h:1/{database}", "postgresql://u:{key}@h:1/{database}?schema=x",
          "postgresql://u:{key}@h:1/{label}?sslmode=disable",
          "postgresql://u:{key}@h:1?dbname={name}",
          "host=h port=1 user=u dbname={database} password={key}",
          "host=h port=1 user=u dbname='{database}' password='{key}'"}) {
      Member member;
      member.name = name;
      if (std::string_view(text).find("{database}") != std::string_view::npos)
        member.database = name;
      member.labels = {{"label", name}, {"key", secret}};
      ASSERT_TRUE(ApplyTemplate(text, member).ok()) << text;
      const auto target = TargetOf(member, "");
      ASSERT_TRUE(target.ok()) << text << " " << name << " " << target.error().message;
      EXPECT_EQ(target->database(), name) << text;
      EXPECT_EQ(target->host(), "h") << text << " " << name;
      EXPECT_EQ(target->user(), "u") << text;
      EXPECT_EQ(target->KeywordValue("password"), secret) << text;
    }
  }
}

TEST(Template, PutsEachValueInItsPlace) {
  Member member = Acme();
  member.schema = "S & 3";
  ASSERT_TRUE(
      ApplyTemplate("postgresql://{name}@{plan}/t_{database}_{region}?schema={schema}", member)
          .ok());
  auto target = TargetOf(member, "");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->user(), "acme");
  EXPECT_EQ(target->host(), "pro");
  EXPECT_EQ(target->database(), "t_tenant 1_eu/west");
  EXPECT_EQ(target->schema, "S & 3");
  member = Acme();
  ASSERT_TRUE(ApplyTemplate("postgresql://h/t%20{database}", member).ok());
  target = TargetOf(member, "");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->database(), "t tenant 1");
  EXPECT_EQ(target->undecoded_database, "");  // nor does it reach a database of another name
  member = Acme();  // what the template does not name replaces what it says
  ASSERT_TRUE(ApplyTemplate("postgresql://h/x?schema=y", member).ok());
  target = TargetOf(member, "");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->database(), "tenant 1");
  EXPECT_EQ(target->schema, "app");
  for (const char* text :
       {"postgresql://h/{other}", "postgresql://h/{database", "postgresql://{x}@h"}) {
    EXPECT_EQ(ErrorCodeOf(ApplyTemplate(text, member)), "B100") << text;
  }
  Member none;
  EXPECT_EQ(ErrorCodeOf(ApplyTemplate("postgresql://h/{database}", none)), "B100");
}

TEST(Template, PasswordsAreNotShownAsLabels) {
  for (const char* text :
       {"postgresql://{user}:{key}@h/{database}", "postgresql://{user}:x-{key}@h/d",
        "postgresql://h/d?password={key}&user={user}", "postgresql://h/d?sslpassword={key}",
        "host=h user={user} password={key} dbname=d",
        "host=h password = 'a {key}' user='{user}'"}) {
    Member member;
    member.name = "a";
    member.database = "d";
    member.labels = {{"user", "u"},
                     {"key", "sesame"},
                     {"Db_Password", "other"},
                     {"replica", "postgresql://u:sesame@h/d"}};
    ASSERT_TRUE(ApplyTemplate(text, member).ok()) << text;
    EXPECT_EQ(ShownLabels(member),
              (std::map<std::string, std::string>{{"user", "u"},
                                                  {"key", "***"},
                                                  {"Db_Password", "***"},
                                                  {"replica", "postgresql://u:***@h/d"}}))
        << text;
  }
}

TEST(UrlArgument, ReachesTheTargetAndShowsNoPassword) {
  const std::string url = "postgresql://u:sesame@h/a";
  const struct {
    std::string url;
    const char* variable;
    const char* database;
    const char* schema;
    const char* argument;
  } cases[] = {
      {url, "A_URL", "", "", "\"$A_URL\""},
      {url, "NOT_SET", "", "", "'postgresql://u:***@h/a'"},
      {url, "A_URL", "t 1", "", "'postgresql://u:***@h/t%201'"},
      {url + "?schema=x", "", "", "y", "'postgresql://u:***@h/a?schema=y'"},
      {url, "", "a/b", "", "'postgresql://u:***@h/a%2Fb'"},
      {url, "", "a%20b", "", "'postgresql://u:***@h/a%2520b'"},
      {url + "?options=-c%20search_path%3Dx", "", "", "",
       "'postgresql://u:***@h/a?options=-c%20search_path%3Dx'"},
      {url + "?options=-c%20my.token%3Dsesame", "", "", "", "'…'"},
      {url + "?options=--my.token=sesame", "", "", "", "'…'"},
      {"host=h dbname=a password=sesame", "", "", "", "'…'"},
      {"", "", "", "", "'…'"},
  };
  for (const auto& one : cases) {
    Member member;
    member.url = one.url;
    member.variable = one.variable;
    member.database = one.database;
    member.schema = one.schema;
    if (member.url.empty()) member.url_command = "echo " + url;
    EXPECT_EQ(UrlArgument(member, {{"A_URL", url}}), one.argument);
  }
}

TEST(Target, HasThePartsOfTheMemberAndShowsNoPassword) {
  Member member = Acme();
  member.url = "postgresql://u:sesame@h:1/base";
  const auto target = TargetOf(member, "");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->database(), "tenant 1");
  EXPECT_EQ(target->schema, "app");
  member.url = "mysql://u:sesame@h/base";
  const auto bad = TargetOf(member, "");
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().message.find("sesame"), std::string::npos);
  member.url_command = "echo postgresql://h/printed";
  member.database.clear();
  const auto printed = TargetOf(member, "");
  ASSERT_TRUE(printed.ok());
  EXPECT_EQ(printed->database(), "printed");
  member.url_command = "false";
  const auto failed = TargetOf(member, "");
  EXPECT_EQ(ErrorCodeOf(failed), "P1000");
  EXPECT_EQ(failed.error().message, "the url_command ended with status 1");
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
  EXPECT_FALSE((*members)[1].lacks_database);
  EXPECT_TRUE((*members)[2].lacks_database);
  rows.rows.push_back({std::nullopt, std::nullopt, "x", "y"});
  EXPECT_EQ(ErrorCodeOf(MembersOf(rows)), "B101");
  // One of two columns with the same name would be ignored.
  rows.rows.clear();
  rows.columns = {"name", "database", "name"};
  EXPECT_EQ(ErrorCodeOf(MembersOf(rows)), "B101");
}

TEST(Query, ReadsGroups) {
  using Groups = std::vector<std::string>;
  const std::pair<const char*, Groups> cases[] = {
      {"{}", {}},
      {"", {}},
      {"{a,NULL,b}", {"a", "b"}},
      {"{\"NULL\"}", {"NULL"}},
      {"a, NULL", {"a", "NULL"}},
      {"{\"a,b\",\"\"}", {"a,b"}},
  };
  for (const auto& [text, groups] : cases) {
    postgres::Rows rows;
    rows.columns = {"name", "groups"};
    rows.rows = {{"a", text}};
    EXPECT_EQ(MembersOf(rows)->front().groups, groups) << text;
  }
}

}  // namespace
}  // namespace ballast::fleet
