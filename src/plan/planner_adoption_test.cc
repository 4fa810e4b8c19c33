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

Observation Compared(const std::string& equal) {
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
      {"this release", ReleaseTwo(), Compared("v2"), adopt,
       ground + "compare the live catalog with v20000000000; record 1 migration as run"},
      {"this release, a hotfix to come", WithHotfix(ReleaseTwo(), "h2"), Compared("v2"), adopt,
       ground + "compare the live catalog with v20000000000; record 1 migration as run; run h2"},
      {"an earlier release: it is recorded and moved forward", ReleaseTwo(), Compared("v1"), adopt,
       ground + "record 2 migrations as run; run m2; compare the live catalog with f20000000000; "
                "remove 3 rows that the row of this release replaces; record 1 migration as run"},
      {"the development baseline, and the release is asked for", ReleaseTwo(), Compared("dev"),
       adopt,
       ground + "mark 1 migration as applied; run m2; run m3; compare the live catalog with "
                "f20000000000; remove 3 rows that the row of this release replaces; record 1 "
                "migration as run"},
      {"development", Development({"m1", "m2"}, {"m1"}), Compared("dev"), adopt,
       ground + "compare the live catalog with dev000000000; mark 1 migration as applied; run m2"},
      {"a release, and development is asked for", both, Compared("v2"), adopt,
       ground + "record 1 migration as run; compare the live catalog with f20000000000; remove 1 "
                "row of the other strategy; mark 3 migrations as applied; run m4"},
      {"none", ReleaseTwo(), Compared("nothing"), adopt, "foreign; refused B506"},
      {"the recipe's schema-only baseline", ReleaseTwo(), Compared("recipe"), adopt,
       "foreign; refused B506"},
      {"nothing to compare with", History({"m1"}), Database("", 3), adopt, "foreign; refused B506"},
      {"a baseline that nobody knows, and the catalog of this release", ReleaseTwo(),
       [] {
         Observation database = Compared("v2");
         database.rows = RowsOf("0_baseline:v7");
         database.has_migrations_table = true;
         return database;
       }(),
       adopt,
       "unknown; compare the live catalog with v20000000000; remove 1 row of the other strategy; "
       "record 1 migration as run"},
      {"compared, but nobody said --adopt",
       ReleaseTwo(),
       Compared("v2"),
       {},
       "foreign; refused P3005"},
      {"rows win over --adopt", ReleaseTwo(), Database("0_baseline:v2", 3), adopt,
       "current; nothing"},
  });
}

TEST(PlannerAdoptTest, AcceptsDifferencesOnlyIfMostOfAStateExists) {
  const Policy adopt{.adopt = true, .allow_drift = true};
  Observation close = Compared("nothing");
  for (size_t i = 0; i < close.compared.size(); ++i) {
    close.compared[i].objects = 10;
    close.compared[i].as_proven = i == 1 ? 9 : 8;
  }
  EXPECT_EQ(Decide(ReleaseTwo(), close, adopt).adopted, "v1");
  EXPECT_TRUE(Decide(ReleaseTwo(), close, {.adopt = true}).Refused());
  EXPECT_TRUE(Decide(ReleaseTwo(), close, {.allow_drift = true}).Refused());
  for (ComparedState& state : close.compared) state.as_proven = 4;
  EXPECT_TRUE(Decide(ReleaseTwo(), close, adopt).Refused());
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
       rows(Compared("v2")),
       {},
       "other_ledger; compare the live catalog with v20000000000; record 1 migration as run; "
       "remove 2 "
       "rows of the other strategy"},
      {"the release, a known earlier state",
       ReleaseTwo(),
       rows(Compared("v1")),
       {},
       "other_ledger; record 2 migrations as run; remove 2 rows of the other strategy; run m2; "
       "compare "
       "the live catalog with f20000000000; remove 3 rows that the row of this release replaces; "
       "record 1 migration as run"},
      {"development, equal",
       Development({"m1"}, {"m1"}),
       rows(Compared("dev")),
       {},
       "other_ledger; compare the live catalog with dev000000000; remove 2 rows of the other "
       "strategy; "
       "mark 1 migration as applied"},
      {"history, equal",
       History({"m1"}),
       rows(Compared("dev")),
       {},
       "other_ledger; compare the live catalog with dev000000000; remove 2 rows of the other "
       "strategy; "
       "mark 1 migration as applied"},
      {"the release, no known state",
       ReleaseTwo(),
       rows(Compared("nothing")),
       {},
       "unknown; refused B501"},
      {"history, no known state", History({"m1"}), rows(Compared("nothing")), {}, "behind; run m1"},
  });
}

