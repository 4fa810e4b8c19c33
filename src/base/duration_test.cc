// SPDX-License-Identifier: Apache-2.0
#include "base/duration.h"

#include <gtest/gtest.h>

namespace ballast {
namespace {

TEST(DurationTest, IsReadAsPostgresWritesIt) {
  EXPECT_EQ(ParseMilliseconds("0"), 0);
  EXPECT_EQ(ParseMilliseconds("1500"), 1500);
  EXPECT_EQ(ParseMilliseconds(" 250 ms "), 250);
  EXPECT_EQ(ParseMilliseconds("30 s"), 30'000);
  EXPECT_EQ(ParseMilliseconds("2m"), 120'000);
  EXPECT_EQ(ParseMilliseconds("5min"), 300'000);
  EXPECT_EQ(ParseMilliseconds("1h"), 3'600'000);
  EXPECT_EQ(ParseMilliseconds("7d"), 604'800'000);
  for (const char* bad : {"", "s", "1.5s", "-1", "1 week", "99999999999999999999"}) {
    EXPECT_EQ(ParseMilliseconds(bad), std::nullopt) << bad;
  }
}

TEST(DurationTest, InWords) {
  using std::chrono::milliseconds;
  EXPECT_EQ(DurationInWords(milliseconds(2000)), "2 s");
  EXPECT_EQ(DurationInWords(milliseconds(1500)), "1500 ms");
  EXPECT_EQ(DurationInWords(milliseconds(0)), "0 ms");
}

}  // namespace
}  // namespace ballast
