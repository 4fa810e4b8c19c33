// SPDX-License-Identifier: Apache-2.0
#include "sql/text_order.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(TextOrderTest, StatementsThatCompute) {
  for (const char* script : {
           "CREATE TABLE d AS SELECT max (t) AS m FROM s",
           "CREATE TEMP TABLE d (m) AS TABLE s",
           "SELECT t INTO d FROM s ORDER BY t",
           "INSERT INTO t (a) SELECT a FROM s ORDER BY b",
           "INSERT INTO t VALUES (upper ('x'))",
           "INSERT INTO \"t\" VALUES ('a' < 'B')",
           "INSERT INTO t AS x (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2 WHERE x.b ~* 'y'",
           "UPDATE t SET a = 1 WHERE b > 'm'",
           "UPDATE t SET a = 1 WHERE b BETWEEN 'a' AND 'b'",
           "UPDATE t SET a = s.a FROM s",
           "DELETE FROM t WHERE lower(b) = 'x'",
           "DELETE FROM t USING s",
           "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
           "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE",
           "ALTER TABLE t ALTER a TYPE text USING initcap(a)",
           "DO $$ BEGIN FOR r IN SELECT t FROM s ORDER BY t LOOP END LOOP; END $$",
           "DO $$ BEGIN EXECUTE 'x'; END $$",
           "CALL p()",
           "SELECT fill()",
           "SELECT 1; SELECT fill_from('a')",
       }) {
    EXPECT_TRUE(MayComputeFromTexts(script)) << script;
  }
}

TEST(TextOrderTest, DefinitionsAndConstants) {
  for (const char* script : {
           "",
           "-- SELECT max(t) FROM s",
           "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b text CHECK (b > 'a'))",
           "CREATE TABLE p PARTITION OF t FOR VALUES FROM ('a') TO ('m')",
           "CREATE VIEW v AS SELECT max(t) FROM s ORDER BY 1",
           "CREATE MATERIALIZED VIEW v AS TABLE s",
           "CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE sql AS 'SELECT max(a) FROM t'",
           "CREATE UNIQUE INDEX i ON t (lower(a)) WHERE a > 'b'",
           "ALTER TABLE t ADD COLUMN b text DEFAULT lower('X'), ADD FOREIGN KEY (a) REFERENCES "
           "s(a)",
           "INSERT INTO \"t\" (\"a\", \"b\") VALUES (1, 'max(t) < x'), (2, NULL)",
           "INSERT INTO t VALUES (gen_random_uuid(), now(), '{}'::jsonb -> 'a' ->> 'b')",
           "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING",
           "UPDATE t SET a = 1, (b, c) = (2, 3) WHERE d = 'x' AND e <> 'y' AND f IN ('z')",
           "DELETE FROM t WHERE a = 1 AND NOT (b = 2)",
           "SELECT pg_catalog.set_config('search_path', '', false)",
           "SELECT 1",
           "REFRESH MATERIALIZED VIEW v",
           "DO $$ BEGIN ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES s(a) ON DELETE SET NULL ON "
           "UPDATE CASCADE; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
           "GRANT SELECT ON t TO r; SET a = 'b'; BEGIN; COMMIT",
       }) {
    EXPECT_FALSE(MayComputeFromTexts(script)) << script;
  }
}

TEST(TextOrderTest, TextsThatAreNotAscii) {
  for (const char* script : {"INSERT INTO t VALUES ('É')", "INSERT INTO t VALUES (U&'\\00C9')",
                             "INSERT INTO t VALUES (E'\\u00c9')", "INSERT INTO t SELECT chr(201)",
                             "CREATE TABLE \"É\" ()", "COPY t FROM '/tmp/x'",
                             "DO $$ BEGIN PERFORM lower('É'); END $$"}) {
    EXPECT_TRUE(MayHaveOtherThanAscii(script)) << script;
  }
  for (const char* script : {"", "-- É\nINSERT INTO t VALUES (lower('E')) /* É */"}) {
    EXPECT_FALSE(MayHaveOtherThanAscii(script)) << script;
  }
}

}  // namespace
}  // namespace ballast::sql
