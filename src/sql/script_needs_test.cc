// SPDX-License-Identifier: Apache-2.0
#include "sql/script_needs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace ballast::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string TextOf(const ScriptNeed& need) {
  constexpr const char* kKinds[] = {"name ",     "drop ",   "retype ", "default ",
                                    "identity ", "rename ", "move ",   "replace "};
  std::string text = kKinds[static_cast<size_t>(need.kind)];
  text += std::string(NameOf(need.space)) + " ";
  if (!need.schema.empty()) text += need.schema + ".";
  if (!need.parent.empty()) text += need.parent + ".";
  text += need.name;
  if (need.space == NameSpace::kRoutine) {
    text += "(" + (need.any_arguments ? "any" : Join(need.arguments, ",")) + ")";
  }
  if (need.pass > 0) text += " in pass " + std::to_string(need.pass);
  return text + (need.only ? " only" : "") + (need.cascades ? " cascade" : "");
}

std::vector<std::string> NeedsIn(const std::vector<std::string_view>& scripts) {
  std::vector<std::string> texts;
  for (const ScriptNeed& need : NeedsOf(scripts).needs) texts.push_back(TextOf(need));
  return texts;
}

TEST(ScriptNeedsTest, EveryKindOfStatement) {
  struct Case {
    const char* script;
    std::vector<std::string> needs;
  };
  for (
      const Case& c : {
          Case{
              "CREATE TABLE s.\"T\" (id serial CONSTRAINT k UNIQUE, CONSTRAINT p PRIMARY KEY (id))",
              {"name relation s.T", "name type s.T", "name relation s.k", "name relation s.p"}},
          Case{"CREATE TABLE IF NOT EXISTS t (id int CONSTRAINT k UNIQUE)", {}},
          Case{"CREATE TEMP TABLE t (id int); CREATE INDEX i ON t (id)", {}},
          Case{"CREATE VIEW v AS SELECT 1", {"name relation v", "name type v"}},
          Case{"CREATE OR REPLACE VIEW v AS SELECT 1", {"replace relation v"}},
          Case{"CREATE OR REPLACE TEMP VIEW v AS SELECT 1", {}},
          Case{"CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; "
               "CREATE OR REPLACE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f()",
               {"replace routine f(\"pg_catalog\".\"int4\")", "replace trigger t.x"}},
          Case{"CREATE VIEW v AS SELECT 1; CREATE OR REPLACE VIEW v AS SELECT 2; "
               "DROP VIEW w; CREATE OR REPLACE VIEW w AS SELECT 1",
               {"name relation v", "name type v", "drop relation w"}},
          Case{"CREATE MATERIALIZED VIEW m AS SELECT 1", {"name relation m", "name type m"}},
          Case{"CREATE UNIQUE INDEX CONCURRENTLY i ON s.t (a)", {"name relation s.i"}},
          Case{"CREATE SEQUENCE q", {"name relation q"}},
          Case{"CREATE TYPE e AS ENUM ('a')", {"name type e"}},
          Case{"CREATE DOMAIN d AS int", {"name type d"}},
          Case{"CREATE TYPE c AS (a int)", {"name relation c", "name type c"}},
          Case{"CREATE FUNCTION s.f(a int, OUT b text, VARIADIC c text[]) RETURNS int LANGUAGE sql "
               "AS ''",
               {"name routine s.f(\"pg_catalog\".\"int4\",\"text\"[])"}},
          Case{"CREATE AGGREGATE g(int) (sfunc = int4pl, stype = int)",
               {"name routine g(\"pg_catalog\".\"int4\")"}},
          Case{"CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f()", {"name trigger t.x"}},
          Case{"DROP TRIGGER IF EXISTS x ON t; CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION "
               "f()",
               {"drop trigger t.x"}},
          Case{"CREATE POLICY p ON t", {"name policy t.p"}},
          Case{"CREATE SCHEMA s; CREATE EXTENSION e; CREATE PUBLICATION p",
               {"name schema s", "name extension e", "name publication p"}},
          Case{"CREATE EXTENSION IF NOT EXISTS e; CREATE SCHEMA IF NOT EXISTS s", {}},
          Case{"ALTER TYPE e ADD VALUE 'x'; ALTER TYPE e ADD VALUE IF NOT EXISTS 'y'",
               {"name enum value e.x"}},
          Case{"ALTER TABLE t ADD COLUMN a int, ADD CONSTRAINT k CHECK (a > 0), "
               "ADD COLUMN IF NOT EXISTS b int",
               {"name column t.a in pass 2", "name constraint t.k in pass 3"}},
          Case{"ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY USING INDEX k", {}},
          Case{"ALTER TABLE t ALTER a TYPE int, DROP COLUMN b CASCADE, DROP CONSTRAINT k",
               {"drop column t.b cascade", "drop constraint t.k", "retype column t.a in pass 1"}},
          Case{"DROP TABLE IF EXISTS s.a, b CASCADE",
               {"drop relation s.a cascade", "drop relation b cascade"}},
          Case{"DROP FUNCTION f(int, s.t[]); DROP FUNCTION g",
               {"drop routine f(\"pg_catalog\".\"int4\",\"s\".\"t\"[])", "drop routine g(any)"}},
          Case{"ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a, b), DROP CONSTRAINT k",
               {"drop constraint t.k", "name relation k in pass 3"}},
          Case{"ALTER TABLE t ADD COLUMN a serial, ADD CONSTRAINT k UNIQUE (a), DROP COLUMN a",
               {"drop column t.a", "name relation k in pass 3", "name constraint t.k in pass 3"}},
          Case{"ALTER TABLE ONLY t DROP CONSTRAINT k, ALTER a DROP DEFAULT, ALTER b DROP IDENTITY",
               {"drop constraint t.k only", "identity column t.b only",
                "default column t.a in pass 3 only"}},
          Case{"ALTER TABLE t ALTER a SET DEFAULT 1, ALTER b DROP EXPRESSION",
               {"default column t.b", "default column t.a in pass 3"}},
          Case{"ALTER TABLE t SET SCHEMA s; CREATE TABLE t (a int)",
               {"move relation t", "name relation s.t", "name type s.t"}},
          Case{"ALTER TABLE t RENAME CONSTRAINT k TO l",
               {"rename constraint t.k", "name constraint t.l"}},
          Case{"ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i; CREATE INDEX i ON t (a)",
               {"rename relation i in pass 3", "name relation k in pass 3"}},
          Case{"ALTER FUNCTION f RENAME TO g; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''",
               {"rename routine f(any)", "name routine f()"}},
          Case{"ALTER TYPE e RENAME VALUE 'a' TO 'b'; ALTER TYPE e ADD VALUE 'a'",
               {"rename enum value e.a", "name enum value e.b"}},
      }) {
    EXPECT_EQ(NeedsIn({c.script}), c.needs) << c.script;
  }
}

