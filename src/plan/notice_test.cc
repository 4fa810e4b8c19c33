// SPDX-License-Identifier: Apache-2.0
#include "plan/notice.h"

#include <gtest/gtest.h>

namespace ballast::plan {
namespace {

TEST(NoticeTest, ALossIsSaidBeforeAndAfterTheDeploy) {
  const Notice loss{NoticeKind::kLoss, "by 2_drop (CASCADE)", "view v"};
  EXPECT_EQ(TextOf(loss), "view v will be dropped by 2_drop (CASCADE)");
  EXPECT_EQ(TextAfterDeploy(loss), "view v was dropped by 2_drop (CASCADE)");
  const Notice other{NoticeKind::kRisk, "view v depends on table t"};
  EXPECT_EQ(TextOf(other), TextAfterDeploy(other));
}

TEST(NoticeTest, AStateThatScriptsEndIsSaidInThePast) {
  EXPECT_EQ(TextAfterDeploy({NoticeKind::kFound, "the database equals release v1"}),
            "the database equaled release v1");
  EXPECT_EQ(TextAfterDeploy({NoticeKind::kFound, "the database differs from v1 in 1 object"}),
            "the database differed from v1 in 1 object");
}

TEST(NoticeTest, OnlyWhatWasFoundInTheDatabaseIsAFinding) {
  for (const NoticeKind kind : {NoticeKind::kCondition, NoticeKind::kRisk, NoticeKind::kLoss}) {
    EXPECT_TRUE(IsFinding({kind, ""}));
  }
  for (const NoticeKind kind :
       {NoticeKind::kPlan, NoticeKind::kFound, NoticeKind::kAhead, NoticeKind::kNoJournal}) {
    EXPECT_FALSE(IsFinding({kind, ""}));
  }
}

TEST(NoticeTest, TextsKeepTheirOrder) {
  std::vector<Notice> notices = {{NoticeKind::kPlan, "a"}};
  AddNotices(NoticeKind::kCondition, {"b", "c"}, notices);
  EXPECT_EQ(TextsOf(notices), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(notices[1].kind, NoticeKind::kCondition);
}

}  // namespace
}  // namespace ballast::plan
