// SPDX-License-Identifier: Apache-2.0
#include "change/single_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace ballast::change {
namespace {

std::string InWords(std::string_view insert) {
  std::vector<std::string> lines;
  for (const SingleRow& row : SingleRowsOf(insert)) {
    lines.push_back(row.insert + "|" + row.columns + "|" + row.values);
  }
  return Join(lines, "\n");
}

TEST(SingleRowsTest, Table) {
  EXPECT_EQ(InWords("INSERT INTO \"a\".\"t\" (\"id\", \"x,\") OVERRIDING SYSTEM VALUE VALUES\n"
                    "    (1, 'it''s (a), '),\n    (2, NULL)"),
            "INSERT INTO \"a\".\"t\" (\"id\", \"x,\") OVERRIDING SYSTEM VALUE VALUES "
            "(1, 'it''s (a), ')|(\"id\", \"x,\")|(1, 'it''s (a), ')\n"
            "INSERT INTO \"a\".\"t\" (\"id\", \"x,\") OVERRIDING SYSTEM VALUE VALUES "
            "(2, NULL)|(\"id\", \"x,\")|(2, NULL)");
  EXPECT_EQ(InWords("INSERT INTO \"t\" DEFAULT VALUES"), "INSERT INTO \"t\" DEFAULT VALUES||");
  EXPECT_EQ(InWords("SET LOCAL timezone = 'UTC'"), "");
}

}  // namespace
}  // namespace ballast::change
