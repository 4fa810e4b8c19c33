// SPDX-License-Identifier: Apache-2.0
#include "catalog/changed_additions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Snapshot Plus(Snapshot snapshot, const Snapshot& added) {
  snapshot.insert(snapshot.end(), added.begin(), added.end());
  return SortedSnapshot(std::move(snapshot));
}

const Snapshot kProvenBefore = {{"column", "t.id", "type", "integer"},
                                {"column", "t.old", "type", "text"},
                                {"table", "t", "kind", "table"}};
// The release renames t.old to t.new.
const Snapshot kProvenAfter = {{"column", "t.id", "type", "integer"},
                               {"column", "t.new", "type", "text"},
                               {"table", "t", "kind", "table"}};
const MovedObjects kRenames({{{"column", "t.old"}, {"column", "t.new"}},
                             {{"column", "p.old"}, {"column", "p.new"}}});
const Snapshot kTheirs = {{"column", "theirs.a", "type", "integer"},
                          {"table", "theirs", "kind", "table"},
                          {"view", "v", "definition", "SELECT old FROM t"}};

struct AdditionCase {
  std::string words;
  Snapshot before, after;  // besides the proven objects
  std::vector<std::string> sentences;
};

TEST(ChangedAdditionsTest, NamesWhatADeployChanges) {
  const ObjectProperty secured{"table", "theirs", "row security", "enabled"};
  const ObjectProperty of_default{"column", "theirs.a", "default", "9"};
  const ObjectProperty trigger{"event trigger", "e", "event", "ddl_command_end"};
  const Snapshot partition = {{"table", "p", "partition of", "t"},
                              {"column", "p.old", "type", "text"}};
  const Snapshot partition_after = {{"table", "p", "partition of", "t"},
                                    {"column", "p.new", "type", "text"}};
  for (const AdditionCase& c : {
           AdditionCase{"nothing", kTheirs, kTheirs, {}},
           AdditionCase{
               "properties",
               kTheirs,
               Plus(kTheirs, {secured, of_default}),
               {"column theirs.a is not part of the release, but a migration has changed it: "
                "default is 9, was none",
                "table theirs is not part of the release, but a migration has changed it: row "
                "security is enabled, was none"}},
           AdditionCase{
               "properties that vanish",
               Plus(kTheirs, {secured, {"view", "v", "comment", "theirs"}}),
               kTheirs,
               {"table theirs is not part of the release, but a migration has changed it: row "
                "security is none, was enabled",
                "view v is not part of the release, but a migration has changed it: comment is "
                "none, was theirs"}},
           AdditionCase{
               "parts",
               kTheirs,
               Plus(kTheirs,
                    {{"column", "theirs.z", "type", "integer"}, {"index", "i", "table", "theirs"}}),
               {"column theirs.z was added by a migration to what is not part of the release",
                "index i was added by a migration to what is not part of the release"}},
           AdditionCase{"a renamed column in a definition",
                        {{"view", "v", "definition", "SELECT old FROM t"}},
                        {{"view", "v", "definition", "SELECT new AS old FROM t"}},
                        {}},
           AdditionCase{"a renamed column and another change",
                        {{"view", "v", "definition", "SELECT old FROM t WHERE (id > 1)"}},
                        {{"view", "v", "definition", "SELECT new AS old FROM t WHERE (id > 2)"}},
                        {"view v is not part of the release, but a migration has changed it: "
                         "definition is SELECT new AS old FROM t WHERE (id > 2), was SELECT old "
                         "FROM t WHERE (id > 1)"}},
           AdditionCase{
               "a type whose name is that of a renamed column",
               {{"column", "theirs.a", "type", "old"}, {"table", "theirs", "kind", "table"}},
               {{"column", "theirs.a", "type", "character varying(1)"},
                {"table", "theirs", "kind", "table"}},
               {"column theirs.a is not part of the release, but a migration has changed it: type "
                "is character varying(1), was old"}},
           AdditionCase{
               "another definition",
               {{"view", "v", "definition", "SELECT id FROM t"}},
               {{"view", "v", "definition", "SELECT 1"}},
               {"view v is not part of the release, but a migration has changed it: definition is "
                "SELECT 1, was SELECT id FROM t"}},
           AdditionCase{"a partition", partition, partition_after, {}},
           AdditionCase{
               "an event trigger", Plus(kTheirs, {trigger}), Plus(kTheirs, {trigger, secured}), {}},
           AdditionCase{"what vanished", kTheirs, {}, {}},
       }) {
    const Snapshot before = Plus(kProvenBefore, c.before), after = Plus(kProvenAfter, c.after);
    const auto found =
        FindChangedAdditions({&kProvenBefore, kProvenAfter, before, after, false, kRenames}, {});
    EXPECT_EQ(DescribeChanged(found), c.sentences) << c.words;
    EXPECT_EQ(found.names.empty(), c.sentences.empty()) << c.words;
  }
}

