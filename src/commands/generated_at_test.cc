// SPDX-License-Identifier: Apache-2.0
#include "commands/generated_at.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::commands {
namespace {

Result<std::string> TimeOf(const std::string& epoch, int64_t commit_time) {
  project::Invocation invocation;
  if (!epoch.empty()) invocation.environment["SOURCE_DATE_EPOCH"] = epoch;
  workspace::GitState git;
  git.commit_time = commit_time;
  return GeneratedAt(invocation, git);
}

TEST(GeneratedAtTest, TheVariableThenTheCommitThenNow) {
  EXPECT_EQ(TimeOf("1", 1700000000).value(), "1970-01-01T00:00:01Z");
  EXPECT_EQ(TimeOf("0", 1700000000).value(), "1970-01-01T00:00:00Z");
  EXPECT_EQ(TimeOf("253402300799", 0).value(), "9999-12-31T23:59:59Z");
  EXPECT_EQ(TimeOf("", 1700000000).value(), "2023-11-14T22:13:20Z");
  EXPECT_GT(TimeOf("", 0).value(), "2026");
}

TEST(GeneratedAtTest, RefusesWhatIsNoTime) {
  for (const char* epoch : {"yesterday", "1700000000s", "-1", " 1", "1.5", "2023-11-14",
                            "253402300800", "99999999999999999999"}) {
    const auto time = TimeOf(epoch, 1700000000);
    ASSERT_FALSE(time) << epoch;
    EXPECT_EQ(time.error().code, ErrorCode::kUsageError);
    EXPECT_THAT(time.error().message, ::testing::HasSubstr(epoch));
    EXPECT_THAT(time.error().hint, ::testing::HasSubstr("git log -1 --format=%ct"));
  }
}

}  // namespace
}  // namespace ballast::commands
