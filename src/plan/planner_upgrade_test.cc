// SPDX-License-Identifier: Apache-2.0
// Plans that begin elsewhere than at the start: an earlier release, the rows of the other strategy,
// a newer database, a deploy that was stopped.
#include "plan/planner.h"

#include <gtest/gtest.h>

#include "plan/planner_cases.h"

namespace ballast::plan {
namespace {

// Each number of hotfixes that a database may have is a state with an upgrade path of its own.
TEST(PlannerUpgradeTest, StartsThePathAfterTheHotfixes) {
  ApplyRelease release = ReleaseTwo();
  release::PreviousRelease without = release.previous[0];
  without.hotfixes.clear();
  release.previous[0].replaces = {"m2"};
  release.previous.push_back(without);
  const std::string proof = "compare the live catalog with f20000000000; ";
  Check({
      {"without it, the migration runs",
       release,
       Database("0_baseline:v1", 9),
       {},
       "behind; run m2; " + proof +
           "remove 1 row that the row of this release replaces; record 1 migration as run"},
      {"with it, its change is there",
       release,
       Database("0_baseline:v1 h1", 9),
       {},
       "behind; " + proof +
           "remove 2 rows that the row of this release replaces; record 1 migration as run"},
      {"rows that were rolled back go with those of their names",
       release,
       Database("0_baseline:v1 h1~ h1 0_baseline~ m2~", 9),
       {},
       "behind; " + proof +
           "remove 4 rows that the row of this release replaces; record 1 migration as run"},
      {"a row that nobody knows stays",
       release,
       Database("0_baseline:v1 x9", 9),
       {},
       "behind; run m2; " + proof +
           "remove 1 row that the row of this release replaces; record 1 migration as run"},
      {"--strict", release, Database("0_baseline:v1 x9", 9), {false, true}, "behind; refused B502"},
      {"stopped midway: what has run has its row",
       release,
       Database("0_baseline:v1 m2", 9),
       {},
       "behind; " + proof +
           "remove 2 rows that the row of this release replaces; record 1 migration as run"},
  });
}

TEST(PlannerUpgradeTest, ConvertsRowsOfAnEarlierReleaseToDevelopment) {
  FollowHistory history = Development({"m1", "m2", "m3", "m4"}, {"m1"});
  history.release = ReleaseTwo();
  FollowHistory edited = Development({"m1", "m3", "m4"}, {"m1"});
  edited.release = ReleaseTwo();
  FollowHistory with_hotfix = Development({"h1", "m1", "m2", "m3"}, {"m1"});
  with_hotfix.release = ReleaseTwo();
  FollowHistory returned = history;
  returned.release->previous[0].coverage.push_back(Covered("m4"));
  FollowHistory replaced = history;
  replaced.release->previous[0].replaces = {"m2", "m4"};
  Check({
      {"by the release in between",
       history,
       Database("0_baseline:v1 h1", 9),
       {},
       "other_ledger; run m2; compare the live catalog with f20000000000; remove 2 rows of the "
       "other strategy; mark 3 migrations as applied; run m4"},
      {"the row of a hotfix that the project has as a migration stays",
       with_hotfix,
       Database("0_baseline:v1 h1", 9),
       {},
       "other_ledger; run m2; compare the live catalog with f20000000000; remove 1 row of the "
       "other strategy; mark 3 migrations as applied"},
      {"what the release before covered, and this one does not, runs",
       returned,
       Database("0_baseline:v1 h1", 9),
       {},
       "other_ledger; run m2; compare the live catalog with f20000000000; remove 2 rows of the "
       "other strategy; mark 3 migrations as applied; run m4"},
      {"a hotfix covers nothing beyond the release",
       replaced,
       Database("0_baseline:v1 h1", 9),
       {},
       "other_ledger; compare the live catalog with f20000000000; remove 2 rows of the "
       "other strategy; mark 3 migrations as applied; run m4"},
      {"a covered migration is not in the project",
       edited,
       Database("0_baseline:v1 h1", 9),
       {},
       "other_ledger; refused B504"},
      {"a baseline that nobody knows",
       history,
       Database("0_baseline:v7", 9),
       {},
       "other_ledger; refused B504"},
  });
}

TEST(PlannerUpgradeTest, ConvertsRowsOfTheReleaseToDevelopment) {
  FollowHistory intent = History({"m1", "m2", "m3", "m4"});
  intent.release = ReleaseTwo();
  Check({
      {"proven",
       intent,
       Database("0_baseline:v2", 9),
       {},
       "other_ledger; compare the live catalog with f20000000000; remove 1 row of the other "
       "strategy; mark 3 migrations as applied; run m4"},
  });
}

// A hotfix that was merged into the project has a row of its own, so the state of the release is no
// longer that of the database.
TEST(PlannerUpgradeTest, ConvertsRowsAtTheStateOfAllRows) {
  FollowHistory history = History({"m1", "m2", "m3", "m4", "m5"});
  history.release = ReleaseTwo();
  FollowHistory development = Development({"m1", "m2", "m3", "m4"}, {"m1", "m2", "m3", "m4"});
  development.release = ReleaseTwo();
  Observation unread = Database("0_baseline:v2 m4", 9);
  unread.compared_with = Compared::kNothing;
  Observation replayed = Database("0_baseline:v2 m4", 9);
  ComparedState point;
  point.name = "the history up to m4";
  point.record = Fingerprint("p4");
  point.covers = {Covered("m1"), Covered("m2"), Covered("m3"), Covered("m4")};
  replayed.compared = {point};
  const std::string convert = "; remove 1 row of the other strategy; mark 3 migrations as applied";
  Check({
      {"the baseline covers all",
       development,
       unread,
       {},
       "other_ledger; compare the live catalog with fd0000000000" + convert},
      {"a point of the history is needed", history, unread, {}, "needs history points"},
      {"the point of these rows",
       history,
       replayed,
       {},
       "other_ledger; compare the live catalog with p40000000000" + convert + "; run m5"},
      {"no point is known",
       history,
       Database("0_baseline:v2 m4", 9),
       {},
       "other_ledger; compare the live catalog with f20000000000" + convert + "; run m5"},
      {"a row that nobody knows",
       history,
       Database("0_baseline:v2 x9", 9),
       {},
       "other_ledger; compare the live catalog with f20000000000" + convert + "; run m4; run m5"},
  });
}

TEST(PlannerUpgradeTest, AnOlderApplicationStartsOnANewerDatabase) {
  ApplyRelease older = ReleaseTwo();
  Observation database = Database("0_baseline:v3", 9);
  database.journal_release =
      JournalRelease{"v3", release::ChecksumOf("baseline of v3"), {older.baseline.checksum}};
  FollowHistory covered = History({"m1", "m2", "m3"});
  covered.release = older;
  FollowHistory more = History({"m1", "m2", "m3", "m4"});
  more.release = older;
  Check({
      {"by the journal", older, database, {}, "ahead; nothing"},
      {"--strict", older, database, {false, true}, "ahead; refused B502"},
      {"history", covered, database, {}, "ahead; nothing"},
      {"history, --strict", covered, database, {false, true}, "ahead; refused B502"},
      {"a migration that no known release has", more, database, {}, "other_ledger; refused B504"},
  });
}

// A deploy was killed in the step c; the journal knows that it had begun.
Observation Stopped(const std::string& rows, std::optional<IndexState> index) {
  Observation database = Database(rows, 9);
  for (MigrationRow& row : database.rows) {
    if (row.name == "c") row.checksum = Concurrent("c").checksum;
  }
  database.step_in_progress = "c";
  database.step_index = index;
  if (index == IndexState::kInvalid) database.invalid_indexes = {{"public", "i"}};
  return database;
}

TEST(PlannerUpgradeTest, ResumesAnInterruptedDeploy) {
  FollowHistory history = History({"m1", "m2"});
  history.migrations.push_back(Concurrent("c"));
  Observation failed = Stopped("m1 m2 c!", IndexState::kAbsent);
  failed.rows.back().logs = "ERROR: duplicate key";
  Observation of_others = Stopped("m1 m2 c!", IndexState::kAbsent);
  of_others.step_in_progress = "m2";
  Check({
      {"nothing is there",
       history,
       Stopped("m1 c!", IndexState::kAbsent),
       {},
       "behind; roll back the row of c | run m2 | run c outside a transaction"},
      {"an invalid index",
       history,
       Stopped("m1 m2 c!", IndexState::kInvalid),
       {},
       "behind; roll back the row of c | drop the invalid index i | run c outside a transaction"},
      {"all of it",
       history,
       Stopped("m1 m2 c!", IndexState::kValid),
       {},
       "behind; finish the row of c"},
      {"not known", history, Stopped("m1 m2 c!", std::nullopt), {}, "failed; refused P3009"},
      {"the server refused the step", history, failed, {}, "failed; refused P3009"},
      {"a user's own failed row", history, of_others, {}, "failed; refused P3009"},
      {"two open rows",
       history,
       Stopped("m1 m2! c!", IndexState::kAbsent),
       {},
       "failed; refused P3009"},
      {"an invalid index that is in the way",
       history,
       [] {
         Observation database = Database("m1 m2 c~", 9);
         database.invalid_indexes = {{"public", "i"}, {"public", "other"}};
         return database;
       }(),
       {},
       "behind; drop the invalid index i | run c outside a transaction"},
  });
}

}  // namespace
}  // namespace ballast::plan
