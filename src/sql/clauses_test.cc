// SPDX-License-Identifier: Apache-2.0
#include "sql/clauses.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(ClausesTest, OnlyTheWhereOfTheStatementItself) {
  const std::pair<const char*, bool> cases[] = {
      {"DELETE FROM t WHERE a", true},
      {"UPDATE t SET a = 1 WHERE b;", true},
      {"DELETE FROM t", false},
      {"DELETE FROM t USING (SELECT 1 FROM u WHERE b) AS s", false},
      {"UPDATE t SET a = (SELECT max(b) FROM u WHERE c)", false},
      {"WITH w AS (SELECT 1 WHERE true) DELETE FROM t", false},
      {"WITH w AS (SELECT 1) DELETE FROM t USING w WHERE w.a = t.a", true},
      {"DELETE FROM t RETURNING WITH (OLD AS o) (SELECT 1 WHERE true)", false},  // PostgreSQL 18
      {"UPDATE t SET a = 1 WHERE true", false},
      {"DELETE FROM t WHERE (1 = 1) RETURNING a", false},
      {"DELETE FROM t WHERE false", true},
      {"DELETE FROM t WHERE random() < 0.5", true},
      {"DELETE FROM t WHERE EXISTS (SELECT FROM u)", true},
      {"DELETE FROM t WHERE CURRENT OF c", true},
      {"DELETE FROM t WHERE a RETURNING WITH (OLD AS o) o.a", true},
  };
  for (const auto& [statement, expected] : cases) {
    EXPECT_EQ(HasWhereClause(statement), expected) << statement;
  }
}

TEST(ClausesTest, ColumnsThatSelectTheRowsOfAnUpdate) {
  const std::pair<const char*, std::set<std::string>> cases[] = {
      {"UPDATE t SET a = b WHERE c IS NULL AND lower(t.\"D\") = 'x'", {"c", "D"}},
      {"UPDATE t SET a = b", {}},
      {"UPDATE t SET a = b WHERE c IS NULL AND EXISTS (SELECT FROM u)", {}},
      {"UPDATE t SET a = u.b FROM u WHERE c IS NULL", {}},
      {"UPDATE t SET a = b WHERE t.* IS NULL", {}},
      {"DELETE FROM t WHERE c IS NULL", {}},
  };
  for (const auto& [statement, expected] : cases) {
    EXPECT_EQ(ColumnsThatSelect(statement), expected) << statement;
  }
}

TEST(ClausesTest, UsingOfATypeOnly) {
  const std::pair<const char*, bool> cases[] = {
      {"ALTER TABLE t ALTER a TYPE int USING a::int", true},
      {"ALTER TABLE t ALTER a TYPE int, ALTER b SET DATA TYPE int USING 1", true},
      {"ALTER TABLE t ALTER a TYPE int", false},
      {"ALTER TABLE t ALTER a TYPE int, ADD EXCLUDE USING gist (b WITH &&)", false},
  };
  for (const auto& [statement, expected] : cases) {
    EXPECT_EQ(ConvertsWithUsing(statement), expected) << statement;
  }
}

}  // namespace
}  // namespace ballast::sql