TEST(ScriptNeedsTest, NamesAreThoseBeforeTheFirstScript) {
  EXPECT_THAT(NeedsIn({"CREATE TYPE \"R_new\" AS ENUM ('a'); ALTER TYPE \"R\" RENAME TO \"R_old\";",
                       "ALTER TYPE \"R_new\" RENAME TO \"R\"; DROP TYPE \"R_old\";"}),
              ElementsAre("name type R_new", "rename type R", "name type R_old", "drop type R"));
  EXPECT_THAT(
      NeedsIn({"ALTER TABLE a RENAME TO b; ALTER TABLE b RENAME COLUMN x TO y; "
               "ALTER TABLE b DROP COLUMN y; DROP TABLE b"}),
      ElementsAre("rename relation a", "name relation b", "name type b", "rename column a.x",
                  "name column a.y", "drop column a.x", "drop relation a"));
  EXPECT_THAT(NeedsIn({"DROP TABLE t; CREATE TABLE t (a int); ALTER TABLE t DROP COLUMN a"}),
              ElementsAre("drop relation t"));
  EXPECT_THAT(NeedsIn({"CREATE TABLE t (a int)", "DROP TABLE t"}),
              ElementsAre("name relation t", "name type t"));
}

TEST(ScriptNeedsTest, WhatReplacesARoutineHasItsSource) {
  const ScriptNeeds needs =
      NeedsOf({"CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1$$;"
               "CREATE OR REPLACE FUNCTION c() RETURNS int LANGUAGE c AS 'library', 'symbol';"});
  EXPECT_EQ(needs.needs.at(0).source, "SELECT 1");
  EXPECT_EQ(needs.needs.at(1).source, "");
}

TEST(ScriptNeedsTest, ReadingEndsWhereTheEffectIsUnknown) {
  for (const char* script :
       {"DO $$ BEGIN EXECUTE 'DROP TABLE t'; END $$", "CALL p()", "SELECT f()", "SELECT 1 INTO t",
        "SET search_path = s", "SET ROLE r", "RESET ALL", "ALTER SCHEMA a RENAME TO b",
        "CREATE SCHEMA s CREATE TABLE t (a int)", "not SQL"}) {
    const ScriptNeeds needs = NeedsOf({script, "CREATE TABLE t (a int)"});
    EXPECT_FALSE(needs.complete) << script;
    EXPECT_THAT(needs.needs, IsEmpty()) << script;
  }
  EXPECT_TRUE(
      NeedsOf({"SELECT setval('q', 5); INSERT INTO t VALUES (f()); SET lock_timeout = 5;"
               "DO $$ BEGIN CREATE TYPE e AS ENUM (); EXCEPTION WHEN OTHERS THEN NULL; END $$"})
          .complete);
}

TEST(ScriptNeedsTest, NamesAreFoundAsWords) {
  const ScriptNeeds needs = NeedsOf({"DROP VIEW \"Ov\"; DROP TABLE moved"});
  EXPECT_TRUE(IsNamed(needs, "ov"));
  EXPECT_FALSE(IsNamed(needs, "move"));
  EXPECT_TRUE(NamedTogether(needs, 1, {"drop", "Ov"}));
  EXPECT_FALSE(NamedTogether(needs, 1, {"moved"}));
}

}  // namespace
}  // namespace ballast::sql
