// SPDX-License-Identifier: Apache-2.0
// Everything else that a database holds: each property that snapshots must distinguish.
#include <gmock/gmock.h>

#include <optional>

#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

class SnapshotOfOthers : public MajorsTest {};

constexpr SnapshotCase kOtherCases[] = {
    {"operator", 13,
     "CREATE FUNCTION eq(int, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE FUNCTION "
     "eq(text, int) RETURNS boolean LANGUAGE sql AS 'SELECT true';",
     "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = text, FUNCTION = eq)",
     "operator ===(integer, text) exists, but is not expected\n"},
    {"operator parts", 13,
     "CREATE FUNCTION eq(int, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE FUNCTION "
     "eq(text, int) RETURNS boolean LANGUAGE sql AS 'SELECT true';CREATE OPERATOR === (LEFTARG = "
     "int, RIGHTARG = text, FUNCTION = eq)",
     "ALTER OPERATOR === (int, text) SET (RESTRICT = eqsel, JOIN = eqjoinsel)",
     "operator ===(integer, text): join is eqjoinsel, expected none; restrict is eqsel, expected "
     "none\n"},
    {"operator comment", 13,
     "CREATE FUNCTION eq(int, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE FUNCTION "
     "eq(text, int) RETURNS boolean LANGUAGE sql AS 'SELECT true';CREATE OPERATOR === (LEFTARG = "
     "int, RIGHTARG = text, FUNCTION = eq)",
     "COMMENT ON OPERATOR === (int, text) IS 'x'",
     "operator ===(integer, text): comment is x, expected none\n"},
    {"operator class", 13, "",
     "CREATE OPERATOR CLASS oc FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 "
     "btint4cmp(int, int)",
     "operator class oc using btree exists, but is not expected\n"
     "operator family oc using btree exists, but is not expected\n"},
    {"operator family", 13, "CREATE OPERATOR FAMILY of USING btree",
     "ALTER OPERATOR FAMILY of USING btree ADD OPERATOR 1 < (int, int)",
     "operator family of using btree: operators is 1 <(integer,integer), expected none\n"},
    {"cast", 13, "CREATE FUNCTION c(text) RETURNS point LANGUAGE sql AS 'SELECT point(0,0)';",
     "CREATE CAST (text AS point) WITH FUNCTION c(text) AS ASSIGNMENT",
     "cast text as point exists, but is not expected\n"},
    {"cast comment", 13,
     "CREATE FUNCTION c(text) RETURNS point LANGUAGE sql AS 'SELECT point(0,0)';CREATE CAST (text "
     "AS point) WITH FUNCTION c(text)",
     "COMMENT ON CAST (text AS point) IS 'x'", "cast text as point: comment is x, expected none\n"},
    {"conversion", 13, "", "CREATE CONVERSION c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
     "conversion c exists, but is not expected\n"},
    {"access method", 13, "", "CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler",
     "access method heap2 exists, but is not expected\n"},
    {"language", 13, "",
     "CREATE LANGUAGE plx HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler",
     "language plx exists, but is not expected\n"},
    {"transform", 13,
     "CREATE FUNCTION x(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'textout'",
     "CREATE TRANSFORM FOR int LANGUAGE plpgsql (FROM SQL WITH FUNCTION x(internal))",
     "transform integer language plpgsql exists, but is not expected\n"},
    {"text search dictionary", 13, "",
     "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, STOPWORDS = english)",
     "text search dictionary d exists, but is not expected\n"},
    {"text search configuration", 13, "",
     "CREATE TEXT SEARCH CONFIGURATION c (COPY = pg_catalog.simple)",
     "text search configuration c exists, but is not expected\n"},
    {"text search mapping", 13, "CREATE TEXT SEARCH CONFIGURATION c (COPY = pg_catalog.simple)",
     "ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR word WITH english_stem, simple",
     "text search configuration c: mapping of word is english_stem, simple, expected simple\n"},
    {"text search parser", 13, "",
     "CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, "
     "LEXTYPES = prsd_lextype)",
     "text search parser p exists, but is not expected\n"},
    {"text search template", 13, "", "CREATE TEXT SEARCH TEMPLATE e (LEXIZE = dsimple_lexize)",
     "text search template e exists, but is not expected\n"},
    {"extension", 13, "", "CREATE EXTENSION citext",
     "extension citext exists, but is not expected\n"},
    {"extension schema", 13, "CREATE SCHEMA ext; CREATE EXTENSION citext",
     "ALTER EXTENSION citext SET SCHEMA ext",
     "extension citext: schema is ext, expected <target>\n"},
    {"extension comment", 13, "CREATE EXTENSION citext", "COMMENT ON EXTENSION citext IS 'mine'",
     "extension citext: comment is mine, expected none\n"},
    {"extension function grant", 13, "CREATE EXTENSION citext",
     "REVOKE EXECUTE ON FUNCTION citext_eq(citext, citext) FROM PUBLIC",
     "function citext_eq(citext, citext): revoke from PUBLIC is EXECUTE, expected none\n"},
    {"system function grant", 13, "",
     "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC",
     "function pg_catalog.pg_sleep(double precision): revoke from PUBLIC is EXECUTE, expected "
     "none\n"},
    {"language grant", 13, "CREATE ROLE facts_app",
     "GRANT USAGE ON LANGUAGE plpgsql TO facts_app; REVOKE USAGE ON LANGUAGE sql FROM PUBLIC",
     "language plpgsql: grant to facts_app is USAGE, expected none\n"
     "language sql: revoke from PUBLIC is USAGE, expected none\n"},
    {"publication", 13, "CREATE TABLE t (a int, b text);", "CREATE PUBLICATION p FOR TABLE t",
     "publication p exists, but is not expected\n"},
    {"publication options", 13, "CREATE TABLE t (a int, b text);CREATE PUBLICATION p FOR TABLE t;",
     "ALTER PUBLICATION p SET (publish = 'insert, delete', publish_via_partition_root)",
     "publication p: publish is insert, delete, expected insert, update, delete, truncate; via "
     "root is "
     "yes, expected no\n"},
    {"publication all tables", 13, "CREATE PUBLICATION p",
     "DROP PUBLICATION p; CREATE PUBLICATION p FOR ALL TABLES",
     "publication p: all tables is yes, expected no\n"},
    {"publication columns and rows", 15,
     "CREATE TABLE t (a int, b text);CREATE PUBLICATION p FOR TABLE t;",
     "ALTER PUBLICATION p SET TABLE t (b, a) WHERE (a > 1)",
     "publication p: table t is (a, b) where (a > 1), expected all columns\n"},
    {"publication schema", 15, "CREATE PUBLICATION p; CREATE SCHEMA billing",
     "ALTER PUBLICATION p ADD TABLES IN SCHEMA billing, CURRENT_SCHEMA",
     "publication p: schemas is <target>, billing, expected none\n"},
    {"publication generated columns", 18, "CREATE PUBLICATION p",
     "ALTER PUBLICATION p SET (publish_generated_columns = stored)",
     "publication p: generated columns is stored, expected none\n"},
    {"publication comment", 13, "CREATE PUBLICATION p", "COMMENT ON PUBLICATION p IS 'x'",
     "publication p: comment is x, expected none\n"},
    {"subscription", 13, "",
     "CREATE SUBSCRIPTION s CONNECTION 'host=localhost password=secret' PUBLICATION p WITH "
     "(connect = false)",
     "subscription s exists, but is not expected\n"},
    {"foreign data wrapper", 13, "", "CREATE FOREIGN DATA WRAPPER w OPTIONS (a '1')",
     "foreign data wrapper w exists, but is not expected\n"},
    {"wrapper grant", 13, "CREATE FOREIGN DATA WRAPPER w;CREATE ROLE facts_app",
     "GRANT USAGE ON FOREIGN DATA WRAPPER w TO facts_app",
     "foreign data wrapper w: grant to facts_app is USAGE, expected none\n"},
    {"server", 13, "CREATE FOREIGN DATA WRAPPER w;",
     "CREATE SERVER v TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'h')",
     "server v exists, but is not expected\n"},
    {"server options", 13,
     "CREATE FOREIGN DATA WRAPPER w;CREATE SERVER v TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w "
     "OPTIONS (host 'h');",
     "ALTER SERVER v VERSION '2' OPTIONS (SET host 'i', ADD port '5')",
     "server v: options is host=i, port=5, expected host=h; version is 2, expected 1\n"},
    {"server comment", 13,
     "CREATE FOREIGN DATA WRAPPER w;CREATE SERVER v TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w "
     "OPTIONS (host 'h');",
     "COMMENT ON SERVER v IS 'x'", "server v: comment is x, expected none\n"},
    {"user mapping", 13,
     "CREATE FOREIGN DATA WRAPPER w;CREATE SERVER v TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w "
     "OPTIONS (host 'h');",
     "CREATE USER MAPPING FOR PUBLIC SERVER v OPTIONS (\"user\" 'u', password 'secret')",
     "user mapping PUBLIC on v exists, but is not expected\n"},
    {"foreign table", 13,
     "CREATE FOREIGN DATA WRAPPER w;CREATE SERVER v TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w "
     "OPTIONS (host 'h');",
     "CREATE FOREIGN TABLE ft (a int OPTIONS (x 'y')) SERVER v OPTIONS (tab 't')",
     "foreign table ft exists, but is not expected\n"},
    {"foreign table options", 13,
     "CREATE FOREIGN DATA WRAPPER w;CREATE SERVER v TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w "
     "OPTIONS (host 'h');CREATE FOREIGN TABLE ft (a int) SERVER v OPTIONS (tab 't')",
     "ALTER FOREIGN TABLE ft OPTIONS (SET tab 'u')",
     "foreign table ft: foreign options is tab=u, expected tab=t\n"},
    {"event trigger", 13,
     "CREATE FUNCTION ev() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';",
     "CREATE EVENT TRIGGER ev ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') "
     "EXECUTE FUNCTION ev()",
     "event trigger ev exists, but is not expected\n"},
    {"event trigger switched off", 13,
     "CREATE FUNCTION ev() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';CREATE EVENT "
     "TRIGGER ev ON sql_drop EXECUTE FUNCTION ev()",
     "ALTER EVENT TRIGGER ev DISABLE", "event trigger ev: enabled is no, expected yes\n"},
    {"default privileges", 13, "CREATE ROLE facts_app",
     "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO facts_app; ALTER DEFAULT "
     "PRIVILEGES FOR ROLE facts_app GRANT USAGE ON SEQUENCES TO PUBLIC; ALTER DEFAULT PRIVILEGES "
     "REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
     "database default privileges functions: revoke from PUBLIC is EXECUTE, expected none\n"
     "database default privileges sequences of facts_app: grant to PUBLIC is USAGE, expected none\n"
     "default privileges tables: grant to facts_app is SELECT, expected none\n"},
    {"setting of the database", 13, "",
     "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), "
     "'UTC'); END $$",
     "setting TimeZone exists, but is not expected\n"},
    {"setting of a role", 13, "CREATE ROLE facts_app",
     "DO $$ BEGIN EXECUTE format('ALTER ROLE facts_app IN DATABASE %I SET search_path = a, b', "
     "current_database()); END $$",
     "setting search_path of facts_app exists, but is not expected\n"},
    {"database comment", 13, "",
     "DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'x'); END $$",
     "the database: comment is x, expected none\n"},
    {"database grant", 13, "CREATE ROLE facts_app",
     "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO facts_app', current_database()); "
     "EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$",
     "the database: grant to facts_app is CREATE, expected none; revoke from PUBLIC is TEMPORARY, "
     "expected "
     "none\n"},
    {"connection limit", 13, "",
     "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 9', current_database()); END "
     "$$",
     "the database: connection limit is 9, expected none\n"},
    {"large object", 13, "", "SELECT lo_create(0)",
     "large objects all: count is 1, expected none\n"},
};

