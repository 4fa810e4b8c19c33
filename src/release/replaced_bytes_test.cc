// SPDX-License-Identifier: Apache-2.0
#include "release/replaced_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::release {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

TEST(ReplacedBytesTest, NamesEachMigrationAndItsLine) {
  EXPECT_THAT(
      DescribeReplacedBytes({MakeMigration("a", "SELECT 'caf\xc3\xa9';"),
                             MakeMigration("b", "SELECT 1;\nSELECT 'caf\xe9';"),
                             MakeMigration("c", "SELECT '\xEF\xBF\xBD';"), Migration{"d", {}, ""}}),
      ElementsAre(StartsWith("line 2 of b has bytes that are not UTF-8"),
                  StartsWith("line 1 of c ")));
}

}  // namespace
}  // namespace ballast::release
