// SPDX-License-Identifier: Apache-2.0
#include "cli/display_width.h"

#include <gtest/gtest.h>

namespace ballast::cli {
namespace {

TEST(DisplayWidthTest, CountsColumns) {
  const struct {
    const char* text;
    size_t columns;
  } cases[] = {
      {"", 0},         {"abc", 3},    {"é", 1},
      {"e\u0301", 1},  {"日本語", 6}, {"⏳", 2},
      {"⚠️", 2},   {"🎯 x", 4},    {"👩‍👩‍👧", 2},
      {"\xff\xfe", 2},
  };
  for (const auto& one : cases) EXPECT_EQ(DisplayWidth(one.text), one.columns) << one.text;
}

TEST(DisplayWidthTest, TruncatesAtACluster) {
  EXPECT_EQ(TruncateToWidth("abcdef", 6), "abcdef");
  EXPECT_EQ(TruncateToWidth("abcdef", 4), "abc…");
  EXPECT_EQ(TruncateToWidth("日本語", 5), "日本…");
  EXPECT_EQ(TruncateToWidth("日本語", 4), "日…");
  EXPECT_EQ(TruncateToWidth("abc", 0), "");
  EXPECT_EQ(TruncateToWidth("e\u0301e\u0301e\u0301", 2), "e\u0301…");
}

}  // namespace
}  // namespace ballast::cli