TEST_P(SnapshotOfOthers, NamesEachChange) {
  RunSnapshotCases(db(), kOtherCases);
}

// What a platform's default privileges give to new objects is no difference where the expected
// snapshots have none of their own; the history's privileges are still distinguished.
class PlatformPrivileges : public SnapshotOfOthers {
 protected:
  void SetUp() override {
    SnapshotOfOthers::SetUp();
    if (IsSkipped()) return;
    platform_.emplace(GetParam());
    for (const char* role : {"facts_anon", "facts_api"}) {
      db().Run(std::string("DO $$ BEGIN CREATE ROLE ") + role +
               "; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    }
    for (const char* kind : {"TABLES", "SEQUENCES", "FUNCTIONS"}) {
      platform_->Run(std::string("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON ") + kind +
                     " TO postgres, facts_api, facts_anon; ALTER DEFAULT PRIVILEGES GRANT ALL ON " +
                     kind + " TO facts_api");
    }
    platform_->Run("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC");
    constexpr const char* kObjects =
        "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a serial PRIMARY KEY, b e); CREATE TABLE u "
        "(id int GENERATED ALWAYS AS IDENTITY); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION "
        "f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g() RETURNS int LANGUAGE sql "
        "AS 'SELECT 1'; GRANT SELECT ON t TO facts_anon; REVOKE EXECUTE ON FUNCTION f() FROM "
        "PUBLIC; CREATE SCHEMA s; CREATE TABLE s.t (a int)";
    db().Run(kObjects);
    platform_->Run(kObjects);
    postgres::Session plain = db().Connect();
    expected_ = SnapshotOf(plain).snapshot;
  }

  // Seen as a deploy compares: by the scope of what is expected.
  std::string Differences() {
    postgres::Session session = platform_->Connect();
    std::string words;
    for (const catalog::Difference& difference :
         catalog::Diff(expected_,
                       SnapshotOf(session, "public", catalog::ScopeOf(expected_)).snapshot, true)) {
      words += catalog::Describe(difference) + "\n";
    }
    return words;
  }

  std::optional<TestDatabase> platform_;
  catalog::Snapshot expected_;
};

TEST_P(PlatformPrivileges, AreNoDifference) {
  EXPECT_EQ(Differences(), "");
}

TEST_P(PlatformPrivileges, HideNoOtherChange) {
  struct Case {
    const char* change;
    const char* undo;
    const char* expected;
  };
  for (const Case& c : std::vector<Case>{
           {"REVOKE SELECT ON t FROM facts_anon", "GRANT SELECT ON t TO facts_anon",
            "table t: grant to facts_anon is missing, expected SELECT\n"},
           {"GRANT SELECT ON u TO PUBLIC", "REVOKE SELECT ON u FROM PUBLIC",
            "table u: grant to PUBLIC is SELECT, expected none\n"},
           {"GRANT UPDATE ON u TO facts_api WITH GRANT OPTION",
            "REVOKE GRANT OPTION FOR UPDATE ON u FROM facts_api",
            "table u: grant to facts_api is UPDATE with grant option, expected none\n"},
           {"REVOKE INSERT ON u FROM postgres", "GRANT INSERT ON u TO postgres",
            "table u: revoke from <owner> is INSERT, expected none\n"},
           {"GRANT EXECUTE ON FUNCTION f() TO PUBLIC", "REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC",
            "function f(): revoke from PUBLIC is missing, expected EXECUTE\n"},
           {"GRANT SELECT ON s.t TO facts_anon", "REVOKE SELECT ON s.t FROM facts_anon",
            "table s.t: grant to facts_anon is SELECT, expected none\n"}}) {
    platform_->Run(c.change);
    EXPECT_EQ(Differences(), c.expected) << c.change;
    platform_->Run(c.undo);
  }
  EXPECT_EQ(Differences(), "");
}

// A history that says default privileges itself is held to them.
TEST_P(PlatformPrivileges, AreJudgedWhereTheHistoryHasItsOwn) {
  db().Run("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO facts_anon");
  postgres::Session plain = db().Connect();
  expected_ = SnapshotOf(plain).snapshot;
  EXPECT_THAT(Differences(), ::testing::HasSubstr("default privileges"));
}

INSTANTIATE_TEST_SUITE_P(Majors, PlatformPrivileges, ::testing::ValuesIn(UsualMajors()));
INSTANTIATE_TEST_SUITE_P(Slow, PlatformPrivileges, ::testing::ValuesIn(FurtherMajors()));
INSTANTIATE_TEST_SUITE_P(Majors, SnapshotOfOthers, ::testing::ValuesIn(UsualMajors()));
INSTANTIATE_TEST_SUITE_P(Slow, SnapshotOfOthers, ::testing::ValuesIn(FurtherMajors()));

}  // namespace
}  // namespace ballast::testing
