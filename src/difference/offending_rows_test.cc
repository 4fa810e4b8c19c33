// SPDX-License-Identifier: Apache-2.0
#include "difference/offending_rows.h"

#include <gtest/gtest.h>

namespace ballast::difference {
namespace {

TEST(OffendingRows, BoundsThatOverlap) {
  struct Case {
    const char *bound, *other;
    bool overlap;
  };
  const Case cases[] = {
      {"FOR VALUES WITH (modulus 2, remainder 0)", "FOR VALUES WITH (modulus 4, remainder 2)",
       true},
      {"FOR VALUES WITH (modulus 2, remainder 1)", "FOR VALUES WITH (modulus 4, remainder 2)",
       false},
      {"FOR VALUES IN ('a, b', 'c')", "FOR VALUES IN ('c')", true},
      {"FOR VALUES IN ('a, b', 'c')", "FOR VALUES IN ('a', 'b')", false},
      {"FOR VALUES IN (NULL)", "DEFAULT", false},
      {"DEFAULT", "DEFAULT", true},
      {"FOR VALUES FROM (1) TO (2)", "FOR VALUES FROM (1) TO (2)", false},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(BoundsOverlap(one.bound, one.other), one.overlap) << one.bound << " " << one.other;
    EXPECT_EQ(BoundsOverlap(one.other, one.bound), one.overlap) << one.bound << " " << one.other;
  }
}

TEST(OffendingRows, ConditionsOfDomains) {
  EXPECT_EQ(DomainConditionOn("(c)", " CONSTRAINT \"a (check\" CHECK ((VALUE > 0))"), "((c) > 0)");
  EXPECT_EQ(DomainConditionOn("c", " NOT NULL"), "c IS NOT NULL");
}

}  // namespace
}  // namespace ballast::difference