TEST(PlannerAdoptTest, TablesInOtherSchemasAreAdopted) {
  Observation elsewhere = Compared("v2");
  elsewhere.object_count = 0;
  elsewhere.has_others = true;
  EXPECT_TRUE(NeedsComparison(ReleaseTwo(), elsewhere, {.adopt = true}));
  EXPECT_FALSE(NeedsComparison(ReleaseTwo(), elsewhere, {}));
  EXPECT_EQ(Decide(ReleaseTwo(), elsewhere, {.adopt = true}).adopted, "v2");
  EXPECT_EQ(Decide(ReleaseTwo(), elsewhere, {}).found, Found::kFresh);
  const Observation none = [&] {
    Observation other = Compared("nothing");
    other.object_count = 0;
    return other;
  }();
  EXPECT_EQ(Decide(ReleaseTwo(), none, {.adopt = true}).found, Found::kFresh);
}

TEST(PlannerAdoptTest, ARefusedAdoptionNamesTheNearestStateFirst) {
  const Decision none = Decide(ReleaseTwo(), Compared("nothing"), {true, false});
  ASSERT_TRUE(none.Refused());
  EXPECT_EQ(none.refusal()->evidence,
            (std::vector<std::string>{"nearest: 1 difference from v2", "  table \"A\" is missing",
                                      "1 difference from v1", "1 difference from dev",
                                      "2 differences from far"}));
  const Decision recipe = Decide(ReleaseTwo(), Compared("recipe"), {true, false});
  ASSERT_TRUE(recipe.Refused());
  EXPECT_EQ(recipe.refusal()->evidence,
            (std::vector<std::string>{"against v2:", "table \"A\" is missing"}));
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
  const Decision refused = Decide(WithRowChanges(), AtEnd(""), adopt);
  ASSERT_TRUE(refused.Refused());
  const auto& refusal = std::get<Refusal>(refused.answer);
  EXPECT_EQ(refusal.code, ErrorCode::kAdoptRefused);
  EXPECT_EQ(refusal.evidence, std::vector<std::string>{"m2"});
  EXPECT_EQ(refusal.remedies,
            (std::vector<std::string>{
                "if it has run: ballast deploy --adopt --to m3",
                "if not: ballast deploy --adopt --to m1; the next deploy runs it"}));
  EXPECT_FALSE(Decide(WithRowChanges(), AtEnd(""), named).Refused());
}

TEST(PlannerAdoptTest, RowsOfAnUnknownReleaseWithHotfixesDecideNothing) {
  FollowHistory history = WithRowChanges();
  history.migrations.push_back(
      release::MakeMigration("m4", "CREATE INDEX ON a (b); DELETE FROM a;"));
  Observation database = AtEnd("0_baseline:other");
  database.compared.front().covers.push_back(release::CoverageOf(history.migrations).back());
  // The index shows that m4 has run, and so has m2.
  EXPECT_FALSE(Decide(history, database, {}).Refused());
  // With a hotfix, which may have built the index.
  database.rows = RowsOf("0_baseline:other h1");
  const Decision refused = Decide(history, database, {});
  ASSERT_TRUE(refused.Refused());
  EXPECT_EQ(std::get<Refusal>(refused.answer).evidence, (std::vector<std::string>{"m2", "m4"}));
}

}  // namespace
}  // namespace ballast::plan