// What a change of the release brings about.
TEST(ChangedAdditionsTest, FollowsAColumnOfAnotherType) {
  const auto changed = [](const std::string& type, const std::string& was, const std::string& is) {
    const Snapshot before = {{"column", "t.a", "type", "character varying(9)"},
                             {"column", "t.text", "type", "text"},
                             {"table", "t", "kind", "table"}};
    Snapshot after = before;
    after[0].value = type;
    const auto with = [](const Snapshot& proven, const std::string& definition) {
      return Plus(proven, {{"index", "i", "table", "t"}, {"index", "i", "definition", definition}});
    };
    const Snapshot live = with(before, was), then = with(after, is);
    return DescribeChanged(FindChangedAdditions({&before, after, live, then}, {})).size();
  };
  const std::string was = "USING btree (text) WHERE ((a)::text = 'x'::text)";
  const std::string is = "USING btree (text) WHERE (a = 'x'::text)";
  EXPECT_EQ(changed("text", was, is), 0u);
  EXPECT_EQ(changed("character varying(9)", was, is), 1u);
  EXPECT_EQ(changed("text", was, "USING btree (text) WHERE (a = 'y'::text)"), 1u);
}

TEST(ChangedAdditionsTest, FollowsTheTablesOfAPublication) {
  const Snapshot before = {{"publication", "p", "table t", "(id, old)"}};
  const MovedObjects renames(
      {{{"table", "t"}, {"table", "u"}}, {{"column", "t.old"}, {"column", "u.new"}}});
  const Snapshot none;
  const auto theirs = [&](const Snapshot& after) {
    return DescribeChanged(FindChangedAdditions({&none, none, before, after, false, renames}, {}));
  };
  EXPECT_THAT(theirs({{"publication", "p", "table u", "(id, new)"}}), IsEmpty());
  EXPECT_THAT(theirs({{"publication", "p", "table u", "(id)"}}), ::testing::SizeIs(1));
  EXPECT_THAT(theirs({{"publication", "p", "table z", "(id, new)"}}), ::testing::SizeIs(1));
}

struct LossCase {
  std::string words;
  ObjectProperty was;
  std::string is;  // empty: it vanished
  bool is_lost = true;
};

// Of what a repair or a rollback must keep.
TEST(ChangedAdditionsTest, ALostSettingIsALoss) {
  for (const LossCase& c : {
           LossCase{"a target", {"statistics", "st", "target", "99"}, ""},
           LossCase{"targets of columns", {"index", "i", "statistics", "1=50"}, ""},
           LossCase{"an owner", {"statistics", "st", "owner", "dba"}, "postgres"},
           LossCase{"a comment", {"view", "v", "comment", "theirs"}, ""},
           LossCase{"row security", {"table", "theirs", "row security", "enabled"}, ""},
           LossCase{"another comment", {"view", "v", "comment", "theirs"}, "ours"},
           LossCase{"a definition", {"view", "v", "definition", "SELECT old"}, "SELECT 1", false},
           LossCase{"a table of a publication", {"publication", "p", "table t", "yes"}, "", false},
       }) {
    Snapshot common = Plus(kTheirs, {{"statistics", "st", "columns", "a"},
                                     {"index", "i", "table", "t"},
                                     {"publication", "p", "publishes", "insert"}});
    std::erase_if(common, [&](const ObjectProperty& item) {
      return item.object == c.was.object && item.property == c.was.property;
    });
    ObjectProperty is = c.was;
    is.value = c.is;
    const Snapshot before = Plus(Plus(kProvenBefore, common), {c.was});
    const Snapshot after =
        Plus(Plus(kProvenBefore, common), c.is.empty() ? Snapshot{} : Snapshot{is});
    const std::string name =
        c.was.kind + " " + c.was.object + ": " + c.was.property + " " + c.was.value;
    const std::vector<std::string> expected =
        c.is_lost ? std::vector{name} : std::vector<std::string>();
    EXPECT_EQ(FindLostSettings({&kProvenBefore, kProvenBefore, before, after}, {}), expected)
        << c.words;
    if (!c.is.empty()) continue;
    EXPECT_THAT(FindLostSettings({&kProvenBefore, kProvenBefore, after, before}, {}), IsEmpty())
        << c.words;
  }
}

