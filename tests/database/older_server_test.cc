// SPDX-License-Identifier: Apache-2.0
// What an older server lacks: each line of the tables of features is tried on the two majors that
// it stands between. The older one must refuse the script by itself, the newer one must take it,
// and from the newer one's snapshots it must be told what the database needs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/text.h"
#include "catalog/requirements.h"
#include "sql/features.h"
#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

using ::testing::IsEmpty;

struct FeatureCase {
  const char* feature;
  int since;
  const char* object;  // of the snapshot; null: the database does not tell
  const char* script;
  bool in_words = true;        // the script's words tell
  bool refused_before = true;  // else the older server takes it, and makes something else of it
};

constexpr char kT[] = "CREATE TABLE t (a integer, b text);";

const FeatureCase kCases[] = {
    {"column compression", 14, "column t.c", "CREATE TABLE t (c text COMPRESSION pglz)"},
    {"column compression", 14, "column t.b", "ALTER TABLE t ALTER b SET COMPRESSION pglz"},
    {"multirange types", 14, "column t.c", "ALTER TABLE t ADD c int4multirange"},
    {"multirange types", 14, "domain d", "CREATE DOMAIN d AS datemultirange"},
    {"multirange types", 14, "function f(nummultirange)",
     "CREATE FUNCTION f(nummultirange) RETURNS integer LANGUAGE sql AS 'SELECT 1'"},
    {"multirange types", 14, "range type r",
     "CREATE TYPE r AS RANGE (SUBTYPE = text, MULTIRANGE_TYPE_NAME = many)"},
    {"a function body of SQL (BEGIN ATOMIC)", 14, "function f()",
     "CREATE FUNCTION f() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; END"},
    {"a function body of SQL (BEGIN ATOMIC)", 14, "function f()",
     "CREATE FUNCTION f() RETURNS integer LANGUAGE sql RETURN 1", false},
    {"procedures with OUT parameters", 14, "procedure f()",
     "CREATE PROCEDURE f(OUT a integer) LANGUAGE sql AS 'SELECT 1'", false},
    {"statistics on expressions", 14, "statistics s", "CREATE STATISTICS s ON (a + 1), b FROM t",
     false},
    {"CREATE OR REPLACE TRIGGER", 14, nullptr,
     "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';"
     "CREATE OR REPLACE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f()"},
    {"DETACH PARTITION CONCURRENTLY", 14, nullptr,
     "CREATE TABLE p (a integer) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;"
     "ALTER TABLE p DETACH PARTITION p1; ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);"
     "SELECT 1; ALTER TABLE p DETACH PARTITION public.p1 CONCURRENTLY"},
    {"NULLS NOT DISTINCT", 15, "index i", "CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT"},
    {"NULLS NOT DISTINCT", 15, "constraint t.c",
     "ALTER TABLE t ADD CONSTRAINT c UNIQUE NULLS NOT DISTINCT (a)"},
    {"NULLS DISTINCT", 15, nullptr, "CREATE UNIQUE INDEX i ON t (a) NULLS DISTINCT"},
    {"ON DELETE SET with columns", 15, "constraint c.fk",
     "CREATE TABLE p (a integer, b integer, PRIMARY KEY (a, b));"
     "CREATE TABLE c (a integer, b integer, CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES p "
     "ON DELETE SET NULL (b))"},
    {"MERGE", 15, nullptr,
     "MERGE INTO t USING (SELECT 1 AS a) s ON s.a = t.a WHEN MATCHED THEN DELETE"},
    {"MERGE", 15, "function f()",
     "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN MERGE INTO t USING (SELECT 1 "
     "AS a) s ON s.a = t.a WHEN MATCHED THEN DELETE; END $$"},
    {"security_invoker views", 15, "view v",
     "CREATE VIEW v WITH (security_invoker) AS SELECT 1 AS a"},
    {"unlogged sequences", 15, "sequence s", "CREATE UNLOGGED SEQUENCE s"},
    {"publications of schemas", 15, "publication p",
     "CREATE PUBLICATION p FOR TABLES IN SCHEMA public"},
    {"publications of columns or rows", 15, "publication p", "CREATE PUBLICATION p FOR TABLE t (a)",
     false},
    {"publications of columns or rows", 15, "publication p",
     "CREATE PUBLICATION p FOR TABLE t WHERE (a > 1)", false},
    {"numeric with such a scale", 15, "column t.c", "ALTER TABLE t ADD c numeric(2, -3)", false},
    {"numeric with such a scale", 15, "column t.c", "ALTER TABLE t ADD c numeric(2, 5)", false},
    {"SET ACCESS METHOD", 15, nullptr, "ALTER TABLE t SET ACCESS METHOD heap"},
    {"IS JSON", 16, "constraint t.c", "ALTER TABLE t ADD CONSTRAINT c CHECK (b IS JSON)"},
    {"collation rules", 16, "collation c",
     "CREATE COLLATION c (PROVIDER = icu, LOCALE = 'und', RULES = '& a < g')", false},
    {"JSON_ARRAYAGG", 16, "view v", "CREATE VIEW v AS SELECT JSON_ARRAYAGG(a) AS j FROM t", false},
    {"MERGE … WHEN NOT MATCHED BY", 17, nullptr,
     "MERGE INTO t USING (SELECT 1 AS a) s ON s.a = t.a WHEN NOT MATCHED BY SOURCE THEN DELETE"},
    {"JSON_TABLE", 17, "view v",
     "CREATE VIEW v AS SELECT j.a FROM JSON_TABLE(jsonb '[1]', '$[*]' COLUMNS (a integer PATH "
     "'$')) j",
     false},
    {"JSON_VALUE", 17, "constraint t.c",
     "ALTER TABLE t ADD CONSTRAINT c CHECK (JSON_VALUE(b::jsonb, '$.a') = '1') NOT VALID", false},
    {"the privilege MAINTAIN", 17, "table t", "GRANT MAINTAIN ON t TO pg_monitor"},
    {"login event triggers", 17, "event trigger g",
     "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
     "CREATE EVENT TRIGGER g ON login EXECUTE FUNCTION f()"},
    {"the collation provider builtin", 17, "collation c",
     "CREATE COLLATION c (PROVIDER = builtin, LOCALE = 'C.UTF-8')"},
    {"SET EXPRESSION", 17, nullptr,
     "CREATE TABLE g (a integer, b integer GENERATED ALWAYS AS (a) STORED);"
     "ALTER TABLE g ALTER b SET EXPRESSION AS (a + 1)"},
    {"access methods of partitioned tables", 17, "table p",
     "CREATE ACCESS METHOD m TYPE TABLE HANDLER heap_tableam_handler;"
     "CREATE TABLE p (a integer) PARTITION BY LIST (a) USING m",
     false},
    {"EXCLUDE constraints of partitioned tables", 17, "constraint p.e",
     "CREATE TABLE p (a int4range, CONSTRAINT e EXCLUDE USING gist (a WITH =)) PARTITION BY LIST "
     "(a)",
     false},
    {"virtual generated columns", 18, "column t.c",
     "ALTER TABLE t ADD c integer GENERATED ALWAYS AS (a + 1) VIRTUAL"},
    {"virtual generated columns", 18, "column g.c",
     "CREATE TABLE g (a integer, c integer GENERATED ALWAYS AS (a + 1))"},
    {"WITHOUT OVERLAPS", 18, "constraint p.k",
     "CREATE TABLE p (a int4range, b int4range, CONSTRAINT k PRIMARY KEY (b, a WITHOUT OVERLAPS))"},
    {"NOT ENFORCED", 18, "constraint t.c",
     "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1) NOT ENFORCED"},
    {"NOT NULL … NOT VALID", 18, "column t.a",
     "ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID", false},
    {"named NOT NULL constraints of tables", 18, nullptr,
     "ALTER TABLE t ADD CONSTRAINT c NOT NULL a"},
    {"NOT NULL … NO INHERIT", 18, "column p.a", "CREATE TABLE p (a integer NOT NULL NO INHERIT)",
     false},
    {"foreign keys of partitioned tables that are NOT VALID", 18, "constraint p.fk",
     "CREATE TABLE u (a integer PRIMARY KEY); CREATE TABLE p (a integer) PARTITION BY LIST (a);"
     "ALTER TABLE p ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES u NOT VALID",
     false},
    {"publications of generated columns", 18, "publication p",
     "CREATE PUBLICATION p FOR TABLE t WITH (publish_generated_columns = stored)", false},
    {"default privileges on large objects", 18, "database default privileges large objects",
     "ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO pg_monitor", false},
    {"uuidv7()", 18, "column t.c", "ALTER TABLE t ADD c uuid DEFAULT uuidv7()", false},
    {"array_sort()", 18, "index i", "CREATE INDEX i ON t (array_sort(ARRAY[a]))", false},
};

