// SPDX-License-Identifier: Apache-2.0
#include "release/platform_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::release {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PlatformScriptTest, EachPartKnowsItsFile) {
  std::string script;
  AppendPart("preset supabase", "SELECT 1;\n", script);
  AppendPart("prisma/setup.sql", "SELECT 2", script);
  AppendPart("prisma.config.ts", "\nSELECT 3;", script);
  EXPECT_THAT(PartsOf(script), ElementsAre(PlatformPart{"preset supabase", "SELECT 1;\n"},
                                           PlatformPart{"prisma/setup.sql", "SELECT 2\n"},
                                           PlatformPart{"prisma.config.ts", "\nSELECT 3;"}));
}

TEST(PlatformScriptTest, WithoutFiles) {
  EXPECT_THAT(PartsOf(""), IsEmpty());
  EXPECT_THAT(PartsOf("SELECT 1;\n  -- ballast: the script x\n"),
              ElementsAre(PlatformPart{"", "SELECT 1;\n  -- ballast: the script x\n"}));
}

TEST(PlatformScriptTest, AnEmptyFileIsAPart) {
  std::string script;
  AppendPart("a.sql", "", script);
  AppendPart("b.sql", "SELECT 1;", script);
  EXPECT_THAT(PartsOf(script),
              ElementsAre(PlatformPart{"a.sql", ""}, PlatformPart{"b.sql", "SELECT 1;"}));
}

}  // namespace
}  // namespace ballast::release
