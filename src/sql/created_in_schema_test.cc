// SPDX-License-Identifier: Apache-2.0
#include "sql/created_in_schema.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(CreatedInSchemaTest, OnlyWhatCertainlyNeedsThePrivilege) {
  const struct {
    const char* script;
    bool creates;
  } cases[] = {
      {"CREATE TABLE t (id int)", true},
      {"CREATE TABLE IF NOT EXISTS t (id int)", true},
      {"CREATE TABLE \"public\".\"t\" (id int)", true},
      {"CREATE TABLE app.t (id int)", false},
      {"CREATE TEMP TABLE t (id int)", false},
      {"CREATE TABLE pg_temp.t (id int)", false},
      {"ALTER TABLE app.a ADD COLUMN x int; CREATE TABLE app.b (id int)", false},
      {"ALTER TABLE app.a ADD COLUMN x int; CREATE TYPE e AS ENUM ('a')", true},
      {"CREATE TYPE app.e AS ENUM ('a')", false},
      {"CREATE TYPE c AS (a int)", true},
      {"CREATE DOMAIN d AS text", true},
      {"CREATE SEQUENCE s", true},
      {"CREATE VIEW v AS SELECT 1", true},
      {"CREATE OR REPLACE VIEW app.v AS SELECT 1", false},
      {"CREATE TEMP TABLE a (id int); CREATE VIEW v AS SELECT id FROM a", false},
      {"CREATE MATERIALIZED VIEW v AS SELECT 1", true},
      {"CREATE TABLE IF NOT EXISTS t AS SELECT 1", false},
      {"CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", true},
      {"CREATE AGGREGATE a (int) (SFUNC = int4pl, STYPE = int)", true},
      {"CREATE INDEX i ON t (id)", false},  // its table can be in another schema of the search_path
      {"INSERT INTO t VALUES (1)", false},
      // The current schema, the role or its privileges can be others afterwards.
      {"SET search_path = app; CREATE TABLE t (id int)", false},
      {"SELECT set_config('search_path', 'app', false); CREATE TABLE t (id int)", false},
      {"RESET ALL; CREATE TABLE t (id int)", false},
      {"SET lock_timeout = 0; CREATE TABLE t (id int)", true},
      {"SET ROLE owner; CREATE TABLE t (id int)", false},
      {"CREATE SCHEMA app; CREATE TABLE t (id int)", false},
      {"DO $$BEGIN SET search_path = app; END$$; CREATE TABLE t (id int)", false},
      {"GRANT CREATE ON SCHEMA public TO me; CREATE TABLE t (id int)", false},
      {"CREATE TABLE t (id int", false},
      {"", false},
  };
  for (const auto& c : cases)
    EXPECT_EQ(CreateObjectIn({c.script}, "public"), c.creates) << c.script;
  EXPECT_FALSE(CreateObjectIn({"SET ROLE owner", "CREATE TABLE t (id int)"}, "public"));
  EXPECT_TRUE(CreateObjectIn({"CREATE TABLE app.t (id int)", "CREATE TABLE t ()"}, "public"));
}

}  // namespace
}  // namespace ballast::sql
