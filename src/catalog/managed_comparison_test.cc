// SPDX-License-Identifier: Apache-2.0
#include "catalog/managed_comparison.h"

#include <gmock/gmock.h>

#include <random>

#include "catalog/property_ownership.h"

namespace ballast::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Snapshot Proven() {
  return SortedSnapshot({{"table", "\"Post\"", "kind", "ordinary"},
                         {"column", "\"Post\".title", "type", "text"},
                         {"column", "\"Post\".title", "position", "1"},
                         {"index", "post_idx", "table", "\"Post\""},
                         {"index", "post_idx", "definition", "USING btree (title)"},
                         {"table", "\"Event\"", "kind", "partitioned"},
                         {"enum", "\"Role\"", "values", "USER, ADMIN"},
                         {"extension", "citext", "schema", "<target>"},
                         {"function", "f()", "grant to app", "EXECUTE"},
                         {"function", "f()", "source", "x"}});
}

Snapshot With(Snapshot snapshot, const Snapshot& more) {
  snapshot.insert(snapshot.end(), more.begin(), more.end());
  return SortedSnapshot(std::move(snapshot));
}

Snapshot Without(Snapshot snapshot, const std::string& kind, const std::string& object,
                 const std::string& property = "") {
  std::erase_if(snapshot, [&](const ObjectProperty& p) {
    return p.kind == kind && p.object == object && (property.empty() || p.property == property);
  });
  return snapshot;
}

Snapshot Changed(const Snapshot& snapshot, const ObjectProperty& to) {
  return With(Without(snapshot, to.kind, to.object, to.property), {to});
}

std::vector<std::string> Names(const std::vector<Difference>& additions) {
  std::vector<std::string> names;
  names.reserve(additions.size());
  for (const Difference& addition : additions) names.push_back(NameOfAddition(addition));
  return names;
}

std::vector<std::string> Words(const std::vector<Difference>& differences) {
  std::vector<std::string> words;
  words.reserve(differences.size());
  for (const Difference& difference : differences) words.push_back(Describe(difference));
  return words;
}

TEST(Managed, AdditionsAreNamedAndNoDrift) {
  struct Case {
    Snapshot more;
    std::string name;
  };
  const std::vector<Case> cases = {
      {{{"index", "dba_idx", "table", "\"Post\""}, {"index", "dba_idx", "definition", "USING x"}},
       "index dba_idx on \"Post\""},
      {{{"table", "\"Post_backup\"", "kind", "ordinary"},
        {"column", "\"Post_backup\".a", "type", "text"}},
       "table \"Post_backup\""},
      {{{"table", "e1", "kind", "ordinary"},
        {"table", "e1", "partition of", "\"Event\""},
        {"constraint", "e1.e1_pkey", "definition", "PRIMARY KEY (a)"}},
       "table e1, a partition of \"Event\""},
      {{{"table", "\"Post\"", "options", "autovacuum_vacuum_scale_factor=0.01, fillfactor=70"}},
       "table \"Post\": options autovacuum_vacuum_scale_factor 0.01, options fillfactor 70"},
      {{{"table", "\"Post\"", "replica identity", "full"}},
       "table \"Post\": replica identity full"},
      {{{"table", "\"Post\"", "row security", "enabled"}}, "table \"Post\": row security enabled"},
      {{{"table", "\"Post\"", "owner", "admin"}}, "table \"Post\": owner admin"},
      {{{"table", "\"Post\"", "grant to anon", "INSERT, SELECT"}},
       "table \"Post\": grant to anon: INSERT, grant to anon: SELECT"},
      {{{"table", "\"Post\"", "comment", "hello"}}, "table \"Post\": comment hello"},
      {{{"column", "\"Post\".title", "statistics", "500"}},
       "column \"Post\".title: statistics 500"},
      {{{"trigger", "\"Post\".audit", "definition", "x"}}, "trigger \"Post\".audit"},
      {{{"policy", "\"Post\".p", "command", "all"}}, "policy \"Post\".p"},
      {{{"publication", "cdc", "all tables", "yes"}}, "publication cdc"},
      {{{"extension", "citext", "version", "1.4"}}, "extension citext: version 1.4"},
      {{{"schema", "<target>", "owner", "admin"}}, "the target schema: owner admin"},
  };
  for (const Case& c : cases) {
    const ManagedComparison found = CompareManaged(Proven(), With(Proven(), c.more), {});
    EXPECT_THAT(found.drift, IsEmpty()) << c.name;
    EXPECT_THAT(Names(found.additions), ElementsAre(c.name));
    EXPECT_FALSE(found.Equal());
  }
  EXPECT_TRUE(CompareManaged(Proven(), Proven(), {}).Equal());
}

