// SPDX-License-Identifier: Apache-2.0
#include "sql/readable_name.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(ReadableNameTest, IsAsQuoteIdentWritesIt) {
  struct Case {
    const char* name;
    const char* readable;
  };
  const Case cases[] = {{"t", "t"},
                        {"_a1", "_a1"},
                        {"User", "\"User\""},
                        {"order", "\"order\""},
                        {"name", "name"},
                        {"user", "\"user\""},
                        {"1a", "\"1a\""},
                        {"a b", "\"a b\""},
                        {"a\"b", "\"a\"\"b\""},
                        {"größe", "\"größe\""},
                        {"a$", "\"a$\""},
                        {"", "\"\""},
                        {"between", "\"between\""},
                        {"json", "\"json\""},
                        {"year", "year"}};
  for (const Case& c : cases) EXPECT_EQ(ReadableName(c.name), c.readable);
}

}  // namespace
}  // namespace ballast::sql
