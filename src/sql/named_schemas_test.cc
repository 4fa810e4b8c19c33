// SPDX-License-Identifier: Apache-2.0
#include "sql/named_schemas.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(NamedSchemasTest, FindsTheSchema) {
  for (const char* script :
       {"CREATE TABLE public.t (a int)",
        "SELECT * FROM \"public\".\"T\"",
        "CREATE EXTENSION citext WITH SCHEMA public",
        "ALTER TABLE t SET SCHEMA public",
        "CREATE TABLE t (a public.e)",
        "SELECT public.f(1)",
        "DROP FUNCTION public.f(int)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT count(*)::int FROM public.t'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = public AS 'SELECT 1'",
        "SET search_path TO public, pg_temp",
        "GRANT USAGE ON SCHEMA public TO app",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app",
        "DO $$ BEGIN PERFORM Public.f(); END $$",
        "COMMENT ON TABLE public.t IS 'x'",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES public.u (a)",
        "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION public.f()",
        "ALTER TYPE public.e ADD VALUE 'x'",
        "CREATE TYPE public.e AS ENUM ('a')",
        "CREATE INDEX i ON public.t (a)",
        "DROP TABLE public.t",
        "no SQL, but public"}) {
    EXPECT_TRUE(NamesSchema(script, "public")) << script;
  }
}

TEST(NamedSchemasTest, IgnoresOtherUses) {
  for (const char* script :
       {"CREATE TABLE t (a int)", "CREATE SCHEMA IF NOT EXISTS \"public\"",
        "INSERT INTO t VALUES ('public', 'public.example.com')", "GRANT SELECT ON t TO PUBLIC",
        "CREATE TYPE e AS ENUM ('public', 'private')", "CREATE TABLE t (public boolean)",
        "CREATE INDEX i ON t (public)", "SELECT public FROM t", "SELECT other.public FROM other",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1 AS public'",
        "-- public.t\nSELECT 1"}) {
    EXPECT_FALSE(NamesSchema(script, "public")) << script;
  }
}

}  // namespace
}  // namespace ballast::sql