// Drift that the state after has, too.
TEST(Managed, WhatTheStateAfterHasIsAnticipated) {
  const Snapshot after = With(Proven(), {{"column", "\"Post\".late", "type", "text"},
                                         {"constraint", "\"Post\".c", "definition", "CHECK (a)"}});
  const auto split = [&](const Snapshot& live) {
    ManagedComparison found = CompareManaged(Proven(), live, {});
    SeparateAnticipated(after, live, found);
    return std::pair(Words(found.drift), Words(found.anticipated));
  };
  const auto same = split(With(Proven(), {{"column", "\"Post\".late", "type", "text"}}));
  EXPECT_THAT(same.first, IsEmpty());
  EXPECT_THAT(same.second, ElementsAre("column \"Post\".late exists, but is not expected"));
  const auto other = split(With(Proven(), {{"column", "\"Post\".late", "type", "uuid"}}));
  EXPECT_THAT(other.second, IsEmpty());
  EXPECT_EQ(other.first.size(), 1u);
  const auto missing = split(Without(Proven(), "index", "post_idx"));
  EXPECT_THAT(missing.first, ElementsAre("index post_idx is missing"));
}

TEST(Managed, AnExtensionMayBeInAnotherSchemaUnlessTheHistoryNamesOne) {
  const Snapshot live = Changed(Proven(), {"extension", "citext", "schema", "extensions"});
  EXPECT_THAT(Names(CompareManaged(Proven(), live, {}).additions),
              ElementsAre("extension citext: schema extensions"));
  const Snapshot named = Changed(Proven(), {"extension", "citext", "schema", "other"});
  EXPECT_THAT(Words(CompareManaged(named, live, {}).drift),
              ElementsAre("extension citext: schema is extensions, expected other"));
}

TEST(Managed, ReportsMissingAndChangedObjectsAsDrift) {
  struct Case {
    Snapshot live;
    std::string words;
  };
  const std::vector<Case> cases = {
      {Without(Proven(), "index", "post_idx"), "index post_idx is missing"},
      {Changed(Proven(), {"column", "\"Post\".title", "type", "integer"}),
       "column \"Post\".title: type is integer, expected text"},
      {With(Proven(), {{"column", "\"Post\".title", "not null", "yes"}}),
       "column \"Post\".title: not null is yes, expected no"},
      {With(Proven(), {{"column", "\"Post\".title", "default", "1"}}),
       "column \"Post\".title: default is 1, expected none"},
      {With(Proven(), {{"table", "\"Post\"", "persistence", "unlogged"}}),
       "table \"Post\": persistence is unlogged, expected none"},
      {With(Proven(), {{"index", "post_idx", "state", "invalid"}}),
       "index post_idx: state is invalid, expected none"},
      {With(Proven(), {{"index", "post_idx", "enabled", "no"}}),
       "index post_idx: enabled is no, expected yes"},
      {Changed(Proven(), {"enum", "\"Role\"", "values", "USER, ADMIN, X"}),
       "enum \"Role\": values is USER, ADMIN, X, expected USER, ADMIN"},
      {With(Proven(), {{"column", "\"Post\".extra", "type", "text"}}),
       "column \"Post\".extra exists, but is not expected"},
      {With(Proven(), {{"constraint", "\"Post\".c", "definition", "CHECK (true)"}}),
       "constraint \"Post\".c exists, but is not expected"},
      {Without(Proven(), "function", "f()", "grant to app"),
       "function f(): grant to app: EXECUTE is no, expected yes"},
  };
  for (const Case& c : cases) {
    const ManagedComparison found = CompareManaged(Proven(), c.live, {});
    EXPECT_THAT(Words(found.drift), ElementsAre(c.words));
    EXPECT_THAT(found.additions, IsEmpty()) << c.words;
  }
}

TEST(Managed, ListsMayGrowButNotShrink) {
  const Snapshot proven = With(Proven(), {{"table", "\"Post\"", "options", "fillfactor=70"},
                                          {"table", "\"Post\"", "grant to app", "SELECT"}});
  const Snapshot grown =
      With(Proven(), {{"table", "\"Post\"", "options", "autovacuum_enabled=false, fillfactor=70"},
                      {"table", "\"Post\"", "grant to app", "INSERT, SELECT"}});
  const ManagedComparison more = CompareManaged(proven, grown, {});
  EXPECT_THAT(more.drift, IsEmpty());
  EXPECT_THAT(Names(more.additions), ElementsAre("table \"Post\": grant to app: INSERT, "
                                                 "options autovacuum_enabled false"));
  EXPECT_THAT(Words(CompareManaged(grown, proven, {}).drift),
              ElementsAre("table \"Post\": grant to app: INSERT is no, expected yes; "
                          "options autovacuum_enabled is missing, expected false"));
}

