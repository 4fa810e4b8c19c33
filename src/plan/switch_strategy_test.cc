// SPDX-License-Identifier: Apache-2.0
#include "plan/switch_strategy.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "release/package.h"

namespace ballast::plan {
namespace {

ComparedState State(const std::string& name, bool is_release, bool equal) {
  ComparedState state;
  state.name = name;
  if (is_release) state.run = {{release::kBaselineName, "base"}};
  state.covers = {{"1_a", "a"}, {"2_b", "b"}, {"3_c", "c"}};
  state.equal = equal;
  state.differences = equal ? std::vector<std::string>() : std::vector<std::string>{"table t"};
  return state;
}

// A database with rows of the history up to 2_b.
Refusal RefusalFor(std::vector<ComparedState> compared) {
  Observation observation;
  observation.has_migrations_table = true;
  observation.rows = {{"1_a", "a", true, false, 0, "", ""}, {"2_b", "b", true, false, 0, "", ""}};
  observation.compared = std::move(compared);
  return std::get<Refusal>(SwitchStrategy(observation, Strategy::kRelease).answer);
}

TEST(SwitchStrategyTest, ARefusalSaysWhatDoesNotFit) {
  const Refusal rows =
      RefusalFor({State("the development baseline", false, true), State("release v1", true, true)});
  EXPECT_EQ(rows.code, ErrorCode::kOtherStrategy);
  EXPECT_EQ(rows.message,
            "cannot convert _prisma_migrations: the catalog equals release v1, but 3_c has no row");
  EXPECT_EQ(rows.evidence, (std::vector<std::string>{"the database equals the development baseline",
                                                     "the database equals release v1"}));
  const Refusal catalog = RefusalFor({State("release v1", true, false)});
  EXPECT_EQ(catalog.message,
            "cannot convert _prisma_migrations: the catalog does not match the state that its rows "
            "describe");
  EXPECT_EQ(catalog.evidence,
            (std::vector<std::string>{"nearest: 1 difference from release v1", "  table t"}));
}

}  // namespace
}  // namespace ballast::plan
