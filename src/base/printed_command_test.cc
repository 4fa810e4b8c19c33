// SPDX-License-Identifier: Apache-2.0
#include "base/printed_command.h"

#include <gtest/gtest.h>

namespace ballast {
namespace {

TEST(PrintedCommand, GetsTheDatabase) {
  const struct {
    const char* text;
    const char* expected;
  } cases[] = {
      {"ballast repair", "ballast repair --database-url \"$A\""},
      {"run ballast deploy --adopt", "run ballast deploy --database-url \"$A\" --adopt"},
      {"`ballast status`; then ballast deploy",
       "`ballast status --database-url \"$A\"`; then ballast deploy --database-url \"$A\""},
      {"ballast deploy --database-url=x", "ballast deploy --database-url=x"},
      {"ballast deploy --database-url x", "ballast deploy --database-url x"},
      {"ballast schema check --live", "ballast schema check --database-url \"$A\" --live"},
      {"ballast schema check", "ballast schema check"},
      {"ballast lint --database-url x", "ballast lint --database-url x"},
      {"ballast release create v1", "ballast release create v1"},
      {"ballast fleet status", "ballast fleet status"},
      {"ballast deploys nothing", "ballast deploys nothing"},
      {"/opt/ballast deploy", "/opt/ballast deploy"},
      {"set the variable", "set the variable"},
  };
  for (const auto& one : cases) EXPECT_EQ(WithDatabaseUrl(one.text, "\"$A\""), one.expected);
  EXPECT_EQ(WithDatabaseUrl("ballast repair", ""), "ballast repair");
}

}  // namespace
}  // namespace ballast