TEST(Managed, StorageParametersOfIndexesMayBeAdded) {
  const auto index = [](const std::string& definition) {
    return Changed(Proven(), {"index", "post_idx", "definition", definition});
  };
  const struct {
    const char* live;
    const char* addition;
  } cases[] = {
      {"USING btree (title) WITH (fillfactor='40')", "index post_idx: options fillfactor 40"},
      {"USING btree (title) WITH (fillfactor='40', deduplicate_items=off)",
       "index post_idx: options deduplicate_items off, options fillfactor 40"},
  };
  for (const auto& c : cases) {
    const ManagedComparison more = CompareManaged(Proven(), index(c.live), {});
    EXPECT_THAT(more.drift, IsEmpty()) << c.live;
    EXPECT_THAT(Names(more.additions), ElementsAre(c.addition));
  }
  const std::string where = " WHERE (title = ' WITH (fillfactor=''40'')'::text)";
  const Snapshot partial = index("USING btree (title) INCLUDE (n)" + where);
  const Snapshot tuned = index("USING btree (title) INCLUDE (n) WITH (fillfactor='40')" + where);
  EXPECT_THAT(CompareManaged(partial, tuned, {}).drift, IsEmpty());
  EXPECT_THAT(Words(CompareManaged(tuned, partial, {}).drift),
              ElementsAre("index post_idx: options fillfactor is missing, expected 40"));
  // What the release sets is its own.
  const Snapshot other = index("USING btree (title) INCLUDE (n) WITH (fillfactor='50')" + where);
  EXPECT_THAT(Words(CompareManaged(tuned, other, {}).drift),
              ElementsAre("index post_idx: options fillfactor is 50, expected 40"));
  EXPECT_THAT(CompareManaged(Proven(), tuned, {}).drift, ::testing::SizeIs(1));
}

TEST(Managed, RulesCoverByObjectTableAndSchema) {
  const Snapshot live = Without(Proven(), "index", "post_idx");
  for (const char* glob : {"post_*", "index post_idx", "\"Post\"", "Post", "*"}) {
    const ManagedComparison found = CompareManaged(Proven(), live, {{glob}, {}});
    EXPECT_THAT(found.drift, IsEmpty()) << glob;
    EXPECT_EQ(found.ignored.size(), 1U) << glob;
  }
  EXPECT_EQ(CompareManaged(Proven(), live, {{"post"}, {}}).drift.size(), 1U);
  const Snapshot changed = Changed(Proven(), {"index", "post_idx", "definition", "USING x"});
  EXPECT_EQ(CompareManaged(Proven(), changed, {{"table Post"}, {}}).ignored.size(), 1U);
  const Snapshot supabase = With(
      Proven(), {{"table", "auth.users", "kind", "ordinary"}, {"schema", "auth", "exists", "yes"}});
  EXPECT_THAT(CompareManaged(Proven(), supabase, {{}, {"schema auth"}}).additions, IsEmpty());
}

// Literals and comments can contain what a property would.
TEST(Managed, RulesDoNotReadTheValuesOfOtherProperties) {
  const std::string definition = "USING btree (a) WHERE (note = 'x; table \"U\"')";
  const Snapshot index = {{"index", "i", "definition", definition},
                          {"index", "i", "table", "\"Post\""}};
  const auto added = [&](const ComparisonRules& rules) {
    return Names(CompareManaged(Proven(), With(Proven(), index), rules).additions);
  };
  EXPECT_THAT(added({}), ElementsAre("index i on \"Post\""));
  EXPECT_THAT(added({{}, {"table U"}}), ElementsAre("index i on \"Post\""));
  EXPECT_THAT(added({{}, {"table Post"}}), IsEmpty());
  const Snapshot expected = With(Proven(), index);
  EXPECT_EQ(CompareManaged(expected, Proven(), {{"table U"}, {}}).drift.size(), 1U);
  EXPECT_TRUE(CompareManaged(expected, Proven(), {{"table Post"}, {}}).drift.empty());
  const Snapshot publication = {{"publication", "cdc", "table \"Post\"", "yes"}};
  EXPECT_EQ(
      CompareManaged(Proven(), With(Proven(), publication), {{}, {"table Post"}}).additions.size(),
      1U);
}

TEST(Managed, TheStateOfATriggerOnAManagedPartitionBelongsToTheRelease) {
  const Snapshot proven = With(Proven(), {{"table", "e1", "partition of", "\"Event\""}});
  const Snapshot theirs = With(proven, {{"table", "e2", "partition of", "\"Event\""}});
  for (const auto& [state, words] :
       {std::pair{"no", "trigger e1.tr: enabled is no, expected yes"},
        {"on replica", "trigger e1.tr: enabled is on replica, expected yes"}}) {
    const ManagedComparison found = CompareManaged(
        proven,
        With(theirs,
             {{"trigger", "e1.tr", "enabled", state}, {"trigger", "e2.tr", "enabled", state}}),
        {});
    EXPECT_THAT(Words(found.drift), ElementsAre(words));
    EXPECT_THAT(Names(found.additions), ElementsAre("table e2, a partition of \"Event\""));
  }
}

std::vector<std::string> Unproven(const Snapshot* proven_before, const Snapshot& proven_after,
                                  const Snapshot& live_before, const Snapshot& live_after) {
  return Words(UnprovenChanges({proven_before, proven_after, live_before, live_after}, {}));
}

TEST(Deploy, AFreshDatabaseKeepsItsAdditions) {
  const Snapshot nothing;
  const Snapshot there = SortedSnapshot({{"view", "v", "definition", "SELECT 1"},
                                         {"extension", "citext", "schema", "extensions"},
                                         {"extension", "citext", "version", "1.4"}});
  Snapshot after = Changed(Proven(), {"extension", "citext", "schema", "extensions"});
  after = With(
      after, {{"view", "v", "definition", "SELECT 1"}, {"extension", "citext", "version", "1.4"}});
  EXPECT_THAT(Unproven(&nothing, Proven(), there, after), IsEmpty());
  EXPECT_THAT(Unproven(&nothing, Proven(), {}, after),
              ElementsAre("extension citext: schema is extensions, expected <target>; "
                          "version is 1.4, expected none",
                          "view v exists, but is not expected"));
  EXPECT_THAT(Unproven(&nothing, Proven(), there, Without(after, "index", "post_idx")),
              ElementsAre("index post_idx is missing"));
}

