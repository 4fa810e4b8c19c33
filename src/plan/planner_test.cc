// SPDX-License-Identifier: Apache-2.0
// The table of what deploy does, by what it finds (docs/decisions/0004-what-deploy-does.md): each
// row is a strategy, the rows and objects that the database has, and the plan or refusal in words.
#include "plan/planner.h"

#include <gtest/gtest.h>

#include "plan/planner_cases.h"

namespace ballast::plan {
namespace {

TEST(PlannerTest, ReleaseStrategy) {
  const ApplyRelease release = ReleaseTwo();
  Check({
      {"fresh",
       release,
       Database("", 0),
       {},
       std::string("fresh; ") + kTable +
           "run 0_baseline; compare the live catalog with f20000000000"},
      {"fresh with a hotfix",
       WithHotfix(release, "h2"),
       Database("", 0),
       {},
       std::string("fresh; ") + kTable +
           "run 0_baseline; compare the live catalog with f20000000000; run h2"},
      {"current", release, Database("0_baseline:v2", 9), {}, "current; nothing"},
      {"behind by a hotfix",
       WithHotfix(release, "h2"),
       Database("0_baseline:v2", 9),
       {},
       "behind; run h2"},
      {"behind by a release without the hotfix that its upgrade path starts with",
       release,
       Database("0_baseline:v1", 9),
       {},
       "unknown; refused B505"},
      {"behind by a release: by set, not by name order",
       release,
       Database("0_baseline:v1 h1", 9),
       {},
       "behind; run m2; compare the live catalog with f20000000000; remove 2 rows that the row of "
       "this "
       "release replaces; record 1 migration as run"},
      {"development rows, complete",
       release,
       Database("m1 m2 m3", 9),
       {},
       "other_ledger; compare the live catalog with f20000000000; remove 3 rows that the row of "
       "this "
       "release replaces; record 1 migration as run"},
      {"development rows, one missing",
       release,
       Database("m1 m3", 9),
       {},
       "other_ledger; run m2; compare the live catalog with f20000000000; remove 2 rows that the "
       "row of this "
       "release replaces; record 1 migration as run"},
      {"development rows, newer than this release",
       release,
       Database("m1 m2 m3 m4", 9),
       {},
       "ahead; nothing"},
      {"the same, --strict",
       release,
       Database("m1 m2 m3 m4", 9),
       {false, true},
       "ahead; refused B502"},
      {"foreign", release, Database("", 3), {}, "foreign; refused P3005"},
      {"failed", release, Database("0_baseline:v2!", 3), {}, "failed; refused P3009"},
      {"failed hotfix of a name that nobody knows",
       release,
       Database("0_baseline:v2 x!", 3),
       {},
       "failed; refused P3009"},
      {"ahead", release, Database("0_baseline:v2 h9", 9), {}, "ahead; nothing"},
      {"ahead, --strict",
       release,
       Database("0_baseline:v2 h9", 9),
       {false, true},
       "ahead; refused B502"},
      {"unknown baseline", release, Database("0_baseline:v7", 9), {}, "unknown; refused B500"},
      {"rows of another project", release, Database("x1 x2", 9), {}, "unknown; refused B501"},
      {"every row rolled back, objects there",
       release,
       Database("m1~", 2),
       {},
       "unknown; refused B501"},
      {"every row rolled back, nothing there",
       release,
       Database("m1~", 0),
       {},
       "fresh; run 0_baseline; compare the live catalog with f20000000000"},
  });
}

TEST(PlannerTest, RowsOfEditedHotfixesAreReplacedAfterTheComparison) {
  ApplyRelease release = WithHotfix(WithHotfix(ReleaseTwo(), "h1"), "h2");
  release.with_hotfixes = Fingerprint("fh");
  const std::string rows =
      "compare the live catalog with fh0000000000; remove 1 row of scripts that have changed "
      "since; "
      "record 1 migration as run";
  Check({
      {"nothing is pending",
       release,
       Database("0_baseline:v2 h1:old h2", 9),
       {},
       "behind; " + rows},
      {"another hotfix is pending",
       release,
       Database("0_baseline:v2 h1:old", 9),
       {},
       "behind; run h2; " + rows},
  });
}

TEST(PlannerTest, HistoryStrategy) {
  const FollowHistory history = History({"m1", "m2", "m3"});
  Check({
      {"fresh",
       history,
       Database("", 0),
       {},
       std::string("fresh; ") + kTable + "run m1 | run m2 | run m3"},
      {"current", history, Database("m1 m2 m3", 9), {}, "current; nothing"},
      {"behind, a late merge", history, Database("m1 m3", 9), {}, "behind; run m2"},
      {"behind, two", history, Database("m1", 9), {}, "behind; run m2 | run m3"},
      {"a rolled-back row does not count", history, Database("m1 m2 m3~", 9), {}, "behind; run m3"},
      {"foreign", history, Database("", 3), {}, "foreign; refused P3005"},
      {"failed", history, Database("m1 m2!", 3), {}, "failed; refused P3009"},
      {"ahead", history, Database("m1 m2 m3 m4", 9), {}, "ahead; nothing"},
      {"ahead, --strict",
       history,
       Database("m1 m2 m3 m4", 9),
       {false, true},
       "ahead; refused B502"},
      {"unknown rows and pending ones", history, Database("m1 m2 x", 9), {}, "behind; run m3"},
      {"the same, --strict",
       history,
       Database("m1 m2 x", 9),
       {false, true},
       "behind; refused B502"},
      {"release rows, release unknown",
       history,
       Database("0_baseline:v2", 9),
       {},
       "other_ledger; refused B504"},
      {"nothing to do at all",
       History({}),
       Database("", 0),
       {},
       "fresh; create the table _prisma_migrations"},
  });
}

TEST(PlannerTest, DevelopmentStrategy) {
  const FollowHistory intent = Development({"m1", "m2", "m3"}, {"m1", "m2"});
  Check({
      {"fresh: only what the baseline covers is marked",
       intent,
       Database("", 0),
       {},
       std::string("fresh; ") + kTable +
           "run baseline.sql; compare the live catalog with fd0000000000; mark 2 migrations as "
           "applied; run m3"},
      {"behind", intent, Database("m1 m2", 9), {}, "behind; run m3"},
      {"current", intent, Database("m1 m2 m3", 9), {}, "current; nothing"},
      {"foreign", intent, Database("", 1), {}, "foreign; refused P3005"},
  });
}

TEST(PlannerTest, SeparatesScriptsThatNeedTheirOwnTransaction) {
  FollowHistory intent = History({"m1"});
  intent.migrations.push_back(Concurrent("m2"));
  Check({{"concurrent build",
          intent,
          Database("m1", 9),
          {},
          "behind; run m2 outside a transaction"}});
}

TEST(PlannerTest, AMissingScriptIsFoundBeforeAnythingRuns) {
  FollowHistory intent = History({"m1", "m3"});
  intent.migrations.push_back({"m4", {}, ""});
  Check({
      {"pending", intent, Database("m1", 9), {}, "behind; refused P3015"},
      {"fresh", intent, Database("", 0), {}, "fresh; refused P3015"},
      {"applied long ago: never read", intent, Database("m1 m3 m4", 9), {}, "current; nothing"},
  });
}

TEST(PlannerTest, CreatesAMissingTargetSchema) {
  Observation database = Database("", 0);
  database.schema_exists = false;
  Check({{"?schema=app",
          History({"m1"}),
          database,
          {},
          std::string("fresh; create the target schema; ") + kTable + "run m1"}});
}

TEST(PlannerTest, RefusalsNameTheNextCommand) {
  const Decision failed = Decided(History({"m1"}), Database("m1!", 1), {});
  ASSERT_TRUE(failed.Refused());
  EXPECT_NE(failed.refusal()->remedies[0].find("ballast resolve --applied m1"), std::string::npos);
  const Decision foreign = Decided(ReleaseTwo(), Database("", 1), {});
  ASSERT_TRUE(foreign.Refused());
  EXPECT_NE(foreign.refusal()->remedies[0].find("ballast deploy --adopt"), std::string::npos);
}

}  // namespace
}  // namespace ballast::plan
