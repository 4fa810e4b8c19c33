// SPDX-License-Identifier: Apache-2.0
// Functions, triggers, rules and policies: each property that snapshots must distinguish.
#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

class SnapshotOfRoutines : public MajorsTest {};

constexpr SnapshotCase kRoutineCases[] = {
    {"function", 13, "",
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "function f(integer, text) exists, but is not expected\n"},
    {"function overload", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "CREATE FUNCTION f(a int[]) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "function f(integer[]) exists, but is not expected\n"},
    {"function source", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "CREATE OR REPLACE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT "
     "2'",
     "function f(integer, text): source is SELECT 2, expected SELECT 1\n"},
    {"function default", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "CREATE OR REPLACE FUNCTION f(a int, b text DEFAULT 'y') RETURNS int LANGUAGE sql AS 'SELECT "
     "1'",
     "function f(integer, text): arguments is a integer, b text DEFAULT 'y'::text, expected a "
     "integer, "
     "b text DEFAULT 'x'::text\n"},
    {"function volatility", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "ALTER FUNCTION f IMMUTABLE",
     "function f(integer, text): volatility is immutable, expected none\n"},
    {"function strict", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "ALTER FUNCTION f STRICT", "function f(integer, text): strict is yes, expected no\n"},
    {"function security definer", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "ALTER FUNCTION f SECURITY DEFINER",
     "function f(integer, text): security definer is yes, expected no\n"},
    {"function leakproof", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "ALTER FUNCTION f LEAKPROOF", "function f(integer, text): leakproof is yes, expected no\n"},
    {"function parallel", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "ALTER FUNCTION f PARALLEL SAFE",
     "function f(integer, text): parallel is safe, expected none\n"},
    {"function cost", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "ALTER FUNCTION f COST 7", "function f(integer, text): cost is 7, expected none\n"},
    {"function rows", 13, "CREATE FUNCTION f() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1'",
     "ALTER FUNCTION f ROWS 5", "function f(): rows is 5, expected none\n"},
    {"function settings", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "ALTER FUNCTION f SET search_path = public, pg_temp",
     "function f(integer, text): settings is search_path=public, pg_temp, expected none\n"},
    {"function returns", 13, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "DROP FUNCTION f; CREATE FUNCTION f() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1'",
     "function f(): returns is SETOF integer, expected integer\n"},
    {"function language", 13, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "DROP FUNCTION f; CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
     "function f(): language is plpgsql, expected sql; source is BEGIN RETURN 1; END, expected "
     "SELECT 1\n"},
    {"function grant", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "REVOKE EXECUTE ON FUNCTION f FROM PUBLIC",
     "function f(integer, text): revoke from PUBLIC is EXECUTE, expected none\n"},
    {"function owner", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';CREATE "
     "ROLE facts_app",
     "ALTER FUNCTION f OWNER TO facts_app",
     "function f(integer, text): owner is facts_app, expected none\n"},
    {"function comment", 13,
     "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "COMMENT ON FUNCTION f IS 'x'", "function f(integer, text): comment is x, expected none\n"},
    {"function body", 14, "CREATE FUNCTION f() RETURNS int RETURN 1",
     "CREATE OR REPLACE FUNCTION f() RETURNS int RETURN 2",
     "function f(): body is RETURN 2, expected RETURN 1\n"},
    {"function support", 13,
     "CREATE FUNCTION f(int, int) RETURNS SETOF int LANGUAGE internal STRICT AS "
     "'generate_series_int4'",
     "ALTER FUNCTION f SUPPORT generate_series_int4_support",
     "function f(integer, integer): support is generate_series_int4_support, expected none\n"},
    {"procedure", 13, "", "CREATE PROCEDURE p(INOUT a int) LANGUAGE plpgsql AS 'BEGIN a := 1; END'",
     "procedure p(integer) exists, but is not expected\n"},
    {"aggregate", 13, "", "CREATE AGGREGATE g(int) (SFUNC = int4pl, STYPE = int)",
     "aggregate g(integer) exists, but is not expected\n"},
    {"aggregate parts", 13, "CREATE AGGREGATE g(int) (SFUNC = int4pl, STYPE = int)",
     "CREATE OR REPLACE AGGREGATE g(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', COMBINEFUNC "
     "= int4pl, PARALLEL = safe, SORTOP = >, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int)",
     "aggregate g(integer): combinefunc is int4pl(integer,integer), expected none; initcond is 0, "
     "expected "
     "none; minvfunc is int4mi(integer,integer), expected none; msfunc is "
     "int4pl(integer,integer), "
     "expected none; mstype is integer, expected none; parallel is safe, expected none; sortop is "
     ">(integer,integer), expected none\n"},
    {"window function", 13, "",
     "CREATE FUNCTION w() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number'",
     "function w() exists, but is not expected\n"},
    {"trigger", 13,
     "CREATE TABLE t (a int, b text);CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS "
     "'BEGIN RETURN NEW; END';",
     "CREATE TRIGGER g BEFORE INSERT OR UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a > 1) EXECUTE "
     "FUNCTION g('x')",
     "trigger t.g exists, but is not expected\n"},
    {"trigger event", 13,
     "CREATE TABLE t (a int, b text);CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS "
     "'BEGIN RETURN NEW; END';CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION g()",
     "DROP TRIGGER g ON t; CREATE TRIGGER g AFTER DELETE ON t EXECUTE FUNCTION g()",
     "trigger t.g: definition is CREATE TRIGGER g AFTER DELETE ON t FOR EACH STATEMENT EXECUTE "
     "FUNCTION g(), expected CREATE TRIGGER g BEFORE INSERT ON t FOR EACH STATEMENT EXECUTE "
     "FUNCTION "
     "g()\n"},
    {"trigger switched off", 13,
     "CREATE TABLE t (a int, b text);CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS "
     "'BEGIN RETURN NEW; END';CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION g()",
     "ALTER TABLE t DISABLE TRIGGER g", "trigger t.g: enabled is no, expected yes\n"},
    {"trigger on replicas", 13,
     "CREATE TABLE t (a int, b text);CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS "
     "'BEGIN RETURN NEW; END';CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION g()",
     "ALTER TABLE t ENABLE REPLICA TRIGGER g",
     "trigger t.g: enabled is on replica, expected none\n"},
    {"constraint trigger", 13,
     "CREATE TABLE t (a int, b text);CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS "
     "'BEGIN RETURN NEW; END';CREATE TABLE u (a int)",
     "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t FROM u DEFERRABLE FOR EACH ROW EXECUTE "
     "FUNCTION g()",
     "trigger t.g exists, but is not expected\n"},
    {"trigger comment", 13,
     "CREATE TABLE t (a int, b text);CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS "
     "'BEGIN RETURN NEW; END';CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION g()",
     "COMMENT ON TRIGGER g ON t IS 'x'", "trigger t.g: comment is x, expected none\n"},
    {"trigger of a partition", 13,
     "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE "
     "TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE c PARTITION OF p DEFAULT; CREATE TRIGGER "
     "g AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION g()",
     "ALTER TABLE c DISABLE TRIGGER g", "trigger c.g exists, but is not expected\n"},
    {"rule", 13, "CREATE TABLE t (a int, b text);",
     "CREATE RULE r AS ON INSERT TO t WHERE NEW.a = 1 DO INSTEAD NOTHING",
     "rule t.r exists, but is not expected\n"},
    {"rule action", 13,
     "CREATE TABLE t (a int, b text);CREATE RULE r AS ON DELETE TO t DO ALSO UPDATE t SET a = 1",
     "CREATE OR REPLACE RULE r AS ON DELETE TO t DO ALSO UPDATE t SET a = 2",
     "rule t.r: definition is DO UPDATE t SET a = 2;, expected DO UPDATE t SET a = 1;\n"},
    {"rule switched off", 13,
     "CREATE TABLE t (a int, b text);CREATE RULE r AS ON DELETE TO t DO ALSO NOTHING",
     "ALTER TABLE t DISABLE RULE r", "rule t.r: enabled is no, expected yes\n"},
    {"rule comment", 13,
     "CREATE TABLE t (a int, b text);CREATE RULE r AS ON DELETE TO t DO ALSO NOTHING",
     "COMMENT ON RULE r ON t IS 'x'", "rule t.r: comment is x, expected none\n"},
    {"policy", 13, "CREATE TABLE t (a int, b text);CREATE ROLE facts_app",
     "CREATE POLICY p ON t AS RESTRICTIVE FOR UPDATE TO facts_app, CURRENT_USER USING (a = 1) WITH "
     "CHECK (a = 2)",
     "policy t.p exists, but is not expected\n"},
    {"policy expression", 13, "CREATE TABLE t (a int, b text);CREATE POLICY p ON t USING (a = 1)",
     "ALTER POLICY p ON t USING (a = 2)", "policy t.p: using is (a = 2), expected (a = 1)\n"},
    {"policy roles", 13,
     "CREATE TABLE t (a int, b text);CREATE ROLE facts_app; CREATE POLICY p ON t USING (a = 1)",
     "ALTER POLICY p ON t TO facts_app", "policy t.p: roles is facts_app, expected PUBLIC\n"},
    {"policy comment", 13, "CREATE TABLE t (a int, b text);CREATE POLICY p ON t USING (a = 1)",
     "COMMENT ON POLICY p ON t IS 'x'", "policy t.p: comment is x, expected none\n"},
};

TEST_P(SnapshotOfRoutines, NamesEachChange) {
  RunSnapshotCases(db(), kRoutineCases);
}

INSTANTIATE_TEST_SUITE_P(Majors, SnapshotOfRoutines, ::testing::ValuesIn(UsualMajors()));
INSTANTIATE_TEST_SUITE_P(Slow, SnapshotOfRoutines, ::testing::ValuesIn(FurtherMajors()));

}  // namespace
}  // namespace ballast::testing