TEST(Deploy, AnEventTriggerOfThePlatformMaySecureNewTables) {
  const Snapshot nothing;
  const Snapshot there = {{"event trigger", "ensure_rls", "event", "ddl_command_end"}};
  const Snapshot secured = With(Proven(), {{"table", "\"Post\"", "row security", "enabled"}});
  EXPECT_THAT(Unproven(&nothing, Proven(), there, With(secured, there)), IsEmpty());
  EXPECT_THAT(Unproven(&nothing, Proven(), {}, secured),
              ElementsAre("table \"Post\": row security is enabled, expected none"));
}

TEST(Deploy, TheRoleThatDeploysOwnsNewObjects) {
  const Snapshot before = Without(Proven(), "table", "\"Post\"");
  const Snapshot proven = Proven();
  const auto unproven = [&](const ObjectProperty& property) {
    return Unproven(&before, proven, before, With(proven, {property}));
  };
  EXPECT_THAT(unproven({"table", "\"Post\"", "owner", "app"}), IsEmpty());
  EXPECT_THAT(unproven({"table", "\"Post\"", "grant to reader", "SELECT"}), IsEmpty());
  EXPECT_THAT(unproven({"table", "\"Post\"", "replica identity", "full"}), ::testing::SizeIs(1));
  EXPECT_THAT(unproven({"table", "\"Event\"", "owner", "app"}), ::testing::SizeIs(1));
}

// v2 renames "Post" to "Article", drops post_idx, adds a column to "Event".
MovedObjects Renames() {
  return MovedObjects({{{"table", "\"Post\""}, {"table", "\"Article\""}},
                       {{"column", "\"Post\".title"}, {"column", "\"Article\".title"}},
                       {{"column", "\"Post\".extra"}, {"column", "\"Article\".extra"}}});
}
Snapshot ProvenNext() {
  Snapshot next = Without(Proven(), "index", "post_idx");
  for (ObjectProperty& property : next) {
    if (property.object.starts_with("\"Post\"")) property.object.replace(1, 4, "Article");
  }
  return With(next, {{"column", "\"Event\".n", "type", "integer"}});
}

TEST(Deploy, AnUpgradeKeepsAdditions) {
  const Snapshot proven = Proven();
  const Snapshot before = With(Proven(), {{"table", "\"Post\"", "options", "fillfactor=70"},
                                          {"column", "\"Post\".extra", "type", "text"},
                                          {"column", "\"Post\".title", "statistics", "500"},
                                          {"index", "dba_idx", "table", "\"Post\""},
                                          {"index", "on_extra", "table", "\"Post\""},
                                          {"table", "e1", "partition of", "\"Event\""}});
  const Snapshot after = With(ProvenNext(), {{"table", "\"Article\"", "options", "fillfactor=70"},
                                             {"column", "\"Article\".extra", "type", "text"},
                                             {"column", "\"Article\".title", "statistics", "500"},
                                             {"index", "dba_idx", "table", "\"Article\""},
                                             {"table", "e1", "partition of", "\"Event\""},
                                             {"column", "e1.n", "type", "integer"},
                                             {"index", "e1_n_idx", "table", "e1"},
                                             {"table", "e2", "partition of", "\"Event\""}});
  const Snapshot next = ProvenNext();
  const DeployStates states{&proven, next, before, after, false, Renames()};
  EXPECT_THAT(UnprovenChanges(states, {}), IsEmpty());
  const LostAdditions lost = FindLostAdditions(states, {});
  EXPECT_THAT(lost.dropped, IsEmpty());
  EXPECT_THAT(lost.of_remaining, ElementsAre("index on_extra on \"Post\""));
  // Other objects with the names of the additions.
  EXPECT_THAT(Unproven(&proven, ProvenNext(), before, after), ::testing::SizeIs(3));
}

// The server makes them with the index of the partitioned table, also several levels below.
TEST(Deploy, IndexesOfPartitionsFollowAnAddition) {
  const Snapshot proven = With(Proven(), {{"index", "own", "table", "\"Event\""},
                                          {"table", "e1", "partition of", "\"Event\""},
                                          {"table", "e11", "partition of", "e1"}});
  const Snapshot before = With(Proven(), {{"index", "dba_idx", "table", "\"Event\""},
                                          {"index", "own", "table", "\"Event\""}});
  const Snapshot after = With(proven, {{"index", "dba_idx", "table", "\"Event\""},
                                       {"index", "e1_idx", "table", "e1"},
                                       {"index", "e1_idx", "attached to", "dba_idx"},
                                       {"index", "e11_idx", "table", "e11"},
                                       {"index", "e11_idx", "attached to", "e1_idx"}});
  const Snapshot own = Changed(after, {"index", "e1_idx", "attached to", "own"});
  const Snapshot start = With(Proven(), {{"index", "own", "table", "\"Event\""}});
  for (const Snapshot* state : {&start, static_cast<const Snapshot*>(nullptr)}) {
    EXPECT_THAT(Unproven(state, proven, before, after), IsEmpty());
    EXPECT_THAT(Unproven(state, proven, before, own), ::testing::SizeIs(2));
  }
}

