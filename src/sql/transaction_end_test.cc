// SPDX-License-Identifier: Apache-2.0
#include "sql/transaction_end.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

// The line and the kind of the first statement; or empty.
std::string Words(std::string_view script) {
  const auto unfit = UnfitForTransaction(script);
  if (!unfit) return {};
  return std::to_string(unfit->line) + (unfit->controls_transaction ? " ends" : " sets");
}

TEST(TransactionEndTest, IsTransactionControlAnywhere) {
  for (const char* statement :
       {"COMMIT", "BEGIN", "START TRANSACTION", "end", "ROLLBACK", "ABORT", "SAVEPOINT a",
        "RELEASE a", "ROLLBACK TO a", "COMMIT AND CHAIN", "PREPARE TRANSACTION 'x'",
        "COMMIT PREPARED 'x'", "DO $$ BEGIN COMMIT; END $$"}) {
    EXPECT_EQ(Words("DELETE FROM t;\n\n" + std::string(statement) + ";\nSELECT 1;"), "3 ends")
        << statement;
  }
}

TEST(TransactionEndTest, IsASettingThatTheComparisonNeeds) {
  for (const char* statement :
       {"SET row_security = off", "set local DateStyle to 'German'", "SET TIME ZONE 'UTC'",
        "SET SESSION timezone = 'UTC'", "RESET ALL", "DISCARD ALL", "SET ROLE other",
        "SET ballast.rows = '{}'", "SELECT pg_catalog.set_config('ballast.rows', '{}', true)",
        "SET SESSION AUTHORIZATION other", "RESET IntervalStyle"}) {
    EXPECT_EQ(Words(std::string(statement) + ";"), "1 sets") << statement;
  }
}

TEST(TransactionEndTest, IsNotInOrdinaryScripts) {
  for (const char* statement :
       {"DELETE FROM t WHERE note = 'COMMIT'", "CALL p()", "SET LOCAL search_path = app",
        "SET lock_timeout = '1s'", "SET CONSTRAINTS ALL DEFERRED",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END",
        "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$",
        "DO $$ BEGIN UPDATE t SET a = 1; END $$", "ALTER TABLE t RENAME COLUMN a TO role",
        "PREPARE q AS SELECT 1", "-- COMMIT;\nSELECT 1"}) {
    EXPECT_EQ(Words(std::string(statement) + ";"), "") << statement;
  }
}

}  // namespace
}  // namespace ballast::sql
