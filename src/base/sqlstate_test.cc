// SPDX-License-Identifier: Apache-2.0
#include "base/sqlstate.h"

#include <gtest/gtest.h>

namespace ballast::sqlstate {
namespace {

// A query before a script may pass over what the script creates, and nothing else.
TEST(SqlStateTest, DistinguishesUndefinedObjectsFromOtherErrors) {
  for (const char* state : {"42P01", "42703", "42704", "42883", "3F000", "42804", "42846"}) {
    EXPECT_TRUE(IsUndefinedObject(state)) << state;
  }
  for (const char* state : {"", "42501", "42601", "55P03", "57014", "53100", "22P02", "40P01"}) {
    EXPECT_FALSE(IsUndefinedObject(state)) << state;
  }
}

TEST(SqlStateTest, KnowsFailuresOfTheServer) {
  for (const char* state : {"53100", "53200", "53300", "57P01", "57P03", "58030", "XX001"}) {
    EXPECT_TRUE(IsFailureOfServer(state)) << state;
  }
  for (const char* state : {"", "57014", "58P01", "XX000", "42501", "55P03"}) {
    EXPECT_FALSE(IsFailureOfServer(state)) << state;
  }
}

}  // namespace
}  // namespace ballast::sqlstate