// An object of the release, or one of others, has the last name of an addition that was dropped.
TEST(Lost, AnObjectOfTheSameNameElsewhereIsAnotherOne) {
  const struct {
    const char* words;
    Snapshot shared, lost, made;
    std::vector<std::string> of_remaining;
    MovedObjects moved = {};
  } cases[] = {
      {"a column",
       {{"table", "\"Others\"", "kind", "ordinary"}, {"column", "\"Others\".x", "type", "text"}},
       {{"column", "\"Others\".note", "type", "text"}},
       {{"column", "\"Post\".note", "type", "text"}},
       {"column \"Others\".note"}},
      {"a policy",
       {},
       {{"policy", "\"Post\".tenant", "command", "all"}},
       {{"policy", "\"Event\".tenant", "command", "all"}},
       {"policy \"Post\".tenant"}},
      {"a trigger",
       {},
       {{"trigger", "\"Post\".touch", "definition", "x"}},
       {{"trigger", "\"Event\".touch", "definition", "x"}},
       {"trigger \"Post\".touch"}},
      {"a check",
       {{"table", "\"Others\"", "kind", "ordinary"}},
       {{"constraint", "\"Others\".c", "definition", "CHECK ((a > 0))"}},
       {{"constraint", "\"Post\".c", "definition", "CHECK ((a > 0))"}},
       {"constraint \"Others\".c"}},
      {"a trigger that the release has taken along",
       {},
       {{"trigger", "\"Post\".touch", "definition", "x"}},
       {{"trigger", "\"Article\".touch", "definition", "x"}},
       {},
       MovedObjects({{{"trigger", "\"Post\".touch"}, {"trigger", "\"Article\".touch"}}})},
      {"a trigger that was renamed",
       {},
       {{"trigger", "\"Post\".touch", "definition", "x"}},
       {{"trigger", "\"Post\".touched", "definition", "x"}},
       {"trigger \"Post\".touch"},
       MovedObjects({{{"trigger", "\"Post\".touch"}, {"trigger", "\"Post\".touched"}}})},
      {"a table that was moved",
       {},
       {{"table", "others", "kind", "ordinary"}},
       {{"table", "s.others", "kind", "ordinary"}},
       {"table others"},
       MovedObjects({{{"table", "others"}, {"table", "s.others"}}})},
      {"a table in a renamed schema",
       {},
       {{"table", "o.others", "kind", "ordinary"}},
       {{"table", "s.others", "kind", "ordinary"}},
       {},
       MovedObjects(
           {{{"schema", "o"}, {"schema", "s"}}, {{"table", "o.others"}, {"table", "s.others"}}})},
      {"a table that was made again",
       {{"table", "others", "kind", "ordinary"}},
       {},
       {},
       {"table others"},
       MovedObjects({}, {{"table", "others"}})},
  };
  for (const auto& c : cases) {
    const Snapshot proven = Proven(), shared = With(proven, c.shared);
    const Snapshot before = With(shared, c.lost), after = With(shared, c.made);
    const DeployStates states{&proven, proven, before, after, false, c.moved};
    const LostAdditions lost = FindLostAdditions(states, {});
    EXPECT_EQ(lost.of_remaining, c.of_remaining) << c.words;
    EXPECT_THAT(lost.dropped, IsEmpty()) << c.words;
    // Nor does what is new count as the earlier addition.
    const bool is_new = !c.of_remaining.empty() && !c.made.empty();
    EXPECT_EQ(UnprovenChanges(states, {}).empty(), !is_new) << c.words;
  }
}

TEST(Lost, TheIndexOfANewConstraintReplacesOneOfItsName) {
  const Snapshot proven = Proven();
  const Snapshot next =
      With(proven, {{"constraint", "\"Post\".u", "definition", "UNIQUE (title)"}});
  const Snapshot before = With(proven, {{"index", "u", "table", "\"Post\""}});
  const LostAdditions lost = FindLostAdditions({&proven, next, before, next}, {});
  EXPECT_THAT(lost.replaced, ElementsAre("index u on \"Post\""));
  EXPECT_THAT(lost.of_remaining, IsEmpty());
}

