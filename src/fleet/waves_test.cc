// SPDX-License-Identifier: Apache-2.0
#include "fleet/waves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "base/test_error_code.h"

namespace ballast::fleet {
namespace {

using ::testing::ElementsAre;

std::vector<Member> Members(size_t count) {
  std::vector<Member> members(count);
  for (size_t i = 0; i < count; ++i) members[i].name = "t" + std::to_string(i);
  return members;
}

std::vector<size_t> Positions(size_t count) {
  std::vector<size_t> positions(count);
  std::iota(positions.begin(), positions.end(), size_t{0});
  return positions;
}

TEST(Waves, AreDividedByCountsAndPercentages) {
  const struct {
    size_t members;
    const char* waves;
    std::vector<size_t> sizes;
    size_t canaries = 0;
  } cases[] = {
      {5, "50%,rest", {5}, 5},
      {5, "20%,20%,rest", {2, 2, 1}, 5},
      {12, "", {12}},
      {12, "rest", {12}},
      {12, "2,4,rest", {2, 4, 6}},
      {12, "2, 4", {2, 4, 6}},
      {12, "10%,50%,rest", {2, 6, 4}},
      {12, "1%,100%", {1, 11}},
      {12, "20", {12}},
      {12, "12,5,rest", {12}},
      {0, "2,rest", {}},
      {1, "10%,rest", {1}},
  };
  for (const auto& one : cases) {
    const auto waves =
        DivideIntoWaves(Positions(one.members), one.members + one.canaries, one.waves);
    ASSERT_TRUE(waves.ok()) << one.waves;
    std::vector<size_t> sizes;
    std::vector<size_t> all;
    for (const Wave& wave : *waves) {
      sizes.push_back(wave.members.size());
      all.insert(all.end(), wave.members.begin(), wave.members.end());
    }
    EXPECT_EQ(sizes, one.sizes) << one.waves;
    EXPECT_EQ(all, Positions(one.members)) << one.waves;
  }
}

TEST(Waves, RefuseWhatIsNoSize) {
  for (const char* waves :
       {"x", "0", "0%", "101%", "-1", "1,,2", "1;2", "%", "1.5%", "1,", "rest,1", "1,rest,rest"}) {
    const auto divided = DivideIntoWaves(Positions(4), 4, waves);
    ASSERT_FALSE(divided.ok()) << waves;
    EXPECT_EQ(divided.error().code, ErrorCode::kUsageError) << waves;
  }
}

TEST(Canaries, AreANumberAGroupOrAName) {
  std::vector<Member> members = Members(5);
  members[3].groups = {"eu", "canary"};
  members[4].groups = {"canary"};
  EXPECT_THAT(*CanariesOf(members, ""), ElementsAre());
  EXPECT_THAT(*CanariesOf(members, "2"), ElementsAre(0, 1));
  EXPECT_THAT(*CanariesOf(members, "30%"), ElementsAre(0, 1));
  EXPECT_THAT(*CanariesOf(members, "canary"), ElementsAre(3, 4));
  EXPECT_THAT(*CanariesOf(members, "t2"), ElementsAre(2));
  EXPECT_EQ(ErrorCodeOf(CanariesOf(members, "0")), "B100");
  EXPECT_EQ(ErrorCodeOf(CanariesOf(members, "us")), "B100");
}

TEST(Budget, IsANumberOrAPercentage) {
  EXPECT_EQ(*FailureBudget("", 200), 0U);
  EXPECT_EQ(*FailureBudget("0", 200), 0U);
  EXPECT_EQ(*FailureBudget("3", 200), 3U);
  EXPECT_EQ(*FailureBudget("5%", 200), 10U);
  EXPECT_EQ(*FailureBudget("5%", 10), 0U);
  for (const char* budget : {"x", "-1", "101%", "1.5", "%"}) {
    EXPECT_EQ(ErrorCodeOf(FailureBudget(budget, 10)), "B100") << budget;
  }
}

}  // namespace
}  // namespace ballast::fleet
