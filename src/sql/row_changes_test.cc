// SPDX-License-Identifier: Apache-2.0
#include "sql/row_changes.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(RowChangesTest, DependingOnRows) {
  for (const char* script :
       {"CREATE TABLE t (x int); UPDATE t SET x = 1", "DELETE FROM t", "TRUNCATE t",
        "INSERT INTO t SELECT * FROM u",
        "INSERT INTO t VALUES (1) ON CONFLICT (x) DO UPDATE SET y = 1",
        "WITH x AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM x", "SELECT backfill()",
        "CALL backfill()", "DO $$ BEGIN UPDATE t SET a = 1; END $$",
        "DO $$ BEGIN EXECUTE 'DELETE FROM t'; END $$"}) {
    EXPECT_TRUE(DependsOnRows(script)) << script;
  }
  for (const char* script :
       {"", "CREATE TABLE t (x int); CREATE INDEX ON t (x)", "SELECT 1",
        "INSERT INTO plan VALUES ('free'), ('select') ON CONFLICT DO NOTHING",
        "SELECT pg_catalog.setval('s', 3)", "SELECT set_config('search_path', '', false)",
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'UPDATE t SET a = 1'",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (b) ON DELETE CASCADE ON UPDATE CASCADE",
        "DO $$ BEGIN EXECUTE 'ALTER TABLE t ADD a int'; END $$"}) {
    EXPECT_FALSE(DependsOnRows(script)) << script;
  }
}

TEST(RowChangesTest, ContentsThatACatalogNeedNotShow) {
  constexpr std::string_view kBefore = "CREATE SCHEMA s; CREATE TABLE t (a int)";
  for (const char* script : {"UPDATE t SET a = 1",
                             "DO $$ BEGIN EXECUTE 'x'; END $$",
                             "ALTER TABLE t RENAME a TO b",
                             "ALTER TABLE t RENAME TO u",
                             "ALTER TABLE t ALTER a TYPE int USING a * 2",
                             "ALTER TABLE t DROP a, ADD a int",
                             "DROP TABLE t; CREATE TABLE t ()",
                             "ALTER SEQUENCE s RESTART",
                             "ALTER TABLE t ALTER a RESTART",
                             "PREPARE p AS UPDATE t SET a = 1",
                             "EXECUTE p",
                             "EXPLAIN ANALYZE UPDATE t SET a = 1",
                             "SELECT fill()",
                             "DROP SCHEMA s CASCADE",
                             "ALTER TYPE e RENAME VALUE 'a' TO 'b'",
                             "ALTER TABLE t SET SCHEMA s",
                             "CREATE ROLE r",
                             "GRANT a TO b",
                             "ALTER ROLE r SET work_mem = '5MB'",
                             "ALTER SYSTEM SET work_mem = '5MB'",
                             "SELECT lo_create(1)"}) {
    EXPECT_TRUE(TracesOf({kBefore, script}).may_change_contents.back()) << script;
  }
  for (const char* script :
       {"", "CREATE TABLE t (a int)", "ALTER TABLE t ADD a int",
        "ALTER TABLE t ALTER a SET NOT NULL", "DROP INDEX i; CREATE INDEX i ON t (a)",
        "DROP FUNCTION f; DROP VIEW v", "DROP TABLE IF EXISTS unknown",
        "COMMENT ON TABLE t IS 'rename using drop'", "GRANT SELECT ON t TO r",
        "ALTER TABLE t ADD CONSTRAINT \"drop\" CHECK (a > 0)",
        "ALTER TABLE t DROP CONSTRAINT c, ALTER a DROP NOT NULL, ALTER a DROP DEFAULT",
        "SET lock_timeout = '1s'; SELECT pg_catalog.set_config('search_path', '', false)"}) {
    EXPECT_FALSE(TracesOf({kBefore, script}).may_change_contents.back()) << script;
  }
}

TEST(RowChangesTest, HowManyScriptsTheCatalogShows) {
  struct Case {
    std::vector<std::string_view> scripts;
    size_t shown;
    size_t by_objects = shown;
  };
  for (const Case& c : {
           Case{{}, 0},
           Case{{"CREATE TABLE t (x int)", "UPDATE t SET x = 1"}, 1},
           Case{{"CREATE TABLE t (x int)", "UPDATE t SET x = 1", "DROP TABLE IF EXISTS old"}, 1},
           Case{{"CREATE TABLE t ()", "ALTER TABLE t ADD x int", "ALTER TABLE t DROP x"}, 1},
           Case{{"CREATE TABLE t ()", "UPDATE u SET x = 1", "DROP TABLE t"}, 0},
           Case{{"CREATE TABLE t ()", "DROP TABLE t", "CREATE TABLE t ()"}, 1},
           Case{{"CREATE TABLE t (x int)", "UPDATE t SET x = 1", "ALTER TABLE t DROP x"}, 3},
           Case{{"CREATE TABLE t (x int)", "UPDATE t SET x = 1",
                 "ALTER TABLE t ALTER x SET NOT NULL"},
                3,
                1},
           Case{{"CREATE TABLE t (x int); CREATE INDEX i ON t (x)", "UPDATE t SET x = 1",
                 "CREATE INDEX IF NOT EXISTS i ON t (x)"},
                1},
           Case{{"CREATE TABLE t (x int)", "UPDATE t SET x = 1",
                 "CREATE INDEX IF NOT EXISTS i ON t (x)"},
                3},
           Case{{"CREATE TYPE e AS ENUM ('a')", "DELETE FROM t", "ALTER TYPE e ADD VALUE 'b'"}, 3},
           Case{{"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DELETE FROM t",
                 "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'"},
                3,
                1},
           // These can leave the catalog as it was.
           Case{{"CREATE TABLE t ()", "DELETE FROM t", "what is this"}, 1},
           Case{{"CREATE TABLE t (x int)", "DO $$ BEGIN EXECUTE format('UPDATE %I', 't'); END $$"},
                1},
           Case{{"CREATE TABLE t (x int)", "ALTER TABLE t ALTER x TYPE int USING x * 2"}, 1},
           Case{{"CREATE TABLE t (x int, y int)",
                 "ALTER TABLE t RENAME x TO z; ALTER TABLE t RENAME y TO x; ALTER TABLE t RENAME z "
                 "TO y"},
                1},
           Case{{"CREATE SEQUENCE s", "ALTER SEQUENCE s RESTART 100"}, 1},
           Case{{"CREATE TABLE t ()", "CREATE ROLE r"}, 1},
           Case{{"CREATE TABLE t ()", "CREATE ROLE r; GRANT SELECT ON t TO r"}, 2, 1},
       }) {
    const std::string_view last = c.scripts.empty() ? "" : c.scripts.back();
    const CatalogTraces traces = TracesOf(c.scripts);
    EXPECT_EQ(traces.shown_by_definitions, c.shown) << last;
    EXPECT_EQ(traces.shown_by_objects, c.by_objects) << last;
  }
}

}  // namespace
}  // namespace ballast::sql