TEST(Lost, AnAdditionToAnObjectThatExistsAfterwardsIsNoDroppedOne) {
  const Snapshot proven = With(Proven(), {{"view", "v", "definition", "SELECT 1"},
                                          {"column", "\"Post\".extra", "type", "text"}});
  const Snapshot next = Without(proven, "column", "\"Post\".extra");
  struct Case {
    std::string words;
    Snapshot added;  // to the live database before
    Snapshot left;   // of it, afterwards
    std::vector<std::string> dropped;
    std::vector<std::string> of_remaining;
    MovedObjects moved = {};
  };
  const Snapshot none;
  const ObjectProperty grant{"view", "v", "grant to ro", "SELECT, UPDATE"};
  const ObjectProperty comment{"enum", "\"Role\"", "comment", "c"};
  const ObjectProperty trigger{"trigger", "v.t", "definition", "INSTEAD OF INSERT ON v"};
  const ObjectProperty other{"view", "theirs", "definition", "SELECT 2"};
  const Snapshot index = {{"index", "i", "table", "\"Post\""},
                          {"index", "i", "definition", "USING btree (title)"}};
  const Snapshot of_column = {{"index", "i", "table", "\"Post\""},
                              {"index", "i", "definition", "USING btree (extra)"}};
  const std::vector<Case> cases = {
      {"kept", {grant, comment, trigger, other}, {grant, comment, trigger, other}, {}, {}},
      {"a privilege", {grant}, none, {}, {"view v: grant to ro: SELECT, grant to ro: UPDATE"}},
      {"one of two privileges",
       {grant},
       {{"view", "v", "grant to ro", "SELECT"}},
       {},
       {"view v: grant to ro: UPDATE"}},
      {"a comment", {comment}, none, {}, {"enum \"Role\": comment c"}},
      {"a trigger", {trigger}, none, {}, {"trigger v.t"}},
      {"a view", {other}, none, {}, {"view theirs"}},
      {"an index", index, none, {}, {"index i on \"Post\""}},
      {"an index of a dropped column", of_column, none, {"index i on \"Post\""}, {}},
      {"a comment on a dropped column",
       {{"column", "\"Post\".extra", "comment", "c"}},
       {},
       {"column \"Post\".extra: comment c"},
       {}},
      {"tables of a publication",
       {{"publication", "p", "table \"Post\"", "all columns"},
        {"publication", "p", "table \"Event\"", "all columns"},
        {"publication", "p", "table gone", "all columns"}},
       {{"publication", "p", "table \"Event\"", "all columns"}},
       {"publication p: table gone"},
       {"publication p: table \"Post\""}},
      {"a renamed table of a publication",
       {{"publication", "p", "table gone", "all columns"}},
       {{"publication", "p", "table renamed", "all columns"}},
       {},
       {},
       MovedObjects({{{"table", "gone"}, {"table", "renamed"}}})},
      {"a renamed table of a publication, and one that was dropped",
       {{"publication", "p", "table gone", "all columns"},
        {"publication", "p", "table dropped", "all columns"}},
       {{"publication", "p", "table renamed", "all columns"}},
       {"publication p: table dropped"},
       {},
       MovedObjects({{{"table", "gone"}, {"table", "renamed"}}})}};
  for (const Case& c : cases) {
    const Snapshot before = With(proven, c.added), after = With(next, c.left);
    const LostAdditions lost =
        FindLostAdditions({&proven, next, before, after, false, c.moved}, {});
    EXPECT_EQ(lost.dropped, c.dropped) << c.words;
    EXPECT_EQ(lost.of_remaining, c.of_remaining) << c.words;
  }
  const Snapshot live = With(With(proven, of_column), {grant, trigger});
  EXPECT_THAT(AdditionsDroppedWith(proven, next, live, {}), ElementsAre("index i on \"Post\""));
  const Snapshot with_table = With(proven, {{"table", "gone", "kind", "table"}});
  const Snapshot published =
      With(with_table, {{"publication", "p", "table \"Post\"", "all columns"},
                        {"publication", "p", "table gone", "all columns"}});
  EXPECT_THAT(AdditionsDroppedWith(with_table, next, published, {}),
              ElementsAre("publication p: table gone"));
}

// The release comments on a table, and grants a privilege, that others have commented and granted.
TEST(Lost, WhatTheReleaseHasThenIsNoAddition) {
  const Snapshot next = With(Proven(), {{"table", "\"Post\"", "comment", "ours"},
                                        {"table", "\"Post\"", "grant to ro", "SELECT"}});
  const Snapshot before = With(Proven(), {{"table", "\"Post\"", "comment", "theirs"},
                                          {"table", "\"Post\"", "grant to ro", "SELECT, UPDATE"}});
  const Snapshot after = With(Proven(), {{"table", "\"Post\"", "comment", "ours"},
                                         {"table", "\"Post\"", "grant to ro", "SELECT, UPDATE"}});
  const Snapshot proven = Proven();
  const LostAdditions lost = FindLostAdditions({&proven, next, before, after}, {});
  EXPECT_THAT(lost.replaced, ElementsAre("table \"Post\": comment theirs"));
  EXPECT_THAT(lost.managed, ElementsAre("table \"Post\": grant to ro: SELECT"));
  EXPECT_THAT(lost.of_remaining, IsEmpty());
  ASSERT_EQ(lost.remainders.size(), 1u);
  EXPECT_EQ(lost.remainders.begin()->second, "table \"Post\": grant to ro: UPDATE");
}

