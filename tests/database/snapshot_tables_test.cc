// SPDX-License-Identifier: Apache-2.0
// Schemas, tables, views and sequences: each property that snapshots must distinguish.
#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

class SnapshotOfTables : public MajorsTest {};

constexpr SnapshotCase kTableCases[] = {
    {"schema", 13, "", "CREATE SCHEMA billing", "schema billing exists, but is not expected\n"},
    {"schema owner", 13, "CREATE ROLE facts_app; CREATE SCHEMA billing",
     "ALTER SCHEMA billing OWNER TO facts_app",
     "schema billing: owner is facts_app, expected none\n"},
    {"schema comment", 13, "CREATE SCHEMA billing", "COMMENT ON SCHEMA billing IS 'x'",
     "schema billing: comment is x, expected none\n"},
    {"schema grant", 13, "CREATE ROLE facts_app; CREATE SCHEMA billing",
     "GRANT USAGE ON SCHEMA billing TO facts_app",
     "schema billing: grant to facts_app is USAGE, expected none\n"},
    {"target schema grant", 13, "CREATE ROLE facts_app",
     "GRANT USAGE, CREATE ON SCHEMA public TO facts_app",
     "the target schema: grant to facts_app is CREATE, USAGE, expected none\n"},
    {"target schema closed", 13, "", "REVOKE ALL ON SCHEMA public FROM PUBLIC",
     "the target schema: revoke from PUBLIC is USAGE, expected none\n"},
    {"target schema comment", 13, "", "COMMENT ON SCHEMA public IS 'mine'",
     "the target schema: comment is mine, expected none\n"},
    {"table", 13, "", "CREATE TABLE t (a int, b text);", "table t exists, but is not expected\n"},
    {"unlogged", 13, "CREATE TABLE t (a int, b text);", "ALTER TABLE t SET UNLOGGED",
     "table t: persistence is unlogged, expected none\n"},
    {"table options", 13, "CREATE TABLE t (a int, b text);",
     "ALTER TABLE t SET (fillfactor = 70, toast.autovacuum_enabled = off)",
     "table t: options is fillfactor=70, toast.autovacuum_enabled=off, expected none\n"},
    {"row security", 13, "CREATE TABLE t (a int, b text);",
     "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
     "table t: row security is enabled, expected none\n"},
    {"forced row security", 13, "CREATE TABLE t (a int, b text);",
     "ALTER TABLE t FORCE ROW LEVEL SECURITY", "table t: force row security is yes, expected no\n"},
    {"replica identity full", 13, "CREATE TABLE t (a int, b text);",
     "ALTER TABLE t REPLICA IDENTITY FULL", "table t: replica identity is full, expected none\n"},
    {"replica identity index", 13, "CREATE TABLE t (a int NOT NULL UNIQUE);",
     "ALTER TABLE t REPLICA IDENTITY USING INDEX t_a_key",
     "constraint t.t_a_key: index replica identity is yes, expected no\n"
     "table t: replica identity is index, expected none\n"},
    {"inheritance", 13, "CREATE TABLE t (a int, b text);CREATE TABLE c (a int, b text)",
     "ALTER TABLE c INHERIT t",
     "column c.a: inherited is and local, expected none\n"
     "column c.b: inherited is and local, expected none\n"
     "table c: inherits is t, expected none\n"},
    {"inheritance order", 13,
     "CREATE TABLE p (a int); CREATE TABLE q (b int); CREATE TABLE c (a int, b int); ALTER TABLE c "
     "INHERIT p; ALTER TABLE c INHERIT q",
     "ALTER TABLE c NO INHERIT p; ALTER TABLE c INHERIT p",
     "table c: inherits is q, p, expected p, q\n"},
    {"partition", 13, "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE c (a int)",
     "ALTER TABLE p ATTACH PARTITION c FOR VALUES IN (1, 2)",
     "table c: partition bound is FOR VALUES IN (1, 2), expected none; partition of is p, expected "
     "none\n"},
    {"partition bound", 13,
     "CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE c PARTITION OF p FOR VALUES FROM "
     "(1) TO (2)",
     "ALTER TABLE p DETACH PARTITION c; ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (1) TO "
     "(3)",
     "table c: partition bound is FOR VALUES FROM (1) TO (3), expected FOR VALUES FROM (1) TO "
     "(2)\n"},
    {"identity of a partition", 17,
     "CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY, k text) PARTITION BY RANGE (id);"
     "CREATE TABLE m (id int NOT NULL, k text) PARTITION BY LIST (k); CREATE TABLE l (id int NOT "
     "NULL, k text); ALTER TABLE p ATTACH PARTITION m DEFAULT; ALTER TABLE m ATTACH PARTITION l "
     "DEFAULT",
     "DROP TABLE m; CREATE TABLE m (id int NOT NULL, k text) PARTITION BY LIST (k); CREATE TABLE l "
     "(id int NOT NULL, k text); ALTER TABLE m ATTACH PARTITION l DEFAULT; ALTER TABLE p ATTACH "
     "PARTITION m DEFAULT",
     "column l.id: identity is not inherited, expected none\n"},
    {"partition key", 13, "CREATE TABLE p (a int, b int) PARTITION BY RANGE (a)",
     "DROP TABLE p; CREATE TABLE p (a int, b int) PARTITION BY RANGE (b)",
     "table p: partition by is RANGE (b), expected RANGE (a)\n"},
    {"typed table", 13, "CREATE TYPE y AS (a int); CREATE TABLE t (a int)",
     "DROP TABLE t; CREATE TABLE t OF y", "table t: of type is y, expected none\n"},
    {"table access method", 13,
     "CREATE TABLE t (a int, b text);CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER "
     "heap_tableam_handler",
     "DROP TABLE t; CREATE TABLE t (a int, b text) USING heap2",
     "table t: access method is heap2, expected none\n"},
    {"table owner", 13, "CREATE TABLE t (a int, b text);CREATE ROLE facts_app",
     "ALTER TABLE t OWNER TO facts_app", "table t: owner is facts_app, expected none\n"},
    {"table comment", 13, "CREATE TABLE t (a int, b text);", "COMMENT ON TABLE t IS E'two\\nlines'",
     "table t: comment is two\\nlines, expected none\n"},
    {"table grant", 13, "CREATE TABLE t (a int, b text);CREATE ROLE facts_app",
     "GRANT SELECT, INSERT ON t TO facts_app WITH GRANT OPTION; GRANT UPDATE ON t TO PUBLIC",
     "table t: grant to PUBLIC is UPDATE, expected none; grant to facts_app is INSERT with grant "
     "option, SELECT with grant option, expected none\n"},
    {"all on table", 13, "CREATE TABLE t (a int, b text);CREATE ROLE facts_app",
     "GRANT ALL ON t TO facts_app",
     "table t: grant to facts_app is DELETE, INSERT, REFERENCES, SELECT, TRIGGER, TRUNCATE, "
     "UPDATE, expected none\n"},
    {"table revoke", 13, "CREATE TABLE t (a int, b text);", "REVOKE DELETE ON t FROM CURRENT_USER",
     "table t: revoke from <owner> is DELETE, expected none\n"},
    {"column grant", 13, "CREATE TABLE t (a int, b text);CREATE ROLE facts_app",
     "GRANT SELECT (a) ON t TO facts_app",
     "column t.a: grant to facts_app is SELECT, expected none\n"},
    {"grantor", 13,
     "CREATE TABLE t (a int, b text);CREATE ROLE facts_app; CREATE ROLE facts_two; GRANT SELECT ON "
     "t TO facts_app WITH GRANT OPTION",
     "SET ROLE facts_app; GRANT SELECT ON t TO facts_two; RESET ROLE",
     "table t: grant to facts_two by facts_app is SELECT, expected none\n"},
    {"view", 13, "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t",
     "CREATE OR REPLACE VIEW v AS SELECT a FROM t WHERE b > 1",
     "view v: definition is SELECT a FROM t WHERE (b > 1);, expected SELECT a FROM t;\n"},
    {"view options", 13, "CREATE TABLE t (a int, b text);CREATE VIEW v AS SELECT a FROM t",
     "ALTER VIEW v SET (security_barrier, check_option = local)",
     "view v: options is check_option=local, security_barrier=true, expected none\n"},
    {"view column default", 13, "CREATE TABLE t (a int, b text);CREATE VIEW v AS SELECT a FROM t",
     "ALTER VIEW v ALTER a SET DEFAULT 3", "column v.a: default is 3, expected none\n"},
    {"view security invoker", 15, "CREATE TABLE t (a int, b text);CREATE VIEW v AS SELECT a FROM t",
     "ALTER VIEW v SET (security_invoker = on)",
     "view v: options is security_invoker=on, expected none\n"},
    {"materialized view", 13,
     "CREATE TABLE t (a int, b text);CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA",
     "DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS SELECT a FROM t",
     "materialized view m: populated is yes, expected no\n"},
    {"sequence", 13, "CREATE SEQUENCE s", "ALTER SEQUENCE s INCREMENT 5 MAXVALUE 100 CACHE 4 CYCLE",
     "sequence s: cache is 4, expected 1; cycle is yes, expected no; increment is 5, expected 1; "
     "maximum is "
     "100, expected 9223372036854775807\n"},
    {"sequence type", 13, "CREATE SEQUENCE s", "ALTER SEQUENCE s AS integer START 7",
     "sequence s: maximum is 2147483647, expected 9223372036854775807; start is 7, expected 1; "
     "type is "
     "integer, expected bigint\n"},
    {"sequence owner", 13, "CREATE TABLE t (a int, b text);CREATE SEQUENCE s",
     "ALTER SEQUENCE s OWNED BY t.a", "sequence s: owned by is t.a, expected none\n"},
    {"sequence unlogged", 15, "CREATE SEQUENCE s", "ALTER SEQUENCE s SET UNLOGGED",
     "sequence s: persistence is unlogged, expected none\n"},
    {"sequence grant", 13, "CREATE ROLE facts_app; CREATE SEQUENCE s",
     "GRANT USAGE ON SEQUENCE s TO facts_app",
     "sequence s: grant to facts_app is USAGE, expected none\n"},
    {"moved to another schema", 13, "CREATE SCHEMA billing;CREATE TABLE t (a int, b text);",
     "ALTER TABLE t SET SCHEMA billing",
     "table billing.t exists, but is not expected\n"
     "table t is missing\n"},
};

TEST_P(SnapshotOfTables, NamesEachChange) {
  RunSnapshotCases(db(), kTableCases);
}

INSTANTIATE_TEST_SUITE_P(Majors, SnapshotOfTables, ::testing::ValuesIn(UsualMajors()));
INSTANTIATE_TEST_SUITE_P(Slow, SnapshotOfTables, ::testing::ValuesIn(FurtherMajors()));

}  // namespace
}  // namespace ballast::testing
