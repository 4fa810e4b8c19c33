// SPDX-License-Identifier: Apache-2.0
// What a history changes of the server's own objects and of extensions is named.
#include "introspect/system_objects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/test_server.h"

namespace ballast::introspect {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TestDatabase;

constexpr const char* kExtensions =
    "CREATE EXTENSION citext; CREATE EXTENSION pg_stat_statements; CREATE EXTENSION hstore;";

std::vector<SystemObject> ObjectsOf(TestDatabase& db) {
  auto objects = ReadSystemObjects(db.session());
  EXPECT_TRUE(objects.ok()) << objects.error().message << objects.error().Detail("server_message");
  return objects.ok() ? *objects : std::vector<SystemObject>{};
}

class SystemObjectsTest : public testing::MajorsTest {
 protected:
  // What a history with these statements changes of a database that only has the extensions.
  std::vector<std::string> ChangesOf(const std::string& statements) {
    TestDatabase changed(GetParam());
    changed.Run(std::string(kExtensions) + statements);
    return DescribeSystemChanges(ObjectsOf(changed), ObjectsOf(db()));
  }
};

TEST_P(SystemObjectsTest, AreNamedWhereTheyChange) {
  db().Run(kExtensions);
  const struct {
    const char* statements;
    const char* named;
  } cases[] = {
      {"CREATE TABLE kept (a int); ALTER EXTENSION citext ADD TABLE kept",
       "table public.kept of extension citext (the migrations add it)"},
      {"CREATE TYPE e AS ENUM ('a'); ALTER EXTENSION citext ADD TYPE e",
       "type public.e of extension citext (the migrations add it)"},
      {"ALTER EXTENSION citext DROP FUNCTION citext_eq(citext, citext)",
       "function public.citext_eq(public.citext,public.citext) of extension citext (the migrations "
       "remove it)"},
      {"ALTER FUNCTION citext_eq(citext, citext) COST 77",
       "function public.citext_eq(public.citext,public.citext) of extension citext (the migrations "
       "change it)"},
      {"ALTER FUNCTION citext_eq(citext, citext) OWNER TO pg_monitor",
       "function public.citext_eq(public.citext,public.citext) of extension citext (the migrations "
       "change it)"},
      {"CREATE OR REPLACE FUNCTION citext_eq(citext, citext) RETURNS bool LANGUAGE sql IMMUTABLE "
       "STRICT PARALLEL SAFE AS 'SELECT false'",
       "function public.citext_eq(public.citext,public.citext) of extension citext (the migrations "
       "change it)"},
      {"COMMENT ON TYPE citext IS 'x'",
       "type public.citext of extension citext (the migrations change it)"},
      {"CREATE FUNCTION lt(int, text) RETURNS bool LANGUAGE sql AS 'SELECT true'; CREATE OPERATOR "
       "< "
       "(LEFTARG = int, RIGHTARG = text, FUNCTION = lt); ALTER OPERATOR FAMILY integer_ops USING "
       "btree ADD OPERATOR 1 < (int, text)",
       "operator 1 (integer, text) of operator family integer_ops"},
      {"CREATE OR REPLACE FUNCTION pg_catalog.now() RETURNS timestamptz LANGUAGE internal STABLE "
       "STRICT PARALLEL SAFE COST 2 AS 'now'",
       "built-in rows of pg_proc (the migrations change it)"},
      {"COMMENT ON FUNCTION now() IS 'x'",
       "comments on built-in objects (the migrations change it)"},
      {"DROP EXTENSION plpgsql CASCADE", "of extension plpgsql (the migrations remove it)"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.statements);
    const std::vector<std::string> changes = ChangesOf(c.statements);
    EXPECT_THAT(changes, ::testing::Contains(HasSubstr(c.named)));
  }
}

TEST_P(SystemObjectsTest, AreTheSameWhereHistoriesOnlyUseThem) {
  db().Run(kExtensions);
  EXPECT_THAT(ChangesOf("CREATE TABLE t (a citext PRIMARY KEY, b int); CREATE VIEW v AS SELECT a "
                        "FROM t; CREATE OPERATOR FAMILY f USING btree; CREATE FUNCTION g() RETURNS "
                        "int LANGUAGE sql AS 'SELECT 1'; COMMENT ON TABLE t IS 'x'; ANALYZE; "
                        "CREATE CAST (citext AS int) WITH INOUT"),
              IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Slow, SystemObjectsTest, ::testing::ValuesIn(testing::TestMajors()));

}  // namespace
}  // namespace ballast::introspect
