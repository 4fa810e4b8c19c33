// SPDX-License-Identifier: Apache-2.0
#include "cli/text_lines.h"

#include <gtest/gtest.h>

namespace ballast::cli {
namespace {

TEST(TextLinesTest, NoLineOfATableEndsWithBlanks) {
  const std::vector<std::string> lines =
      TableLines({{"target", "drift", ""}, {"a", "0", ""}, {"long-name", "1", "column x"}});
  EXPECT_EQ(lines, (std::vector<std::string>{"target     drift", "a          0",
                                             "long-name  1      column x"}));
}

}  // namespace
}  // namespace ballast::cli