TEST(ChangedAdditionsTest, PrivilegesAreNamedOnly) {
  const Snapshot before = Plus(kProvenBefore, kTheirs);
  const Snapshot after =
      Plus(Plus(kProvenAfter, kTheirs), {{"table", "theirs", "grant to app", "SELECT"}});
  const auto found = FindChangedAdditions({&kProvenBefore, kProvenAfter, before, after}, {});
  EXPECT_THAT(DescribeChanged(found), IsEmpty());
  EXPECT_THAT(DescribeAccepted(found),
              ElementsAre("table theirs is not part of the release, but a migration has changed "
                          "its privileges"));
  EXPECT_THAT(found.names, ElementsAre("table theirs"));
}

TEST(ChangedAdditionsTest, NamesWhatTheReleaseTakesOver) {
  const Snapshot next = Plus(kProvenAfter, {{"function", "f()", "definition", "SELECT 1"}});
  const auto found = [&](const Snapshot* proven, const std::string& definition) {
    const Snapshot before = Plus(kProvenBefore, {{"function", "f()", "definition", definition}});
    return FindChangedAdditions({proven, next, before, next}, {});
  };
  EXPECT_THAT(DescribeChanged(found(&kProvenBefore, "SELECT 42")), IsEmpty());
  EXPECT_THAT(DescribeAccepted(found(&kProvenBefore, "SELECT 42")),
              ElementsAre("function f() was another one before: it is part of the release now"));
  EXPECT_THAT(DescribeAccepted(found(&kProvenBefore, "SELECT 1")), IsEmpty());
  EXPECT_THAT(found(&kProvenBefore, "SELECT 42").names, ElementsAre("function f()"));
  EXPECT_THAT(DescribeChanged(found(&kProvenBefore, "SELECT 1")), IsEmpty());
  EXPECT_THAT(found(&kProvenBefore, "SELECT 1").names, ElementsAre("function f()"));
  // What it adds to the object makes it that of the release.
  const Snapshot table = {{"table", "n", "kind", "table"}, {"column", "n.a", "type", "integer"}};
  const Snapshot completed = Plus(
      Plus(kProvenAfter, table),
      {{"column", "n.a", "default", "0"}, {"constraint", "n.c", "definition", "CHECK (a > 0)"}});
  const Snapshot taken = Plus(kProvenBefore, table);
  EXPECT_THAT(
      DescribeChanged(FindChangedAdditions({&kProvenBefore, completed, taken, completed}, {})),
      IsEmpty());
  // An earlier attempt can have made it.
  EXPECT_THAT(DescribeChanged(found(nullptr, "SELECT 42")), IsEmpty());
  const Snapshot invalid = Plus(kProvenBefore, {{"index", "i", "state", "invalid"}});
  const Snapshot built = Plus(kProvenAfter, {{"index", "i", "table", "t"}});
  const auto index = FindChangedAdditions({&kProvenBefore, built, invalid, built}, {});
  EXPECT_THAT(DescribeChanged(index), IsEmpty());
  EXPECT_THAT(index.names, ElementsAre("index i"));
}

}  // namespace
}  // namespace ballast::catalog
