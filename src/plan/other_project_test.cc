// SPDX-License-Identifier: Apache-2.0
#include "plan/other_project.h"

#include <gtest/gtest.h>

#include "plan/planner_cases.h"

namespace ballast::plan {
namespace {

// Rows of these names, applied with the scripts of somebody else.
Observation AppliedBySomebodyElse(const std::string& rows) {
  Observation database = Database(rows, 3);
  for (MigrationRow& row : database.rows) row.checksum = release::ChecksumOf("theirs " + row.name);
  return database;
}

Observation With(Observation database, size_t present, size_t missing) {
  ScriptObjects& objects = database.script_objects.emplace();
  objects.present.assign(present, "table a");
  objects.missing.assign(missing, "table b");
  return database;
}

TEST(OtherProjectTest, TheObjectsDecideIfNoScriptIsTheProjects) {
  const Policy allowed{.allow_drift = true};
  Observation one_of_two = AppliedBySomebodyElse("m1 m2");
  one_of_two.rows.front().checksum = Covered("m1").checksum;
  Check({
      {"all rows differ",
       History({"m1", "m2"}),
       AppliedBySomebodyElse("m1"),
       {},
       "needs script objects"},
      {"also if nothing is pending",
       History({"m1"}),
       AppliedBySomebodyElse("m1"),
       {},
       "needs script objects"},
      {"also with a development baseline",
       Development({"m1", "m2"}, {"m1"}),
       AppliedBySomebodyElse("m1"),
       {},
       "needs script objects"},
      {"one row is the project's", History({"m1", "m2"}), one_of_two, {}, "current; nothing"},
      {"no object exists",
       History({"m1", "m2"}),
       With(AppliedBySomebodyElse("m1"), 0, 1),
       {},
       "unknown; refused B501"},
      {"few exist",
       History({"m1", "m2"}),
       With(AppliedBySomebodyElse("m1"), 1, 2),
       {},
       "unknown; refused B501"},
      {"half of them exist: edited scripts",
       History({"m1", "m2"}),
       With(AppliedBySomebodyElse("m1"), 1, 1),
       {},
       "behind; run m2"},
      {"the scripts create nothing",
       History({"m1", "m2"}),
       With(AppliedBySomebodyElse("m1"), 0, 0),
       {},
       "behind; run m2"},
      {"the user says so", History({"m1", "m2"}), AppliedBySomebodyElse("m1"), allowed,
       "behind; run m2"},
  });
}

TEST(OtherProjectTest, ScriptsOfReplacedMigrationsCountToo) {
  FollowHistory squashed = History({"m3"});
  SquashedHistory& squash = squashed.squash.emplace();
  squash.record.name = "m3";
  squash.record.baseline.coverage = {Covered("m1"), Covered("m2")};
  squash.history = {Script("m1"), Script("m2")};
  Observation own_row = AppliedBySomebodyElse("m1 m2");
  own_row.rows.back().checksum = Covered("m2").checksum;
  Check({
      {"all differ", squashed, AppliedBySomebodyElse("m1 m2"), {}, "needs script objects"},
      {"no object exists",
       squashed,
       With(AppliedBySomebodyElse("m1 m2"), 0, 2),
       {},
       "unknown; refused B501"},
  });
  EXPECT_FALSE(Decided(squashed, own_row, {}).Refused());
}

// ---- compared with the known states -------------------------------------------------------------

// A database that has so many of the ten objects of v2, and these tables of others.
Observation Having(Observation database, size_t as_proven,
                   std::vector<std::string> other_tables = {}) {
  ComparedState state;
  state.name = "v2";
  state.record = Fingerprint("f2");
  state.run = {{"0_baseline", ReleaseTwo().baseline.checksum}};
  state.covers = ReleaseTwo().coverage;
  state.objects = 10;
  state.as_proven = as_proven;
  state.contained = as_proven == 10;
  if (!state.contained) state.differences = {"table \"A\" is missing"};
  state.other_tables = std::move(other_tables);
  state.additions = state.other_tables.size();
  database.compared = {state};
  return database;
}

Observation NotCompared(Observation database) {
  database.compared_with = Compared::kNothing;
  return database;
}

constexpr char kConverted[] =
    "other_ledger; compare the live catalog with f20000000000; remove 3 rows that the row of this "
    "release replaces; record 1 migration as run";

TEST(OtherProjectTest, AReleaseConvertsRowsOfOtherScriptsOnlyIfTheCatalogFits) {
  const ApplyRelease release = ReleaseTwo();
  ApplyRelease without_history = release;
  without_history.history.reset();
  const Observation theirs = AppliedBySomebodyElse("m1 m2 m3");
  const Policy adopt{.adopt = true};
  Observation one_own = theirs;
  one_own.rows.front().checksum = Covered("m1").checksum;
  Observation known_states = Having(theirs, 4);
  known_states.compared_with = Compared::kKnownStates;
  Check({
      {"line endings do not count", without_history, theirs, {}, "needs history"},
      {"not compared", release, NotCompared(theirs), {}, "needs comparison"},
      {"the scripts were edited", release, Having(theirs, 5), {}, kConverted},
      {"it has less than half", release, Having(theirs, 4), {}, "unknown; refused B501"},
      {"it has none of it", release, Having(theirs, 0), {}, "unknown; refused B501"},
      {"it has all of it, and more",
       release,
       Having(theirs, 10, {"table \"Log\""}),
       {},
       "unknown; refused B501"},
      {"drift may be allowed, but whose is it?",
       release,
       Having(theirs, 0),
       {.allow_drift = true},
       "unknown; refused B501"},
      {"the user says so", release, Having(theirs, 10, {"table \"Log\""}), adopt, kConverted},
      {"the user says so, and nothing fits", release, Having(theirs, 4), adopt,
       "unknown; refused B501"},
      {"it may fit an earlier point", release, known_states, adopt, "needs history points"},
      {"one row is the project's", release, Having(one_own, 0), {}, kConverted},
  });
}

TEST(OtherProjectTest, AnUnknownReleaseThatIsLikeNoStateIsOfAnotherProject) {
  const Observation theirs = Database("0_baseline:v7", 0);
  Observation newer = Having(theirs, 0);
  newer.journal_release =
      JournalRelease{"v7", release::ChecksumOf("baseline of v7"), {ReleaseTwo().baseline.checksum}};
  Check({
      {"like this one", ReleaseTwo(), Having(theirs, 5), {}, "unknown; refused B500"},
      {"like none", ReleaseTwo(), Having(theirs, 4), {}, "unknown; refused B501"},
      {"a newer one", ReleaseTwo(), newer, {}, "ahead; nothing"},
      {"an earlier one",
       ReleaseTwo(),
       Having(Database("0_baseline:v1 h1", 0), 0),
       {},
       "behind; run m2; compare the live catalog with f20000000000; remove 2 rows that the row of "
       "this release replaces; record 1 migration as run"},
  });
}

TEST(OtherProjectTest, ARepairAsksWhoseDatabaseItIs) {
  const Policy repair{.allow_drift = true, .asks_owner = true};
  const Observation no_rows = Database("", 3);
  const Observation unknown = Database("0_baseline:v7", 0);
  const FollowHistory history = History({"m1", "m2"});
  FollowHistory of_release = History({"m1", "m2", "m3"});
  of_release.release = ReleaseTwo();
  Check({
      {"no rows, not compared", ReleaseTwo(), NotCompared(no_rows), repair, "needs comparison"},
      {"no rows, like none", ReleaseTwo(), Having(no_rows, 4), repair, "unknown; refused B501"},
      {"the same with a history", history, Having(no_rows, 4), repair, "unknown; refused B501"},
      {"no rows, like one", ReleaseTwo(), Having(no_rows, 5, {"table \"Mine\""}), repair,
       "foreign; refused P3005"},
      {"an unknown release, like none", ReleaseTwo(), Having(unknown, 4), repair,
       "unknown; refused B501"},
      {"an unknown release, like one", ReleaseTwo(), Having(unknown, 5), repair,
       "unknown; refused B500"},
      {"an unknown release, and other tables", ReleaseTwo(), Having(unknown, 10, {"table \"Log\""}),
       repair, "unknown; refused B501"},
      {"the same with a history", of_release, Having(unknown, 10, {"table \"Log\""}), repair,
       "unknown; refused B501"},
      {"rows of other scripts", history, With(AppliedBySomebodyElse("m1"), 0, 1), repair,
       "unknown; refused B501"},
      {"edited scripts", history, With(AppliedBySomebodyElse("m1"), 1, 1), repair,
       "behind; run m2"},
      {"a release, rows of other scripts", ReleaseTwo(),
       Having(AppliedBySomebodyElse("m1 m2 m3"), 4), repair, "unknown; refused B501"},
      {"its own rows", ReleaseTwo(), Having(Database("0_baseline:v2", 0), 0), repair,
       "current; nothing"},
  });
}

TEST(OtherProjectTest, SaysWhatDoesNotFit) {
  const auto refusal = [](const Observation& database, const Policy& policy) {
    return *Decided(ReleaseTwo(), database, policy).refusal();
  };
  const Refusal more =
      refusal(Having(AppliedBySomebodyElse("m1"), 10, {"table \"Log\""}), Policy{});
  EXPECT_EQ(more.message,
            "the database seems to be that of another project: its migration of the same name (m1) "
            "was applied with another script than this project's, and it has 1 table that v2 does "
            "not have");
  EXPECT_EQ(more.evidence, std::vector<std::string>{"table \"Log\""});
  EXPECT_TRUE(more.is_other_project);
  const Refusal none =
      refusal(Having(Database("", 3), 0), {.allow_drift = true, .asks_owner = true});
  EXPECT_EQ(none.message,
            "the database seems to be that of another project: no row of _prisma_migrations says "
            "whose it is, and it has none of the 10 objects of v2");
  EXPECT_EQ(none.remedies.front(), "check the database URL, and with several projects --project");
}

}  // namespace
}  // namespace ballast::plan
