// SPDX-License-Identifier: Apache-2.0
// What a baseline cannot carry is named, on the oldest, the usual and the newest server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "introspect/catalog_reader.h"
#include "introspect/extension_table_dependents.h"
#include "sql/split.h"
#include "tests/support/test_server.h"

namespace ballast::introspect {
namespace {

using ::testing::Contains;
using testing::TestDatabase;

struct RefusalCase {
  const char* named;  // kind and name
  const char* script;
  int since = 13;
};

const RefusalCase kCases[] = {
    {"schema that was dropped public", "DROP SCHEMA public"},
    {"subscription s",
     "CREATE SUBSCRIPTION s CONNECTION 'dbname=none' PUBLICATION p WITH (connect = false, "
     "slot_name "
     "= NONE)"},
    {"large object 4711", "SELECT lo_create(4711)"},
    {"privilege on a built-in or extension object pg_catalog.pg_sleep(double precision)",
     "REVOKE EXECUTE ON FUNCTION pg_sleep(float8) FROM PUBLIC"},
    {"constraint whose triggers are disabled fk on t",
     "CREATE TABLE t (a integer PRIMARY KEY, b integer CONSTRAINT fk REFERENCES t); "
     "ALTER TABLE t DISABLE TRIGGER ALL"},
    {"tablespace ballast_case_space",
     "SET allow_in_place_tablespaces = on; CREATE TABLESPACE ballast_case_space LOCATION ''; "
     "CREATE TABLE t (a integer); CREATE INDEX i ON t (a) TABLESPACE ballast_case_space"},
    {"operator without a function =/=(integer,integer), left by one that was dropped; drop it, too",
     "CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = "
     "=/=); DROP OPERATOR === (integer, integer)"},
    {"privilege on a parameter work_mem", "GRANT SET ON PARAMETER work_mem TO pg_monitor", 15},
};

// What belongs to the cluster must go again.
constexpr const char* kEnds[] = {
    "ALTER SUBSCRIPTION s SET (slot_name = NONE)", "DROP SUBSCRIPTION s", "DROP TABLE t",
    "DROP TABLESPACE ballast_case_space", "REVOKE SET ON PARAMETER work_mem FROM pg_monitor"};

class RefusalsTest : public ::testing::TestWithParam<int> {};

TEST_P(RefusalsTest, EachIsNamed) {
  if (!testing::HasMajor(GetParam())) GTEST_SKIP() << "NO SERVER PROGRAMS of " << GetParam();
  for (const RefusalCase& one : kCases) {
    if (GetParam() < one.since) continue;
    SCOPED_TRACE(one.script);
    TestDatabase db(GetParam());
    // One by one: some may not share a transaction.
    for (const sql::StatementText& statement : sql::SplitScript(one.script)) db.Run(statement.text);
    postgres::Session reader = db.Connect();
    const auto draft = ReadBaseline(reader);
    ASSERT_TRUE(draft.ok()) << draft.error().message;
    std::vector<std::string> named;
    for (const catalog::UnsupportedObject& item : draft->unsupported) {
      named.push_back(item.kind + " " + item.name);
    }
    EXPECT_THAT(named, Contains(one.named));
    for (const char* end : kEnds) (void)db.session().Run(end);
  }
}

TEST_P(RefusalsTest, ObjectsOnRelationsOfExtensionsAreNamed) {
  if (!testing::HasMajor(GetParam())) GTEST_SKIP() << "NO SERVER PROGRAMS of " << GetParam();
  TestDatabase db(GetParam());
  db.Run("CREATE EXTENSION pg_stat_statements");
  postgres::Session reader = db.Connect();
  ASSERT_TRUE(reader.Query("SET search_path = public").ok());
  const auto before = ReadExtensionTableDependents(reader);
  db.Run("CREATE RULE mine AS ON INSERT TO pg_stat_statements DO INSTEAD NOTHING");
  const auto after = ReadExtensionTableDependents(reader);
  ASSERT_TRUE(before.ok() && after.ok());
  ASSERT_EQ(after->size(), before->size() + 1);
  EXPECT_THAT(*after, Contains(::testing::HasSubstr("mine")));
}

INSTANTIATE_TEST_SUITE_P(Majors, RefusalsTest, ::testing::Values(13, 15, 18));

}  // namespace
}  // namespace ballast::introspect