TEST(Lost, ADroppedColumnTakesAlongOnlyWhatNamesIt) {
  const Snapshot next = With(Proven(), {{"column", "\"Post\".id", "type", "integer"}});
  const Snapshot proven = With(next, {{"column", "\"Post\".w", "type", "text"}});
  const auto dropped = [&](const ObjectProperty& property) {
    return AdditionsDroppedWith(proven, next, With(proven, {property}), {});
  };
  const std::string trigger = "CREATE TRIGGER t BEFORE UPDATE OF ";
  const std::string rest = " ON w.\"Post\" FOR EACH ROW EXECUTE FUNCTION w()";
  EXPECT_THAT(dropped({"trigger", "\"Post\".t", "definition", trigger + "id" + rest}), IsEmpty());
  EXPECT_THAT(dropped({"trigger", "\"Post\".t", "definition", trigger + "id, w" + rest}),
              ElementsAre("trigger \"Post\".t"));
  // Words that are no names of columns.
  const auto index = [&](const std::string& definition) {
    const Snapshot added = {{"index", "i", "table", "\"Post\""},
                            {"index", "i", "definition", definition}};
    const Snapshot typed = With(proven, {{"column", "\"Post\".text", "type", "text"},
                                         {"column", "\"Post\".btree", "type", "text"}});
    return AdditionsDroppedWith(typed, next, With(typed, added), {});
  };
  EXPECT_THAT(index("USING btree (id) WHERE (title = 'text'::text)"), IsEmpty());
  EXPECT_THAT(index("USING btree (id DESC) WHERE (\"text\" = 'x'::text)"),
              ElementsAre("index i on \"Post\""));
  EXPECT_THAT(index("USING btree (lower(w))"), ElementsAre("index i on \"Post\""));
  EXPECT_THAT(dropped({"policy", "\"Post\".p", "using", "(w = 'a'::text)"}),
              ElementsAre("policy \"Post\".p"));
  EXPECT_THAT(dropped({"policy", "\"Post\".p", "using", "(id = 1)"}), IsEmpty());
  EXPECT_THAT(dropped({"sequence", "s", "owned by", "\"Post\".w"}), ElementsAre("sequence s"));
  EXPECT_THAT(dropped({"sequence", "s", "owned by", "\"Post\".id"}), IsEmpty());
}

TEST(Deploy, ATableOfOthersThatTheReleaseTakesOverMustBeAsProven) {
  const Snapshot proven = Proven();
  const Snapshot next =
      With(Proven(), {{"table", "c", "kind", "table"}, {"column", "c.id", "type", "integer"}});
  const Snapshot before = With(next, {{"column", "c.own", "type", "integer"}});
  EXPECT_THAT(Unproven(&proven, next, before, before),
              ElementsAre("column c.own exists, but is not expected"));
  EXPECT_THAT(Unproven(&proven, next, next, next), IsEmpty());
}

TEST(Lost, PartsOfRemainingAdditions) {
  const Snapshot proven = With(Proven(), {{"enum", "m", "labels", "a"}});
  const Snapshot next = Without(proven, "enum", "m");
  const Snapshot mine = {{"table", "mine", "kind", "table"},
                         {"column", "mine.id", "type", "integer"},
                         {"column", "mine.n", "type", "integer"}};
  const Snapshot parts = {{"column", "mine.e", "type", "m"},
                          {"column", "mine.n", "default", "f()"},
                          {"constraint", "mine.c", "definition", "CHECK (e = 'a'::m)"},
                          {"index", "i", "table", "mine"}};
  const Snapshot partition = {{"table", "e9", "partition of", "\"Event\""},
                              {"column", "e9.e", "type", "m"}};
  const Snapshot before = With(With(With(proven, mine), parts), partition);
  const Snapshot after = With(With(next, mine), {partition[0]});
  const LostAdditions lost = FindLostAdditions({&proven, next, before, after}, {});
  EXPECT_THAT(lost.dropped, IsEmpty());
  EXPECT_THAT(lost.of_remaining, ElementsAre("column mine.e", "column mine.n: default f()",
                                             "constraint mine.c", "index i"));
}

TEST(Deploy, AnUpgradeDoesNothingElse) {
  const Snapshot proven = Proven();
  struct Case {
    std::string words;
    Snapshot before;
    Snapshot after;
  };
  const std::vector<Case> cases = {
      {"index post_idx exists, but is not expected", Proven(),
       With(ProvenNext(), {{"index", "post_idx", "table", "\"Article\""}})},
      {"index other exists, but is not expected", Proven(),
       With(ProvenNext(), {{"index", "other", "table", "\"Article\""}})},
      {"column \"Event\".n is missing", Proven(), Without(ProvenNext(), "column", "\"Event\".n")},
      {"table \"Event\": options fillfactor is 70, expected none", Proven(),
       With(ProvenNext(), {{"table", "\"Event\"", "options", "fillfactor=70"}})},
      {"function f(): source is y, expected x", Proven(),
       Changed(ProvenNext(), {"function", "f()", "source", "y"})},
      {"table u exists, but is not expected", Proven(),
       With(ProvenNext(),
            {{"table", "u", "kind", "ordinary"}, {"table", "u", "comment", "x; partition of y"}})},
      // A partition of another table was dropped; a column with the name of one of its columns did
      // not move.
      {"column \"Event\".c exists, but is not expected",
       With(Proven(),
            {{"table", "e1", "partition of", "\"Event\""}, {"column", "e1.c", "type", "x"}}),
       With(ProvenNext(), {{"column", "\"Event\".c", "type", "x"}})}};
  for (const Case& c : cases) {
    EXPECT_THAT(Unproven(&proven, ProvenNext(), c.before, c.after), ElementsAre(c.words));
  }
}

