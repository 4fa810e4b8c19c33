// SPDX-License-Identifier: Apache-2.0
#include "sql/row_changes.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(RowChangesTest, OnlyRows) {
  for (const char* script :
       {"INSERT INTO plan VALUES ('free')", "-- a\nUPDATE t SET a = 1;\nDELETE FROM u;",
        "SET lock_timeout = '1s'; UPDATE t SET a = 1", "BEGIN; DELETE FROM t; COMMIT;",
        "WITH x AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM x",
        "SELECT setval('s', 3)", "SELECT backfill()", "CALL backfill()", "TRUNCATE t",
        "COPY t FROM STDIN", "DO $$ BEGIN UPDATE t SET a = 1; PERFORM backfill(); END $$"}) {
    EXPECT_TRUE(ChangesOnlyRows(script)) << script;
  }
}

TEST(RowChangesTest, VisibleInTheCatalogOrWithoutEffect) {
  for (const char* script :
       {"", "-- empty\n", "SELECT 1", "SET lock_timeout = '1s'",
        "SELECT pg_catalog.set_config('search_path', '', false)", "ALTER TABLE t ADD a int",
        "ALTER TABLE t ADD a int; UPDATE t SET a = 1", "CREATE TABLE u AS SELECT * FROM t",
        "DO $$ BEGIN CREATE TYPE e AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END "
        "$$",
        "DO $$ BEGIN EXECUTE 'ALTER TABLE t ADD a int'; END $$", "VACUUM t"}) {
    EXPECT_FALSE(ChangesOnlyRows(script)) << script;
  }
}

}  // namespace
}  // namespace ballast::sql
