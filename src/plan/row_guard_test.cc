// SPDX-License-Identifier: Apache-2.0
#include "plan/row_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/quote.h"

namespace ballast::plan {
namespace {

TEST(RowGuard, KnowsStatementsThatChangeRows) {
  for (const char* text : {"update t set a = 1;", "ALTER TABLE t DROP a;\n-- last\nDELETE FROM t;",
                           "DO $$ BEGIN END $$;", "WITH x AS (DELETE FROM t RETURNING 1) SELECT 1;",
                           "TRUNCATE t;", "SELECT f();"}) {
    EXPECT_TRUE(MayChangeRows(text)) << text;
  }
  for (const char* text :
       {"ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u ON DELETE CASCADE ON UPDATE CASCADE;",
        "-- listed by: SELECT * FROM t\nALTER TABLE t DROP a;", "SELECT setval('s', 3);",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'DELETE FROM t';"}) {
    EXPECT_FALSE(MayChangeRows(text)) << text;
  }
}

TEST(RowGuard, ComparesForFunctionsThatTheDatabaseHas) {
  EXPECT_THAT(RowGuardBefore({}), testing::Not(testing::HasSubstr("pg_proc")));
  sql::EvaluatedCode code;
  code.functions = {"it's"};
  EXPECT_THAT(RowGuardBefore({}, &code),
              testing::HasSubstr("p.proname = ANY (" + sql::QuoteTextArray(code.functions) + ")"));
  code.is_own = true;
  EXPECT_EQ(RowGuardBefore({}, &code), RowGuardBefore({}));
}

}  // namespace
}  // namespace ballast::plan
