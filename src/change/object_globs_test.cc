// SPDX-License-Identifier: Apache-2.0
#include "change/object_globs.h"

#include <gtest/gtest.h>

namespace ballast::change {
namespace {

struct Case {
  const char* label;
  const char* other;  // a glob, or an addition
  bool expected;
};

TEST(ObjectGlobsTest, NamesLossesWithOrWithoutKindAndQuotes) {
  for (const auto& [label, glob, expected] : {Case{"column \"User\".\"age\"", "User.age", true},
                                              {"column \"User\".\"age\"", "column User.*", true},
                                              {"column \"User\".\"age\"", "\"User\".age", true},
                                              {"column \"User\".\"age\"", "User", false},
                                              {"table \"Old\"", "Old", true},
                                              {"table \"Old\"", "view *", false}}) {
    EXPECT_EQ(IsNamed(label, {glob}), expected) << label << " " << glob;
  }
}

TEST(ObjectGlobsTest, KnowsAdditions) {
  for (const auto& [label, addition, expected] :
       {Case{"table \"other\"", "table other", true},
        {"table \"other\"", "table others", false},
        {"index \"i\"", "index i on \"User\"", true},
        {"constraint \"c\" ON \"d\"", "table d", true},
        {"constraint \"c\" ON \"p\"", "table p, a partition of \"E\"", true},
        {"constraint \"c\" ON \"e\"", "table d", false},
        {"policy \"p\" ON \"User\"", "policy \"User\".p", true},
        {"policy \"p\" ON \"s\".\"User\"", "policy s.\"User\".p", true},
        {"policy \"p\" ON \"User\"", "policy \"Post\".p", false}}) {
    EXPECT_EQ(IsAddition({addition}, label), expected) << label << " " << addition;
  }
}

}  // namespace
}  // namespace ballast::change
