// SPDX-License-Identifier: Apache-2.0
#include "sql/classify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ballast::sql {
namespace {

using ::testing::ElementsAre;
using Kind = StatementKind;

Statement Only(std::string_view script) {
  const auto statements = ReadScript(script);
  EXPECT_EQ(statements.size(), 1u) << script;
  return statements.empty() ? Statement{} : statements[0];
}

TEST(ClassifyTest, TransactionActs) {
  using Act = TransactionAct;
  const std::pair<const char*, Act> cases[] = {
      {"BEGIN", Act::kBegin},
      {"START TRANSACTION READ ONLY", Act::kBegin},
      {"COMMIT/**/WORK", Act::kCommit},
      {"END TRANSACTION AND NO CHAIN", Act::kCommit},
      {"COMMIT AND CHAIN", Act::kCommitAndChain},
      {"COMMIT PREPARED 'chain'", Act::kFinishPrepared},
      {"ROLLBACK", Act::kRollback},
      {"ABORT WORK AND\nCHAIN", Act::kRollbackAndChain},
      {"ROLLBACK\nTO SAVEPOINT s", Act::kRollbackTo},
      {"ROLLBACK WORK TO s", Act::kRollbackTo},
      {"ROLLBACK PREPARED 'to'", Act::kFinishPrepared},
      {"SAVEPOINT s", Act::kSavepoint},
      {"RELEASE s", Act::kRelease},
      {"PREPARE TRANSACTION 't'", Act::kPrepare},
      {"PREPARE p AS SELECT 1", Act::kNone},
      {"CALL p()", Act::kNone},
      {"SELECT 'BEGIN'", Act::kNone},
  };
  for (const auto& [script, act] : cases) EXPECT_EQ(Only(script).transaction, act) << script;
}

TEST(ClassifyTest, KindsAndObjects) {
  const struct {
    const char* script;
    Kind kind;
    ObjectName object;
  } cases[] = {
      {"select 1", Kind::kQuery, {}},
      {"WITH x AS (SELECT 1) SELECT * FROM x", Kind::kQuery, {}},
      {"INSERT INTO \"User\" VALUES (1)", Kind::kInsert, {"", "User"}},
      {"UPDATE ONLY a.b SET c = 1", Kind::kUpdate, {"a", "b"}},
      {"UPDATE \"a.b\" SET c = 1", Kind::kUpdate, {"", "a.b"}},
      {"DELETE FROM t", Kind::kDelete, {"", "t"}},
      {"TRUNCATE TABLE t", Kind::kTruncate, {"", "t"}},
      {"CREATE TABLE IF NOT EXISTS public.\"A b\" (x int)", Kind::kCreateTable, {"public", "A b"}},
      {"CREATE UNLOGGED TABLE t (x int)", Kind::kCreateTable, {"", "t"}},
      {"CREATE TABLE t PARTITION OF p DEFAULT", Kind::kCreateTable, {"", "t"}},
      {"CREATE TABLE t AS SELECT 1", Kind::kCreateTableAs, {"", "t"}},
      {"CREATE MATERIALIZED VIEW m AS SELECT 1 AS x", Kind::kCreateTableAs, {"", "m"}},
      {"CREATE OR REPLACE VIEW v AS SELECT 1", Kind::kCreateView, {"", "v"}},
      {"CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY t (x)", Kind::kCreateIndex, {"", "t"}},
      {"DROP INDEX CONCURRENTLY IF EXISTS i", Kind::kDropIndex, {"", "i"}},
      {"ALTER TABLE ONLY t ADD x int", Kind::kAlterTable, {"", "t"}},
      {"ALTER TYPE e ADD VALUE 'x'", Kind::kAlterType, {"", "e"}},
      {"CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS ''",
       Kind::kCreateRoutine,
       {"", "f"}},
      {"CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
       Kind::kCreateTrigger,
       {"", "t"}},
      {"CREATE EXTENSION IF NOT EXISTS citext", Kind::kCreateExtension, {"", "citext"}},
      {"CREATE POLICY p ON t", Kind::kCreateOther, {}},
      {"DO $$BEGIN END$$", Kind::kDo, {}},
      {"SET x = 1", Kind::kSet, {}},
      {"BEGIN", Kind::kTransaction, {}},
      {"VACUUM t", Kind::kMaintenance, {}},
      {"\\set x 1", Kind::kUnknown, {}},
  };
  for (const auto& one : cases) {
    const Statement statement = Only(one.script);
    EXPECT_EQ(statement.kind, one.kind) << one.script;
    EXPECT_TRUE(statement.object == one.object) << one.script;
  }
}

TEST(ClassifyTest, OutsideOfTransactions) {
  for (const char* script : {"CREATE INDEX CONCURRENTLY i ON t (x)",
                             "create unique index concurrently on t (x)",
                             "DROP INDEX CONCURRENTLY i",
                             "REINDEX TABLE CONCURRENTLY t",
                             "REINDEX (CONCURRENTLY) INDEX i",
                             "REINDEX DATABASE d",
                             "REINDEX SCHEMA s",
                             "REINDEX SYSTEM d",
                             "VACUUM",
                             "VACUUM FULL t",
                             "CLUSTER",
                             "CLUSTER VERBOSE",
                             "CREATE DATABASE d",
                             "DROP DATABASE d",
                             "ALTER DATABASE d SET TABLESPACE s",
                             "CREATE TABLESPACE s LOCATION '/x'",
                             "DROP TABLESPACE s",
                             "ALTER SYSTEM SET work_mem = '1MB'",
                             "DISCARD ALL",
                             "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
                             "COMMIT PREPARED 'x'",
                             "ROLLBACK PREPARED 'x'",
                             "CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p",
                             "DROP SUBSCRIPTION s",
                             "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
                             "ALTER SUBSCRIPTION s ADD PUBLICATION p"}) {
    EXPECT_TRUE(Only(script).runs_outside_transaction) << script;
  }
  for (const char* script :
       {"CREATE INDEX \"concurrently\" ON t (x)", "CREATE INDEX i ON t (x) -- CONCURRENTLY",
        "REINDEX TABLE t", "REINDEX TABLE system.t", "REINDEX (VERBOSE) INDEX schema.i",
        "ALTER SUBSCRIPTION s ENABLE", "ALTER SUBSCRIPTION s SET (binary = true)",
        "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)", "ANALYZE", "CLUSTER t",
        "CLUSTER t USING i", "ALTER DATABASE d SET work_mem = '1MB'", "DISCARD TEMP",
        "SELECT 'VACUUM'", "ALTER TABLE t DETACH PARTITION p",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
        "COMMENT ON DATABASE d IS 'CREATE INDEX CONCURRENTLY'"}) {
    EXPECT_FALSE(Only(script).runs_outside_transaction) << script;
  }
}

TEST(AnalyzeScriptTest, SessionState) {
  for (const char* script :
       {"SET lock_timeout = '1s'", "SET SESSION x = 1", "SET ROLE r", "RESET ALL", "DISCARD TEMP",
        "SELECT set_config('search_path', '', false)", "SELECT pg_advisory_lock(1)", "LISTEN x",
        "PREPARE p AS SELECT 1", "CREATE TEMP TABLE t (x int)", "SELECT 1 AS x INTO TEMP t",
        "CREATE TEMPORARY VIEW v AS SELECT 1", "DO $$BEGIN SET search_path = a; END$$",
        "DO $$BEGIN EXECUTE 'SET lock_timeout = 1'; END$$",
        "DO $$BEGIN PERFORM set_config('a.b', 'c', false); END$$"}) {
    EXPECT_TRUE(AnalyzeScript(script).session_state) << script;
    EXPECT_TRUE(AnalyzeScript(script).SharesTransaction()) << script;
  }
  for (const char* script :
       {"SET LOCAL lock_timeout = '1s'", "SET CONSTRAINTS ALL DEFERRED",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SELECT set_config('a.b', 'c', true)",
        "DO $$BEGIN SET LOCAL search_path = a; END$$"}) {
    EXPECT_FALSE(AnalyzeScript(script).session_state) << script;
    EXPECT_TRUE(AnalyzeScript(script).local_state) << script;
    EXPECT_FALSE(AnalyzeScript(script).SharesTransaction()) << script;
  }
  for (const char* script :
       {"UPDATE t SET x = 1", "ALTER ROLE r SET search_path = a", "SELECT 1",
        "COMMENT ON TABLE t IS "
        "'SET x = 1'",
        "ALTER TABLE t SET (fillfactor = 70)", "DO $$BEGIN UPDATE t SET x = 1; END$$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET "
        "search_path = a AS 'SELECT 1'"}) {
    EXPECT_FALSE(AnalyzeScript(script).session_state) << script;
    EXPECT_FALSE(AnalyzeScript(script).local_state) << script;
  }
}

TEST(AnalyzeScriptTest, TransactionControl) {
  for (const char* script :
       {"BEGIN; SELECT 1; COMMIT;", "START TRANSACTION", "SAVEPOINT a", "END", "ROLLBACK",
        "PREPARE TRANSACTION 'x'", "CALL p()", "DO $$BEGIN INSERT INTO t VALUES (1); COMMIT; END$$",
        "DO $$BEGIN LOOP COMMIT AND CHAIN; END LOOP; END$$",
        "DO $$BEGIN IF x THEN ROLLBACK; ELSE COMMIT; END IF; END$$"}) {
    EXPECT_TRUE(AnalyzeScript(script).transaction_control) << script;
  }
  for (const char* script : {"DO $$BEGIN RAISE NOTICE 'x'; END$$",
                             "DO $$BEGIN CREATE TEMP TABLE q (x int) ON COMMIT DROP; END$$",
                             "DO $$BEGIN ALTER TABLE d ADD COLUMN commit text; END$$",
                             "DO $$BEGIN PERFORM 1 FROM d WHERE a > commit; END$$",
                             "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS "
                             "$$BEGIN RETURN 1; END$$",
                             "SELECT 'BEGIN'"}) {
    EXPECT_FALSE(AnalyzeScript(script).transaction_control) << script;
  }
}

TEST(AnalyzeScriptTest, SetsTheTransaction) {
  for (const char* script :
       {"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SELECT 1; SET TRANSACTION READ ONLY",
        "SET LOCAL transaction_isolation = 'repeatable read'"}) {
    EXPECT_TRUE(AnalyzeScript(script).sets_transaction) << script;
  }
  for (const char* script :
       {"SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "SET LOCAL lock_timeout = '1s'",
        "RESET transaction_isolation", "CREATE TABLE transaction (x int)"}) {
    EXPECT_FALSE(AnalyzeScript(script).sets_transaction) << script;
  }
}

TEST(AnalyzeScriptTest, EnumValues) {
  const auto added = AnalyzeScript("ALTER TYPE \"Role\" ADD VALUE IF NOT EXISTS 'it''s' AFTER 'a'");
  EXPECT_THAT(added.added_values, ElementsAre(AddedValue{{"", "Role"}, "it's"}));
  EXPECT_FALSE(added.uses_added_value);
  EXPECT_TRUE(added.SharesTransaction());
  EXPECT_THAT(AnalyzeScript("alter type s.\"E\" add value 'x' before 'y'").added_values,
              ElementsAre(AddedValue{{"s", "E"}, "x"}));
  EXPECT_THAT(AnalyzeScript("DO $$BEGIN IF true THEN ALTER TYPE e ADD VALUE 'x'; END IF; END$$")
                  .added_values,
              ElementsAre(AddedValue{{"", "e"}, "x"}));
  EXPECT_THAT(
      AnalyzeScript("DO $$BEGIN EXECUTE 'ALTER TYPE e ADD VALUE ''x'''; END$$").added_values,
      ElementsAre(AddedValue{{"", "e"}, "x"}));
  EXPECT_THAT(AnalyzeScript("ALTER TYPE e RENAME VALUE 'a' TO 'b'").added_values,
              ::testing::IsEmpty());
}

TEST(AnalyzeScriptTest, UsesOfEnumValues) {
  const std::vector<AddedValue> earlier = {{{"", "Role"}, "ADMIN"}};
  EXPECT_TRUE(AnalyzeScript("UPDATE t SET role = 'ADMIN'", earlier).uses_added_value);
  EXPECT_TRUE(AnalyzeScript("ALTER TABLE t ALTER r SET DEFAULT 'ADMIN'", earlier).uses_added_value);
  EXPECT_TRUE(AnalyzeScript("UPDATE t SET roles = '{USER,ADMIN}'", earlier).uses_added_value);
  EXPECT_TRUE(
      AnalyzeScript("DO $$BEGIN UPDATE t SET r = 'ADMIN'; END$$", earlier).uses_added_value);
  EXPECT_FALSE(AnalyzeScript("UPDATE t SET \"ADMIN\" = 1 -- 'ADMIN'", earlier).uses_added_value);
  EXPECT_FALSE(
      AnalyzeScript("ALTER TYPE \"Role\" ADD VALUE 'X' AFTER 'ADMIN'", earlier).uses_added_value);
  EXPECT_TRUE(AnalyzeScript("ALTER TYPE e ADD VALUE 'x'; UPDATE t SET a = 'x'").uses_added_value);
  EXPECT_FALSE(AnalyzeScript("UPDATE t SET a = 'x'; ALTER TYPE e ADD VALUE 'x'").uses_added_value);
  EXPECT_FALSE(
      AnalyzeScript("CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE 'x'; SELECT 'x'::e")
          .uses_added_value);
}

TEST(AnalyzeScriptTest, TransactionsInPairs) {
  for (const char* script : {"BEGIN; SELECT 1; COMMIT;", "SELECT 1; begin transaction; end work",
                             "START TRANSACTION; SELECT 1; COMMIT; BEGIN WORK; COMMIT; SELECT 2"}) {
    EXPECT_TRUE(AnalyzeScript(script).paired_transactions) << script;
  }
  for (const char* script :
       {"SELECT 1", "BEGIN; SELECT 1", "COMMIT; BEGIN", "BEGIN; ROLLBACK", "BEGIN; BEGIN; COMMIT",
        "BEGIN ISOLATION LEVEL SERIALIZABLE; COMMIT", "BEGIN; COMMIT AND CHAIN",
        "BEGIN; SAVEPOINT s; COMMIT", "BEGIN; COMMIT; VACUUM", "BEGIN; SET LOCAL x = 1; COMMIT",
        "BEGIN; COMMIT; DO $$ BEGIN COMMIT; END $$", "CREATE INDEX CONCURRENTLY i ON t (x)"}) {
    EXPECT_FALSE(AnalyzeScript(script).paired_transactions) << script;
  }
}

TEST(AnalyzeScriptTest, RowsAndCounts) {
  EXPECT_TRUE(AnalyzeScript("INSERT INTO t VALUES (1)").writes_rows);
  EXPECT_TRUE(AnalyzeScript("SELECT setval('s', 1)").writes_rows);
  EXPECT_FALSE(AnalyzeScript("CREATE TABLE t (x int); CREATE INDEX ON t (x);").writes_rows);
  EXPECT_EQ(AnalyzeScript("-- only a comment").statements, 0);
  EXPECT_EQ(AnalyzeScript("CREATE INDEX CONCURRENTLY i ON t (x); -- alone").statements, 1);
}

}  // namespace
}  // namespace ballast::sql