std::vector<int> SinceOf(const std::vector<Requirement>& needs, const FeatureCase& one) {
  std::vector<int> since;
  for (const Requirement& need : needs) {
    if (need.feature == one.feature && need.object == one.object) since.push_back(need.since);
  }
  return since;
}

bool SaysSo(const FeatureCase& one) {
  for (const sql::Feature& feature : sql::FeaturesOf(one.script)) {
    if (feature.name == one.feature && feature.since == one.since) return true;
  }
  return false;
}

void TryOn(TestDatabase& db, int major, const FeatureCase& one) {
  SCOPED_TRACE(Join({one.feature, " in ", one.script}, ""));
  if (std::string_view(one.script).find("CONCURRENTLY") != std::string_view::npos) return;
  db.Run(std::string("BEGIN;") + kT);
  if (std::string_view(one.script).starts_with("CREATE TABLE t")) db.Run("DROP TABLE t");
  const postgres::Outcome outcome = db.session().Run(one.script);
  if (major < one.since) {
    EXPECT_EQ(outcome.ok(), !one.refused_before) << major;
  } else if (outcome.ok()) {
    const auto needs = catalog::RequirementsOf(SnapshotOf(db.session()).snapshot);
    for (const Requirement& need : needs) EXPECT_LE(need.since, one.since) << need.feature;
    const size_t times = one.object == nullptr ? 0 : 1;
    EXPECT_EQ(SinceOf(needs, one), std::vector<int>(times, one.since));
  } else {
    ADD_FAILURE() << major << ": " << outcome.error->message;
  }
  EXPECT_TRUE(db.session().Run("ROLLBACK").ok());
}

