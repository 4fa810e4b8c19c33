// SPDX-License-Identifier: Apache-2.0
#include "sql/effects.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace ballast::sql {
namespace {

// "+table a, -column s.b.c; 2 others".
std::string EffectsInWords(std::string_view script) {
  const auto effects = EffectsOf(script);
  if (!effects) return "unreadable";
  std::vector<std::string> words;
  for (const Effect& effect : effects->objects) {
    words.push_back((effect.exists ? "+" : "-") + Describe(effect));
  }
  const std::string text = Join(words, ", ");
  return effects->others == 0 ? text : text + "; " + std::to_string(effects->others) + " others";
}

TEST(EffectsTest, NamesTheEffectsOfAScript) {
  const struct {
    const char* script;
    const char* words;
  } cases[] = {
      {"CREATE TABLE \"A\" (id int); CREATE VIEW s.v AS SELECT 1; CREATE SEQUENCE q",
       "+table \"A\", +view s.v, +sequence q"},
      {"CREATE TABLE b AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1",
       "+table b, +materialized view m"},
      {"CREATE UNIQUE INDEX CONCURRENTLY i ON s.a (b)", "+index s.i"},
      {"CREATE INDEX ON a (b)", "; 1 others"},
      {"CREATE TYPE s.e AS ENUM ('a'); ALTER TYPE s.e ADD VALUE 'b'; CREATE TYPE c AS (x int); "
       "CREATE DOMAIN d AS int; CREATE TYPE r AS RANGE (subtype = int)",
       "+type s.e, +enum value s.e.b, +type c, +domain d, +type r"},
      {"ALTER TABLE s.\"A\" ADD COLUMN x int, DROP COLUMN y, ADD CONSTRAINT c CHECK (true), DROP "
       "CONSTRAINT z, ALTER COLUMN w DROP NOT NULL",
       "+column s.\"A\".x, -column s.\"A\".y, +constraint s.\"A\".c, "
       "-constraint s.\"A\".z"},
      {"ALTER TABLE a ALTER COLUMN w DROP NOT NULL", "; 1 others"},
      {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TRIGGER t BEFORE INSERT "
       "ON s.a EXECUTE FUNCTION f()",
       "+function f, +trigger s.a.t"},
      {"CREATE SCHEMA x; CREATE EXTENSION IF NOT EXISTS pgcrypto",
       "+schema x, +extension pgcrypto"},
      {"DROP TABLE IF EXISTS s.a, b; DROP INDEX i; DROP TYPE s.t; DROP FUNCTION f(int); DROP "
       "TRIGGER t ON s.a; DROP SCHEMA x; DROP EXTENSION y; DROP VIEW v",
       "-table s.a, -table b, -index i, -type s.t, -function f, -trigger s.a.t, -schema x, "
       "-extension y, -view v"},
      {"ALTER TABLE a RENAME COLUMN b TO c; ALTER TABLE a RENAME TO d",
       "-column a.b, +column a.c, -table a, +table d"},
      {"DROP TABLE IF EXISTS a; CREATE TABLE a (id int)", "+table a"},
      {"CREATE TABLE a (id int); DROP TABLE a", "-table a"},
      {"INSERT INTO a VALUES (1); GRANT SELECT ON a TO b; DO $$BEGIN END$$", "; 3 others"},
      {"-- nothing", ""},
      {"", ""},
      {"CREATE TABLE a (", "unreadable"},
  };
  for (const auto& c : cases) EXPECT_EQ(EffectsInWords(c.script), c.words) << c.script;
}

// An object that can be as the script leaves it before, or in between, shows nothing.
TEST(EffectsTest, SaysWhichObjectsShowThatTheScriptHasRun) {
  const struct {
    const char* script;
    const char* certain;
  } cases[] = {
      {"CREATE TABLE a (id int); ALTER TABLE a ADD COLUMN x int", "+table a, +column a.x"},
      {"ALTER TABLE a DROP COLUMN x; ALTER TABLE a ADD COLUMN x int", ""},
      {"ALTER TABLE u DROP CONSTRAINT f; ALTER TABLE u ADD CONSTRAINT f CHECK (true)", ""},
      {"CREATE TABLE new_t (id int); DROP TABLE t; ALTER TABLE new_t RENAME TO t", ""},
      {"CREATE TABLE tmp (id int); ALTER TABLE tmp ADD COLUMN x int; DROP TABLE tmp", ""},
      {"CREATE TYPE e_new AS ENUM ('a'); ALTER TYPE e RENAME TO e_old; "
       "ALTER TYPE e_new RENAME TO e; DROP TYPE e_old",
       ""},
      {"CREATE TABLE IF NOT EXISTS a (id int); DROP VIEW IF EXISTS v; CREATE OR REPLACE VIEW w AS "
       "SELECT 1; ALTER TABLE b ADD COLUMN IF NOT EXISTS x int, DROP COLUMN IF EXISTS y, ADD "
       "COLUMN z int; ALTER TYPE e ADD VALUE IF NOT EXISTS 'v'",
       "+column b.z"},
  };
  for (const auto& c : cases) {
    const auto effects = EffectsOf(c.script);
    ASSERT_TRUE(effects) << c.script;
    std::vector<std::string> certain;
    for (const Effect& effect : effects->objects) {
      if (effect.certain) certain.push_back((effect.exists ? "+" : "-") + Describe(effect));
    }
    EXPECT_EQ(Join(certain, ", "), c.certain) << c.script;
  }
}

}  // namespace
}  // namespace ballast::sql
