// SPDX-License-Identifier: Apache-2.0
#include "sql/key_columns.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(KeyColumnsTest, ReadsQuotedNames) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(ColumnsOfKey("PRIMARY KEY (id)"), Names({"id"}));
  EXPECT_EQ(ColumnsOfKey("PRIMARY KEY (\"a,b\", \"c)\", \"D\"\"e\") INCLUDE (f)"),
            Names({"a,b", "c)", "D\"e"}));
  EXPECT_EQ(ColumnsOfKey("PRIMARY KEY (id, valid_at WITHOUT OVERLAPS)"), Names({"id", "valid_at"}));
  EXPECT_EQ(ColumnsOfKey("UNIQUE NULLS NOT DISTINCT (a)"), Names({"a"}));
  EXPECT_EQ(ColumnsOfKey("CHECK"), Names());
}

}  // namespace
}  // namespace ballast::sql
