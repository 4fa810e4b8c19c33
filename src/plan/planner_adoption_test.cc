// SPDX-License-Identifier: Apache-2.0
// deploy --adopt: a database without rows, and the states that its catalog was compared with.
#include "plan/planner.h"

#include <gtest/gtest.h>

#include "plan/planner_cases.h"

namespace ballast::plan {
namespace {

// A database that is not managed, compared with these states.
ComparedState State(const std::string& name, const std::string& run, const std::string& resolved) {
  ComparedState state;
  state.name = name;
  state.record = Fingerprint(name);
  for (const MigrationRow& row : RowsOf(run)) state.run.push_back({row.name, row.checksum});
  for (const MigrationRow& row : RowsOf(resolved)) {
    state.resolved.push_back({row.name, row.checksum});
  }
  state.differences = {"table \"A\" is missing"};
  return state;
}

Observation ComparedTo(const std::string& equal) {
  Observation database = Database("", 3);
  database.compared = {State("v2", "0_baseline:v2", ""), State("v1", "0_baseline:v1 h1", ""),
                       State("dev", "", "m1"), State("far", "0_baseline:v0", ""),
                       State("recipe", "", "")};
  database.compared[3].differences.push_back("table \"B\" is missing");
  database.compared[4].schema_only = true;
  for (ComparedState& state : database.compared) {
    state.equal = state.name == equal;
    if (state.equal) state.differences.clear();
  }
  return database;
}

TEST(PlannerAdoptTest, AdoptsAKnownStateAndContinues) {
  const Policy adopt{true, false};
  const std::string ground = std::string("foreign; ") + kTable;
  FollowHistory both = Development({"m1", "m2", "m3", "m4"}, {"m1"});
  both.release = ReleaseTwo();
  Check({
      {"this release", ReleaseTwo(), ComparedTo("v2"), adopt,
       ground + "compare the live catalog with v20000000000; record 1 migration as run"},
      {"this release, a hotfix to come", WithHotfix(ReleaseTwo(), "h2"), ComparedTo("v2"), adopt,
       ground + "compare the live catalog with v20000000000; record 1 migration as run; run h2"},
      {"an earlier release: it is recorded and moved forward", ReleaseTwo(), ComparedTo("v1"),
       adopt,
       ground + "record 2 migrations as run; run m2; compare the live catalog with f20000000000; "
                "remove 2 rows that the row of this release replaces; record 1 migration as run"},
      {"the development baseline, and the release is asked for", ReleaseTwo(), ComparedTo("dev"),
       adopt,
       ground + "mark 1 migration as applied; run m2; run m3; compare the live catalog with "
                "f20000000000; remove 1 row that the row of this release replaces; record 1 "
                "migration as run"},
      {"development", Development({"m1", "m2"}, {"m1"}), ComparedTo("dev"), adopt,
       ground + "compare the live catalog with dev000000000; mark 1 migration as applied; run m2"},
      {"a release, and development is asked for", both, ComparedTo("v2"), adopt,
       ground + "record 1 migration as run; compare the live catalog with f20000000000; remove 1 "
                "row of the other strategy; mark 3 migrations as applied; run m4"},
      {"none", ReleaseTwo(), ComparedTo("nothing"), adopt, "foreign; refused B506"},
      {"the recipe's schema-only baseline", ReleaseTwo(), ComparedTo("recipe"), adopt,
       "foreign; refused B506"},
      {"nothing to compare with", History({"m1"}), Database("", 3), adopt, "foreign; refused B506"},
      {"a baseline that nobody knows, and the catalog of this release", ReleaseTwo(),
       [] {
         Observation database = ComparedTo("v2");
         database.rows = RowsOf("0_baseline:v7");
         database.has_migrations_table = true;
         return database;
       }(),
       adopt,
       "unknown; compare the live catalog with v20000000000; remove 1 row of a baseline that is "
       "not "
       "known; record 1 migration as run"},
      {"compared, but nobody said --adopt",
       ReleaseTwo(),
       ComparedTo("v2"),
       {},
       "foreign; refused P3005"},
      {"rows win over --adopt", ReleaseTwo(), Database("0_baseline:v2", 3), adopt,
       "current; nothing"},
  });
}

// What a decision needs that is not read for every database.
TEST(PlannerNeedsTest, AsksOnlyForWhatItUses) {
  const auto compared = [](Compared with, Observation database) {
    database.compared_with = with;
    return database;
  };
  const auto unseen = [&](const std::string& rows, int objects) {
    return compared(Compared::kNothing, Database(rows, objects));
  };
  const auto elsewhere = [&](const std::string& rows) {
    Observation database = unseen(rows, 0);
    database.has_others = true;
    return database;
  };
  ApplyRelease unread = ReleaseTwo();
  unread.history.reset();
  const Policy adopt{.adopt = true};
  Check({
      {"rows suffice", unread, unseen("0_baseline:v2", 9), {}, "current; nothing"},
      {"nothing there", unread, unseen("", 0), adopt,
       std::string("fresh; ") + kTable +
           "run 0_baseline; compare the live catalog with f20000000000"},
      {"failed", unread, unseen("0_baseline:v1 x!", 9), adopt, "failed; refused P3009"},
      {"an earlier release", unread, unseen("0_baseline:v1 h1", 9), {}, "needs history"},
      {"development rows", unread, unseen("m1 m2 m3", 9), {}, "needs history"},
      {"history", History({"m1", "m2"}), unseen("m1", 9), adopt, "behind; run m2"},

      {"objects without rows, for the report", unread, unseen("", 3), {}, "needs comparison"},
      {"the same, for the history", History({"m1"}), unseen("", 3), {}, "needs comparison"},
      {"objects without rows, --adopt", unread, unseen("", 3), adopt, "needs comparison"},
      {"tables elsewhere, --adopt", unread, elsewhere(""), adopt, "needs comparison"},
      {"tables elsewhere",
       unread,
       elsewhere(""),
       {},
       std::string("fresh; ") + kTable +
           "run 0_baseline; compare the live catalog with f20000000000"},
      {"tables elsewhere, all rolled back, --adopt", unread, elsewhere("m1~"), adopt,
       "needs comparison"},
      {"all rolled back, objects there", unread, unseen("m1~", 2), {}, "needs comparison"},
      {"all rolled back, the history continues",
       History({"m1"}),
       unseen("m1~", 2),
       {},
       "behind; run m1"},
      {"all rolled back, --adopt", History({"m1"}), unseen("m1~", 2), adopt, "needs comparison"},
      {"an unknown baseline", ReleaseTwo(), unseen("0_baseline:v7", 9), {}, "needs comparison"},
      {"rows of deleted migrations", ReleaseTwo(), unseen("d1 d2", 9), {}, "needs comparison"},

      {"no known state is equal, --adopt", unread,
       compared(Compared::kKnownStates, ComparedTo("nothing")), adopt, "needs history points"},
      {"one is equal, --adopt: which rows it changes", unread,
       compared(Compared::kKnownStates, ComparedTo("v2")), adopt, "needs history"},
      {"no known state is equal",
       unread,
       compared(Compared::kKnownStates, ComparedTo("nothing")),
       {},
       "foreign; refused P3005"},
      {"rows of deleted migrations, no known state is equal",
       History({"m1"}),
       compared(Compared::kKnownStates, Database("d1 d2", 9)),
       {},
       "needs history points"},
  });
}

TEST(PlannerAdoptTest, AcceptsDifferencesOnlyIfMostOfAStateExists) {
  const Policy adopt{.adopt = true, .allow_drift = true};
  Observation close = ComparedTo("nothing");
  for (size_t i = 0; i < close.compared.size(); ++i) {
    close.compared[i].objects = 10;
    close.compared[i].as_proven = i == 1 ? 9 : 8;
  }
  EXPECT_EQ(Decided(ReleaseTwo(), close, adopt).adopted, "v1");
  EXPECT_TRUE(Decided(ReleaseTwo(), close, {.adopt = true}).Refused());
  EXPECT_TRUE(Decided(ReleaseTwo(), close, {.allow_drift = true}).Refused());
  for (ComparedState& state : close.compared) state.as_proven = 4;
  EXPECT_TRUE(Decided(ReleaseTwo(), close, adopt).Refused());
}

// A squash: the migrations whose rows the database has are no longer part of the project.
TEST(PlannerAdoptTest, ConvertsRowsOfDeletedMigrationsIfTheCatalogIsKnown) {
  const auto rows = [](Observation database) {
    database.rows = RowsOf("d1 d2");
    database.has_migrations_table = true;
    return database;
  };
  Check({
      {"the release, equal",
       ReleaseTwo(),
       rows(ComparedTo("v2")),
       {},
       "other_ledger; compare the live catalog with v20000000000; record 1 migration as run; "
       "remove 2 rows of migrations that the project has deleted"},
      {"the release, a known earlier state",
       ReleaseTwo(),
       rows(ComparedTo("v1")),
       {},
       "other_ledger; record 2 migrations as run; remove 2 rows of migrations that the project has "
       "deleted; run m2; "
       "compare "
       "the live catalog with f20000000000; remove 2 rows that the row of this release replaces; "
       "record 1 migration as run"},
      {"development, equal",
       Development({"m1"}, {"m1"}),
       rows(ComparedTo("dev")),
       {},
       "other_ledger; compare the live catalog with dev000000000; remove 2 rows of migrations that "
       "the project has deleted; mark 1 migration as applied"},
      {"history, equal",
       History({"m1"}),
       rows(ComparedTo("dev")),
       {},
       "other_ledger; compare the live catalog with dev000000000; remove 2 rows of migrations that "
       "the project has deleted; mark 1 migration as applied"},
      {"the release, no known state",
       ReleaseTwo(),
       rows(ComparedTo("nothing")),
       {},
       "unknown; refused B501"},
      {"history, no known state",
       History({"m1"}),
       rows(ComparedTo("nothing")),
       {},
       "behind; run m1"},
  });
}

TEST(PlannerAdoptTest, TablesInOtherSchemasAreAdopted) {
  Observation elsewhere = ComparedTo("v2");
  elsewhere.object_count = 0;
  elsewhere.has_others = true;
  EXPECT_EQ(Decided(ReleaseTwo(), elsewhere, {.adopt = true}).adopted, "v2");
  EXPECT_EQ(Decided(ReleaseTwo(), elsewhere, {}).found, Found::kFresh);
  const Observation none = [&] {
    Observation other = ComparedTo("nothing");
    other.object_count = 0;
    return other;
  }();
  EXPECT_EQ(Decided(ReleaseTwo(), none, {.adopt = true}).found, Found::kFresh);
}

TEST(PlannerAdoptTest, ARefusedAdoptionNamesTheNearestStateFirst) {
  const Decision none = Decided(ReleaseTwo(), ComparedTo("nothing"), {true, false});
  ASSERT_TRUE(none.Refused());
  EXPECT_EQ(none.refusal()->evidence,
            (std::vector<std::string>{"nearest: 1 difference from v2", "  table \"A\" is missing",
                                      "1 difference from v1", "1 difference from dev",
                                      "2 differences from far"}));
  const Decision recipe = Decided(ReleaseTwo(), ComparedTo("recipe"), {true, false});
  ASSERT_TRUE(recipe.Refused());
  EXPECT_EQ(recipe.refusal()->evidence,
            (std::vector<std::string>{"against v2:", "table \"A\" is missing"}));
}

TEST(PlannerAdoptTest, ASchemaIsRecognizedNextToObjectsOfOthers) {
  Observation database = ComparedTo("nothing");
  ComparedState& of_schema = database.compared[4];
  of_schema.contained = true;
  of_schema.additions = 1;
  const auto message = [&](const Policy& policy = {.adopt = true}) {
    const Decision decision = Decided(ReleaseTwo(), database, policy);
    return decision.Refused() ? decision.refusal()->message : std::string("not refused");
  };
  const std::string recognized =
      "the database was created from recipe and has 1 addition; the migrations create a different "
      "one";
  EXPECT_EQ(message(), recognized);
  // An early point of the history that it contains, too.
  ComparedState& early = database.compared[1];
  early.contained = true;
  early.additions = 5;
  EXPECT_EQ(message(), recognized);
  early.additions = 1;
  EXPECT_EQ(message(), "not refused");
  early.contained = false;
  database.compared[0].objects = 10;
  database.compared[0].as_proven = 9;
  EXPECT_EQ(message({.adopt = true, .allow_drift = true}), "not refused");
}

// m1 creates a table, m2 changes rows, m3 is empty.
FollowHistory WithRowChanges() {
  FollowHistory history;
  history.migrations = {release::MakeMigration("m1", "CREATE TABLE a (b int);"),
                        release::MakeMigration("m2", "UPDATE a SET b = 1;"),
                        release::MakeMigration("m3", "-- nothing\n")};
  return history;
}

Observation AtEnd(const std::string& rows) {
  Observation database = Database(rows, 3);
  database.compared = {State("the history up to m3", "", "m1 m2 m3")};
  ComparedState& end = database.compared.front();
  end.covers = end.resolved;
  end.equal = true;
  end.differences.clear();
  return database;
}

TEST(PlannerAdoptTest, NamesMigrationsWhoseRowsTheCatalogDoesNotShow) {
  const Policy adopt{.adopt = true};
  const Policy named{.adopt = true, .adopts_named = true};
  const Decision refused = Decided(WithRowChanges(), AtEnd(""), adopt);
  ASSERT_TRUE(refused.Refused());
  const auto& refusal = std::get<Refusal>(refused.answer);
  EXPECT_EQ(refusal.code, ErrorCode::kAdoptRefused);
  EXPECT_EQ(refusal.evidence, std::vector<std::string>{"m2"});
  EXPECT_EQ(refusal.remedies,
            (std::vector<std::string>{
                "if it has run: ballast deploy --adopt --to m3",
                "otherwise: ballast deploy --adopt --to m1; the next deploy runs it"}));
  EXPECT_FALSE(Decided(WithRowChanges(), AtEnd(""), named).Refused());
}

TEST(PlannerAdoptTest, RowsOfAnUnknownReleaseWithHotfixesDecideNothing) {
  FollowHistory history = WithRowChanges();
  history.migrations.push_back(
      release::MakeMigration("m4", "CREATE INDEX ON a (b); DELETE FROM a;"));
  Observation database = AtEnd("0_baseline:other");
  database.compared.front().covers.push_back(release::CoverageOf(history.migrations).back());
  // The index shows that m4 has run, and so has m2.
  EXPECT_FALSE(Decided(history, database, {}).Refused());
  // With a hotfix, which may have built the index.
  database.rows = RowsOf("0_baseline:other h1");
  const Decision refused = Decided(history, database, {});
  ASSERT_TRUE(refused.Refused());
  EXPECT_EQ(std::get<Refusal>(refused.answer).evidence, (std::vector<std::string>{"m2", "m4"}));
}

// Of a release: the hotfix changes only rows.
TEST(PlannerAdoptTest, NamesHotfixesWhoseRowsTheCatalogDoesNotShow) {
  ApplyRelease release = ReleaseTwo();
  release.hotfixes = {release::MakeMigration("h1", "INSERT INTO a VALUES (1);")};
  release.history.emplace();
  Observation database = AtEnd("");
  database.compared.front().run = release::CoverageOf({release.baseline, release.hotfixes.front()});
  const Decision refused = Decided(release, database, {.adopt = true});
  ASSERT_TRUE(refused.Refused());
  EXPECT_EQ(std::get<Refusal>(refused.answer).evidence, std::vector<std::string>{"h1"});
}

TEST(PlannerAdoptTest, SaysWhyThePointsWereNotCompared) {
  Observation database = ComparedTo("nothing");
  database.replay_error = "the points of the history were not compared: no role r";
  database.replay_remedy = "create the role";
  const Decision refused = Decided(History({"m1"}), database, {.adopt = true});
  ASSERT_TRUE(refused.Refused());
  EXPECT_EQ(refused.refusal()->remedies.front(), "create the role");
  EXPECT_EQ(refused.refusal()->evidence.back(), database.replay_error);
}

// A catalog does not show roles, so migrations before others that it shows are named.
TEST(PlannerAdoptTest, NamesWhatTheServerHasUnseen) {
  FollowHistory history = History({"m1"});
  history.migrations = {release::MakeMigration("m1", "CREATE ROLE r; CREATE TABLE a (id int);"),
                        release::MakeMigration("m2", "CREATE TABLE b (id int);")};
  Observation database = Database("", 2);
  ComparedState state;
  state.name = "the history up to m2";
  state.equal = true;
  state.record = Fingerprint("f");
  state.covers = state.resolved = release::CoverageOf(history.migrations);
  database.compared = {state};
  database.compared_with = Compared::kAllStates;
  const Decision adopted = Decided(history, database, {.adopt = true});
  ASSERT_FALSE(adopted.Refused());
  EXPECT_NE(TextOf(adopted.notices.back()).find("m1 is recorded as run without"),
            std::string::npos);
}

}  // namespace
}  // namespace ballast::plan
