// SPDX-License-Identifier: Apache-2.0
#include "plan/statement_progress.h"

#include <gtest/gtest.h>

namespace ballast::plan {
namespace {

TEST(StatementProgressTest, ReadsWhatItWrites) {
  EXPECT_EQ(LogsOf({1, 3}), "ballast: 1 of 3 statements applied");
  EXPECT_EQ(ProgressIn(LogsOf({1, 3})), (StatementProgress{1, 3}));
  const std::string failed = LogsOf({2, 3}, "ERROR: no\nmore");
  EXPECT_EQ(ProgressIn(failed), (StatementProgress{2, 3}));
  EXPECT_EQ(ErrorAfterProgress(failed), "ERROR: no\nmore");
  EXPECT_EQ(ErrorAfterProgress(LogsOf({0, 2})), "");
}

TEST(StatementProgressTest, OtherTextIsNoProgress) {
  for (const char* logs : {"", "ERROR: no", "ballast: 1 of 3", "ballast: x of 3 statements applied",
                           "ballast: 4 of 3 statements applied",
                           "ballast: 1 of 3 statements applied!", "ballast: -1 of 3"}) {
    EXPECT_FALSE(ProgressIn(logs)) << logs;
  }
}

}  // namespace
}  // namespace ballast::plan
