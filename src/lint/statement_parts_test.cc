// SPDX-License-Identifier: Apache-2.0
#include "lint/statement_parts.h"

#include <gtest/gtest.h>

namespace ballast::lint {
namespace {

TEST(StatementParts, UsingExpressions) {
  const std::string statement =
      "ALTER TABLE \"T\" ALTER a TYPE bigint USING (a * 100)::bigint, alter column \"B c\" set "
      "data "
      "type text[] using string_to_array(\"B c\", ','), ALTER d TYPE text;";
  EXPECT_EQ(UsingExpression(statement, "a"), "(a * 100)::bigint");
  EXPECT_EQ(UsingExpression(statement, "B c"), "string_to_array(\"B c\", ',')");
  EXPECT_EQ(UsingExpression(statement, "d"), "");
  EXPECT_EQ(UsingExpression(statement, "e"), "");
  EXPECT_EQ(UsingExpression("ALTER TABLE t ALTER a TYPE int, ALTER b TYPE int USING 1", "a"), "");
}

}  // namespace
}  // namespace ballast::lint
