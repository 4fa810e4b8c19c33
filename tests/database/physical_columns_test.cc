// SPDX-License-Identifier: Apache-2.0
#include "proof/physical_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "proof/column_digests.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What a script between two reads changes.
class PhysicalColumnsTest : public MajorsTest {
 protected:
  void Make(const std::string& sql) {
    db().Run("SET search_path = public; " + sql);
    before_ = Read();
  }
  void Change(const std::string& sql) {
    db().Run(sql);
    after_ = Read();
  }
  // "t.a: integer -> text"
  std::vector<std::string> Retyped() const {
    std::vector<std::string> texts;
    for (const proof::RetypedColumn& one : proof::RetypedColumns(before_, after_)) {
      texts.push_back(one.before.table + "." + one.before.column + ": " + one.before.type_name +
                      " -> " + one.type_name);
    }
    return texts;
  }
  std::vector<std::string> Redefined() const {
    std::vector<std::string> names;
    for (const proof::PhysicalColumn& one : proof::RedefinedColumns(before_, after_)) {
      names.push_back(one.table + "." + one.column);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  proof::PhysicalColumns before_, after_;

 private:
  proof::PhysicalColumns Read() {
    auto columns = proof::ReadColumns(db().session());
    EXPECT_TRUE(columns.ok()) << columns.error().message;
    return columns.ok() ? *std::move(columns) : proof::PhysicalColumns{};
  }
};

TEST_P(PhysicalColumnsTest, FindsColumnsUnderOtherNames) {
  Make(
      "CREATE TABLE t (a integer, b varchar(5), c text, d integer); CREATE TABLE u (x integer);"
      "CREATE SCHEMA other");
  Change(
      "ALTER TABLE t RENAME a TO z; ALTER TABLE t ALTER b TYPE varchar(9), DROP d;"
      "ALTER TABLE u SET SCHEMA other");
  EXPECT_THAT(Redefined(), ElementsAre("t.a", "t.b", "u.x"));
  EXPECT_THAT(Retyped(), ElementsAre("t.b: character varying(5) -> character varying(9)"));
}

// A type with another name or in another schema is the same type.
TEST_P(PhysicalColumnsTest, KnowsRenamedTypes) {
  Make(
      "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE DOMAIN code AS text; CREATE TYPE addr AS (s "
      "text); CREATE SCHEMA other; CREATE TABLE t (m mood, ms mood[], c code, a addr)");
  Change(
      "ALTER TYPE mood RENAME TO feeling; ALTER DOMAIN code RENAME TO key;"
      "ALTER TYPE addr SET SCHEMA other");
  EXPECT_THAT(Redefined(), IsEmpty());
  EXPECT_THAT(Retyped(), IsEmpty());
}

// And a type that replaces one of its name is another.
TEST_P(PhysicalColumnsTest, KnowsReplacedTypes) {
  Make("CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (m mood, n integer)");
  Change(
      "CREATE TYPE mood_old AS ENUM ('a'); ALTER TABLE t ALTER m TYPE mood_old USING 'a';"
      "DROP TYPE mood; ALTER TYPE mood_old RENAME TO mood");
  EXPECT_THAT(Redefined(), ElementsAre("t.m"));
  EXPECT_THAT(Retyped(), ElementsAre("t.m: mood -> mood"));
}

TEST_P(PhysicalColumnsTest, NamesTheTopmostParent) {
  Make(
      "CREATE TABLE p (k integer, v integer) PARTITION BY LIST (k);"
      "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (k);"
      "CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);"
      "CREATE TABLE p2 (k integer, v integer); ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2);"
      "CREATE TABLE parent (v integer, w integer); CREATE TABLE child (x integer) INHERITS "
      "(parent);"
      "CREATE TABLE own (v integer) INHERITS (parent)");
  Change(
      "ALTER TABLE p ALTER v TYPE text; ALTER TABLE parent ALTER v TYPE bigint;"
      "ALTER TABLE child ALTER x TYPE text, NO INHERIT parent; ALTER TABLE child ALTER w TYPE "
      "text");
  EXPECT_THAT(Retyped(), ElementsAre("child.w: integer -> text", "child.x: integer -> text",
                                     "own.v: integer -> bigint", "p.v: integer -> text",
                                     "parent.v: integer -> bigint"));
}

// A partitioned table has no rows of its own, and generated columns no values.
TEST_P(PhysicalColumnsTest, DigestsOnlyStoredValues) {
  Make(
      "CREATE TABLE p (k integer) PARTITION BY LIST (k);"
      "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); INSERT INTO p VALUES (1), (1);"
      "CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a) STORED)");
  std::vector<proof::PhysicalColumn> all;
  for (const auto& [place, column] : before_) all.push_back(column);
  const auto digests = proof::DigestsOf(all, db().session());
  ASSERT_TRUE(digests.ok()) << digests.error().message;
  std::vector<std::string> names;
  for (const auto& [name, digest] : *digests) names.push_back(name + " " + digest.rows);
  EXPECT_THAT(names, ElementsAre(R"("public"."p1"."k" 2)", R"("public"."t"."a" 0)"));
}

INSTANTIATE_TEST_SUITE_P(Majors, PhysicalColumnsTest, ::testing::ValuesIn(UsualMajors()));
INSTANTIATE_TEST_SUITE_P(Slow, PhysicalColumnsTest, ::testing::ValuesIn(FurtherMajors()));

}  // namespace
}  // namespace ballast::testing
