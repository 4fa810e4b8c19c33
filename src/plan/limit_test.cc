// SPDX-License-Identifier: Apache-2.0
#include "plan/limit.h"

#include <gtest/gtest.h>

#include "plan/planner_cases.h"

namespace ballast::plan {
namespace {

Intent Limited(Intent intent, const std::string& name) {
  EXPECT_TRUE(LimitTo(name, &intent).ok()) << name;
  return intent;
}

std::string ErrorOfLimit(Intent intent, const std::string& name) {
  const Status limited = LimitTo(name, &intent);
  return limited ? "" : std::string(CodeOf(limited.error().code)) + " " + limited.error().message;
}

// What is pending, and what the answer is.
std::string Pending(const Intent& intent, const Observation& database, const Policy& policy = {}) {
  const Decision decision = Decided(intent, database, policy);
  const Refusal* refusal = decision.refusal();
  return std::string(NameOf(decision.found)) + ": " +
         (refusal != nullptr ? std::string(CodeOf(refusal->code)) : Join(decision.pending, " "));
}

TEST(LimitTest, NothingAfterTheMigrationIsPending) {
  const Intent history = Limited(History({"m1", "m2", "m3"}), "m2");
  EXPECT_EQ(Pending(history, Database("", 0)), "fresh: m1 m2");
  EXPECT_EQ(Pending(history, Database("m1", 1)), "behind: m2");
  EXPECT_EQ(Pending(history, Database("m1 m2", 1)), "current: ");
  EXPECT_EQ(Pending(history, Database("m1 m2 m3", 1)), "ahead: ");
  EXPECT_EQ(Pending(history, Database("m1 m3", 1)), "behind: m2") << "a late merge";
  Policy strict;
  strict.strict = true;
  EXPECT_EQ(Pending(history, Database("m1 m2 m3", 1), strict), "ahead: B502");
}

TEST(LimitTest, ABaselineThatCoversMoreIsLeftOut) {
  const Intent part = Limited(Development({"m1", "m2", "m3"}, {"m1", "m2", "m3"}), "m2");
  EXPECT_EQ(Pending(part, Database("", 0)), "fresh: m1 m2");
  EXPECT_EQ(ProvenEnd(part), nullptr);
  const Intent covered = Limited(Development({"m1", "m2", "m3"}, {"m1", "m2"}), "m2");
  EXPECT_EQ(Pending(covered, Database("", 0)), "fresh: ") << "the baseline alone";
  ASSERT_NE(ProvenEnd(covered), nullptr) << "its catalog is the proven one";
}

TEST(LimitTest, AReleaseHasOneVersion) {
  EXPECT_EQ(ErrorOfLimit(ReleaseTwo(), "v2"), "");
  EXPECT_EQ(ErrorOfLimit(ReleaseTwo(), "v1").substr(0, 4), "B404");
  EXPECT_EQ(ErrorOfLimit(ReleaseTwo(), "m1").substr(0, 4), "B404");
}

TEST(LimitTest, UnknownNamesAreAnsweredWithTheNearest) {
  EXPECT_EQ(ErrorOfLimit(History({"20240101_init", "20240102_users"}), "users"),
            "P3017 there is no migration users in this project; did you mean '20240102_users'?");
  EXPECT_EQ(ErrorOfLimit(History({"20240101_init"}), "payments"),
            "P3017 there is no migration payments in this project");
}

}  // namespace
}  // namespace ballast::plan
