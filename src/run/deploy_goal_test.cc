// SPDX-License-Identifier: Apache-2.0
#include "run/deploy_goal.h"

#include <gtest/gtest.h>

#include <functional>

namespace ballast::run {
namespace {

using Change = std::function<void(DeployGoal&)>;

DeployGoal With(const Change& change) {
  DeployGoal goal;
  change(goal);
  return goal;
}

TEST(DeployGoalTest, HasACommandLine) {
  const std::pair<Change, const char*> cases[] = {
      {[](DeployGoal&) {}, "ballast deploy"},
      {[](DeployGoal& goal) { goal.strategy = "release"; }, "ballast deploy --strategy release"},
      {[](DeployGoal& goal) { goal.branch = "main", goal.to = "v 1"; },
       "ballast deploy --branch main --to 'v 1'"},
      {[](DeployGoal& goal) { goal.replay_mode = release::ReplayMode::kSplit; },
       "ballast deploy --replay-mode split"},
      {[](DeployGoal& goal) {
         goal.trusted_keys = {"a", "b"};
       },
       "ballast deploy --trusted-key a --trusted-key b"},
      {[](DeployGoal& goal) { goal.adopt = goal.strict = goal.allow_drift = true; },
       "ballast deploy --adopt --strict --allow-drift"}};
  for (const auto& [change, command] : cases) EXPECT_EQ(DeployCommand(With(change)), command);
}

TEST(DeployGoalTest, BecomesAPolicy) {
  const plan::Policy none = PolicyOf({});
  EXPECT_FALSE(none.adopt || none.strict || none.allow_drift || none.adopts_named);
  EXPECT_EQ(none.replay, release::ReplayMode::kAuto);
  const plan::Policy all = PolicyOf(With([](DeployGoal& goal) {
                                      goal.adopt = goal.strict = goal.allow_drift = true;
                                      goal.replay_mode = release::ReplayMode::kSplit;
                                    }),
                                    {.split = {"1_init"}, .apart = {"2_more"}});
  EXPECT_TRUE(all.adopt && all.strict && all.allow_drift);
  EXPECT_EQ(all.replay, release::ReplayMode::kSplit);
  EXPECT_EQ(all.refused.split, std::set<std::string>{"1_init"});
  EXPECT_EQ(all.refused.apart, std::set<std::string>{"2_more"});
}

// --to without --adopt limits the deploy, and says nothing about what the database has.
TEST(DeployGoalTest, AdoptsUpToTheNamedMigrationOnlyIfItAdopts) {
  for (const auto& [adopt, to, expected] :
       {std::tuple{false, "1_init", false}, {true, "", false}, {true, "1_init", true}}) {
    DeployGoal goal;
    goal.adopt = adopt;
    goal.to = to;
    EXPECT_EQ(PolicyOf(goal).adopts_named, expected) << adopt << to;
  }
}

}  // namespace
}  // namespace ballast::run
