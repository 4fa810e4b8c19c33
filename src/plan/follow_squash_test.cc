// SPDX-License-Identifier: Apache-2.0
// Databases at every point of a history that a squash replaces.
#include "plan/follow_squash.h"

#include <gtest/gtest.h>

#include "plan/planner_cases.h"

namespace ballast::plan {
namespace {

// s2 replaces m1, l1 (merged late), m2 and the squash s1 of m1 and m2; m3 and m4 follow, and m3 did
// so when the squash was made.
FollowHistory Squashed() {
  FollowHistory history = History({"s2", "m3", "m4"});
  SquashedHistory squash;
  squash.record.name = "s2";
  squash.record.baseline.coverage = {Covered("m1"), Covered("l1"), Covered("m2")};
  squash.record.baseline.fingerprint = Fingerprint("fs");
  squash.record.baseline.baseline_checksum = Covered("s2").checksum;
  squash.record.earlier = {{"s1", Covered("s1").checksum, {"m1", "m2"}}};
  release::DevelopmentBaseline after;
  after.coverage = {Covered("m3")};
  after.fingerprint = Fingerprint("f3");
  squash.record.states = {after};
  squash.history = {Script("m1"), Script("l1"), Script("m2")};
  history.squash = squash;
  return history;
}

std::string PlanFor(const std::string& rows) {
  const Decision decision = Decided(Squashed(), Database(rows, 9), {});
  if (const Refusal* refusal = decision.refusal()) return std::string(CodeOf(refusal->code));
  return WordsOf(*decision.plan());
}

TEST(FollowSquash, MissingMigrationsRunBeforeTheComparison) {
  struct Case {
    const char* rows;
    std::vector<std::string> run;  // in order
    const char* state;
  };
  const Case cases[] = {
      {"m1 l1 m2", {"m3", "m4"}, "fs"},    {"m1", {"l1", "m2", "m3", "m4"}, "fs"},
      {"m1 m2", {"l1", "m3", "m4"}, "fs"}, {"s1", {"l1", "m3", "m4"}, "fs"},
      {"s1 l1", {"m3", "m4"}, "fs"},       {"m1 l1 m2 m3", {"m4"}, "f3"},
      {"s1 m3", {"l1", "m4"}, "f3"},
  };
  for (const Case& test : cases) {
    const std::string plan = PlanFor(test.rows);
    size_t at = 0;
    for (const std::string& name : test.run) {
      const size_t found = plan.find("run " + name, at);
      EXPECT_NE(found, std::string::npos) << test.rows << ": " << name << " in " << plan;
      at = found == std::string::npos ? at : found;
    }
    EXPECT_NE(plan.find(test.state), std::string::npos) << test.rows << ": " << plan;
    size_t runs = 0;
    for (size_t i = plan.find("run "); i != std::string::npos; i = plan.find("run ", i + 1)) ++runs;
    EXPECT_EQ(runs, test.run.size()) << test.rows << ": " << plan;
  }
}

TEST(FollowSquash, LeavesOtherDatabasesUnchanged) {
  EXPECT_FALSE(HasRowsOfSquashed(History({"m1"}), Database("m1", 9)));
  EXPECT_FALSE(HasRowsOfSquashed(Squashed(), Database("s2", 9)));
  EXPECT_FALSE(HasRowsOfSquashed(Squashed(), Database("x1", 9)));
  EXPECT_FALSE(HasRowsOfSquashed(Squashed(), Database("m1~", 9)));
  // Marked as applied by Prisma: the old rows are known.
  const Decision marked =
      Decided(Squashed(), Database("m1 l1 m2 s1 s2 m3 m4", 9), {.strict = true});
  EXPECT_EQ(marked.found, Found::kCurrent);
  EXPECT_EQ(PlanFor("s2 m3"), "run m4");
}

TEST(FollowSquash, RowsOfEarlierSquashesAreThoseOfTheirMigrations) {
  const auto rows = [](const char* text) {
    const Observation single = WithoutEarlierSquashes(Squashed(), Database(text, 9));
    std::string names;
    for (const std::string_view name : AppliedNames(single)) names += std::string(name) + " ";
    return names;
  };
  EXPECT_EQ(rows("s1 m3"), "m1 m2 m3 ");
  EXPECT_EQ(rows("s1 m1 l1"), "l1 m1 m2 ");
  EXPECT_EQ(rows("m1 m2"), "m1 m2 ");
  EXPECT_EQ(rows("s1~ m1"), "m1 ");
}

TEST(FollowSquash, RefusesUnprovenStates) {
  EXPECT_EQ(PlanFor("m1 l1 m2 m4"), "B513");
  EXPECT_EQ(PlanFor("m1 l1 m2 m3 m4"), "B513");
}

}  // namespace
}  // namespace ballast::plan