TEST(Deploy, KeepsAllowedDrift) {
  const Snapshot proven = Proven();
  const ObjectProperty drift{"function", "f()", "source", "y"};
  EXPECT_THAT(
      Unproven(&proven, ProvenNext(), Changed(Proven(), drift), Changed(ProvenNext(), drift)),
      IsEmpty());
  // What the release was to change, and did not.
  const Snapshot expected = Changed(ProvenNext(), {"function", "f()", "source", "z"});
  EXPECT_THAT(Unproven(&proven, expected, Changed(Proven(), drift), Changed(ProvenNext(), drift)),
              ElementsAre("function f(): source is y, expected z"));
}

TEST(Deploy, AcceptsOnlyAdditionsWithoutAKnownState) {
  const Snapshot more = {{"index", "dba_idx", "table", "\"Event\""}};
  EXPECT_THAT(Unproven(nullptr, ProvenNext(), With(Proven(), more), With(ProvenNext(), more)),
              IsEmpty());
  const ObjectProperty drift{"function", "f()", "source", "y"};
  EXPECT_THAT(
      Unproven(nullptr, ProvenNext(), Changed(Proven(), drift), Changed(ProvenNext(), drift)),
      ElementsAre("function f(): source is y, expected x"));
}

// ---- made-up databases
// ---------------------------------------------------------------------------

class RandomStates {
 public:
  explicit RandomStates(unsigned seed) : random_(seed) {}

  // Objects named with `prefix`: tables with columns, indexes, functions.
  Snapshot Objects(const std::string& prefix, int count) {
    Snapshot made;
    for (int i = 0; i < count; ++i) {
      const std::string table = prefix + std::to_string(i);
      made.push_back({"table", table, "kind", "ordinary"});
      if (Chance(3)) made.push_back({"table", table, "options", "fillfactor=" + Number()});
      if (Chance(4)) made.push_back({"table", table, "grant to app", "INSERT, SELECT"});
      for (int c = 0; c < 3; ++c) {
        made.push_back({"column", table + ".c" + std::to_string(c), "type", "t" + Number()});
      }
      made.push_back({"index", table + "_idx", "table", table});
      made.push_back({"index", table + "_idx", "definition", "USING " + Number()});
      made.push_back({"function", table + "_f()", "source", Number()});
    }
    return made;
  }

  // What others do to the tables of `managed`.
  Snapshot AdditionsTo(const Snapshot& managed) {
    Snapshot made = Objects("other", static_cast<int>(random_() % 3));
    for (const ObjectProperty& p : managed) {
      if (p.kind != "table" || p.property != "kind" || !Chance(2)) continue;
      made.push_back({"index", "dba_" + p.object, "table", p.object});
      made.push_back({"table", p.object, "replica identity", "full"});
      made.push_back({"table", p.object, "grant to other", "SELECT"});
      made.push_back({"column", p.object + ".c1", "statistics", Number()});
      made.push_back({"table", p.object + "_part", "partition of", p.object});
    }
    return made;
  }

  const ObjectProperty& Any(const Snapshot& snapshot) {
    return snapshot[random_() % snapshot.size()];
  }
  bool Chance(int of) { return random_() % static_cast<unsigned>(of) == 0; }
  std::string Number() { return std::to_string(random_() % 100); }

 private:
  std::mt19937 random_;
};

TEST(MadeUpDatabases, AdditionsPassAndDriftDoesNot) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    RandomStates made(seed);
    const Snapshot common = made.Objects("a", 3);
    const Snapshot proven_before = With(common, made.Objects("old", 2));
    const Snapshot proven_after = With(common, made.Objects("new", 2));
    const Snapshot additions = made.AdditionsTo(common);
    const Snapshot before = With(proven_before, additions);
    const Snapshot after = With(proven_after, additions);
    EXPECT_THAT(Words(CompareManaged(proven_before, before, {}).drift), IsEmpty()) << seed;
    EXPECT_THAT(Unproven(&proven_before, proven_after, before, after), IsEmpty()) << seed;
    EXPECT_THAT(Unproven(nullptr, proven_after, before, after), IsEmpty()) << seed;

    ObjectProperty harmed = made.Any(proven_after);
    Snapshot broken = Without(after, harmed.kind, harmed.object, harmed.property);
    if (made.Chance(2)) {
      harmed.value += "0";
      broken = With(broken, {harmed});
    }
    EXPECT_THAT(Unproven(&proven_before, proven_after, before, broken), ::testing::Not(IsEmpty()))
        << seed << " " << RenderProperty(harmed);
    EXPECT_THAT(CompareManaged(proven_after, broken, {}).drift, ::testing::Not(IsEmpty())) << seed;
  }
}

}  // namespace
}  // namespace ballast::catalog
