// SPDX-License-Identifier: Apache-2.0
#include "difference/offending_rows.h"

#include <gtest/gtest.h>

namespace ballast::difference {
namespace {

TEST(OffendingRows, ConditionsOfDomains) {
  EXPECT_EQ(DomainConditionOn("(c)", " CONSTRAINT \"a (check\" CHECK ((VALUE > 0))"), "((c) > 0)");
  EXPECT_EQ(DomainConditionOn("c", " NOT NULL"), "c IS NOT NULL");
}

}  // namespace
}  // namespace ballast::difference