class OlderServerTest : public MajorsTest {};

TEST_P(OlderServerTest, EachFeatureIsRefusedByTheServerBeforeItAndFoundWhereItIsNew) {
  for (const FeatureCase& one : kCases) {
    if (GetParam() == one.since || GetParam() == one.since - 1) TryOn(db(), GetParam(), one);
  }
}

// What is new for people among the built-in functions is in the table: by the server's own lists.
std::set<std::string> FunctionNames(TestDatabase& db) {
  std::set<std::string> names;
  const std::string list = db.Table(
      "SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace "
      "AND NOT 'internal'::regtype = ANY (proargtypes) AND prorettype <> 'internal'::regtype "
      "AND proname !~ '^(pg_|binary_upgrade|has_|_)|(_in|_out|_send|_recv|_transfn|_larger|_smaller"
      "|_strict|_unique|_extended|_common|_hash)$|^hash|multirange|_pl_|^range_'");
  for (const std::string& name : Split(list, '\n')) names.insert(name);
  return names;
}

TEST_P(OlderServerTest, NewFunctionsAreKnown) {
  const int major = GetParam();
  if (major == 13 || !HasMajor(major - 1)) return;
  TestDatabase before(major - 1);
  const std::set<std::string> older = FunctionNames(before);
  // Grammar before, or of no use in a definition.
  const std::set<std::string> others = {
      "extract", "system_user",   "icu_unicode_version",        "unicode_version",
      "bytea",   "to_regtypemod", "jsonb_populate_record_valid"};
  for (const std::string& name : FunctionNames(db())) {
    if (older.contains(name) || others.contains(name)) continue;
    const auto found = sql::FunctionsOfDefinition(name + "(x)");
    ASSERT_EQ(found.size(), 1u) << name << " is new in " << major;
    EXPECT_EQ(found.front().since, major) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Majors, OlderServerTest, ::testing::ValuesIn(UsualMajors()));
INSTANTIATE_TEST_SUITE_P(Slow, OlderServerTest, ::testing::ValuesIn(FurtherMajors()));

TEST(OlderServerWordsTest, RecognizesFeaturesOfScripts) {
  for (const FeatureCase& one : kCases) EXPECT_EQ(SaysSo(one), one.in_words) << one.script;
}

// What only looks like a new feature is none.
TEST(OlderServerWordsTest, IgnoresOtherText) {
  for (const char* script : {
           "CREATE TABLE t (compression text, nulls integer, merge text)",
           "COMMENT ON TABLE t IS 'UNIQUE NULLS NOT DISTINCT'; -- MERGE INTO t",
           "CREATE TABLE json_value (json_table text); INSERT INTO json_value (json_table) VALUES "
           "('a')",
           "DO $$ BEGIN IF current_setting('server_version_num')::int >= 150000 THEN EXECUTE "
           "'MERGE "
           "INTO t'; END IF; END $$",
           "CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()'",
           "CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a) STORED, c integer "
           "GENERATED "
           "ALWAYS AS IDENTITY, d integer CONSTRAINT x NOT NULL DEFAULT 1)",
           "ALTER TABLE c ADD FOREIGN KEY (a) REFERENCES p (a) ON DELETE SET NULL, ADD CHECK (a > "
           "1)",
       }) {
    EXPECT_THAT(sql::FeaturesOf(script), IsEmpty()) << script;
  }
}

// Somebody's own function of that name, or an extension that may bring one, is not the built-in
// one.
TEST(OlderServerWordsTest, DistinguishesUserFunctionsFromBuiltIns) {
  const catalog::ObjectProperty entry{"column", "t.id", "default", "uuidv7()"};
  EXPECT_EQ(catalog::RequirementsOf({entry}).size(), 1u);
  EXPECT_THAT(catalog::RequirementsOf({entry, {"function", "uuidv7()", "language", "sql"}}),
              IsEmpty());
  EXPECT_THAT(catalog::RequirementsOf({entry, {"extension", "pg_uuidv7", "schema", "<target>"}}),
              IsEmpty());
  EXPECT_THAT(catalog::RequirementsOf({{"column", "t.id", "default", "own.uuidv7()"}}), IsEmpty());
}

}  // namespace
}  // namespace ballast::testing
