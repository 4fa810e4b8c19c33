// SPDX-License-Identifier: Apache-2.0
#include "sql/renames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RenamesTest, AreUndoneFromTheLastToTheFirst) {
  EXPECT_THAT(
      UndoRenames("ALTER TABLE \"User\" RENAME TO \"Person\";\n"
                  "CREATE TABLE x (a int);\n"
                  "alter table app.\"Person\" rename \"a\" to b;\n"
                  "ALTER TABLE t RENAME CONSTRAINT \"K\" TO k;\n"
                  "ALTER INDEX i RENAME TO \"J\";\n"
                  "ALTER VIEW v RENAME TO w;\n"
                  "ALTER TYPE \"Mood\" RENAME TO mood;\n"
                  "ALTER TYPE s.mood RENAME VALUE 'it''s' TO 'b';\n"
                  "ALTER TYPE mood ADD VALUE 'c';\n"),
      ElementsAre("ALTER TYPE \"s\".\"mood\" RENAME VALUE 'b' TO 'it''s';\n",
                  "ALTER TYPE \"mood\" RENAME TO \"Mood\";\n",
                  "ALTER VIEW \"w\" RENAME TO \"v\";\n", "ALTER INDEX \"J\" RENAME TO \"i\";\n",
                  "ALTER TABLE \"t\" RENAME CONSTRAINT \"k\" TO \"K\";\n",
                  "ALTER TABLE \"app\".\"Person\" RENAME COLUMN \"b\" TO \"a\";\n",
                  "ALTER TABLE \"Person\" RENAME TO \"User\";\n"));
}

TEST(RenamesTest, SchemasAndAttributesGetTheirNamesBack) {
  EXPECT_THAT(UndoRenames("ALTER SCHEMA a RENAME TO \"B\";\n"
                          "ALTER TYPE s.pair RENAME ATTRIBUTE net TO \"Net\";\n"
                          "ALTER TYPE pair RENAME ATTRIBUTE b TO c CASCADE;\n"),
              ElementsAre("ALTER TYPE \"pair\" RENAME ATTRIBUTE \"c\" TO \"b\" CASCADE;\n",
                          "ALTER TYPE \"s\".\"pair\" RENAME ATTRIBUTE \"Net\" TO \"net\";\n",
                          "ALTER SCHEMA \"B\" RENAME TO \"a\";\n"));
  EXPECT_THAT(MoveAside("ALTER SCHEMA b RENAME TO a;\n", "new_"),
              ElementsAre("ALTER SCHEMA \"a\" RENAME TO \"new_a\";\n"));
  EXPECT_THAT(MoveAside("ALTER TYPE s.pair RENAME ATTRIBUTE b TO a;\n", "new_"),
              ElementsAre("ALTER TYPE \"s\".\"pair\" RENAME ATTRIBUTE \"a\" TO \"new_a\";\n"));
}

TEST(RenamesTest, RelationsMoveBackToTheirSchema) {
  EXPECT_THAT(
      UndoRenames("CREATE SCHEMA a;\nALTER TABLE h SET SCHEMA a;\nALTER VIEW b.v SET SCHEMA a;\n"),
      ElementsAre("ALTER VIEW \"a\".\"v\" SET SCHEMA \"b\";\n",
                  "DO 'BEGIN EXECUTE ''ALTER TABLE \"a\".\"h\" SET SCHEMA '' || "
                  "pg_catalog.quote_ident(pg_catalog.current_schema()); END';\n"));
}

TEST(RenamesTest, ZonesOfConversions) {
  EXPECT_THAT(ZonesOfConversions("ALTER TABLE t RENAME a TO b;\n"
                                 "ALTER TABLE t ALTER COLUMN \"d\" SET DATA TYPE timestamptz "
                                 "USING \"d\" AT TIME ZONE 'Asia/Tokyo';\n"
                                 "ALTER TABLE t ALTER d TYPE date USING d::date;\n"),
              ElementsAre("Asia/Tokyo"));
}

TEST(RenamesTest, ConversionsAtATimeZoneAreUndoneBetweenRenames) {
  EXPECT_THAT(
      UndoRenames("ALTER TABLE \"T\" RENAME \"createdAt\" TO made;\n"
                  "ALTER TABLE \"T\" ALTER made SET DATA TYPE TIMESTAMPTZ(3) USING (made AT TIME "
                  "ZONE 'UTC'), ALTER seen TYPE timestamp without time zone USING timezone('Asia/"
                  "Tokyo', seen);\n"),
      ElementsAre(
          "ALTER TABLE \"T\" ALTER COLUMN \"seen\" SET DATA TYPE timestamptz USING \"seen\" "
          "AT TIME ZONE 'Asia/Tokyo';\n",
          "ALTER TABLE \"T\" ALTER COLUMN \"made\" SET DATA TYPE timestamp(3) USING "
          "\"made\" AT TIME ZONE 'UTC';\n",
          "ALTER TABLE \"T\" RENAME COLUMN \"made\" TO \"createdAt\";\n"));
  EXPECT_THAT(UndoRenames("ALTER TABLE t ALTER a TYPE timestamptz USING b AT TIME ZONE 'UTC';"
                          "ALTER TABLE t ALTER a TYPE timestamptz;"
                          "ALTER TABLE t ALTER a TYPE timestamptz USING a AT TIME ZONE zone"),
              IsEmpty());
}

TEST(RenamesTest, WhatHasTheOldNameMovesAside) {
  EXPECT_THAT(MoveAside("ALTER TABLE \"b\" RENAME TO \"A\";\n", "new_"),
              ElementsAre("ALTER TABLE \"A\" RENAME TO \"new_A\";\n",
                          "ALTER TYPE \"A\" RENAME TO \"new_A\";\n"));
  EXPECT_THAT(MoveAside("ALTER TABLE s.t RENAME COLUMN b TO a;\n", "new_"),
              ElementsAre("ALTER TABLE \"s\".\"t\" RENAME COLUMN \"a\" TO \"new_a\";\n"));
  EXPECT_THAT(MoveAside("ALTER TABLE s.t RENAME CONSTRAINT b TO a;\n", "new_"),
              ElementsAre("ALTER TABLE \"s\".\"t\" RENAME CONSTRAINT \"a\" TO \"new_a\";\n",
                          "ALTER TABLE \"s\".\"a\" RENAME TO \"new_a\";\n"));
  EXPECT_THAT(MoveAside("ALTER TYPE s.b RENAME TO a;\n", "new_"),
              ElementsAre("ALTER TYPE \"s\".\"a\" RENAME TO \"new_a\";\n",
                          "ALTER TABLE \"s\".\"a\" RENAME TO \"new_a\";\n"));
  EXPECT_THAT(MoveAside("ALTER TYPE s.m RENAME VALUE 'b' TO 'a';\n", "new_"),
              ElementsAre("ALTER TYPE \"s\".\"m\" RENAME VALUE 'a' TO 'new_a';\n"));
}

TEST(RenamesTest, RenamesOfTablesAndColumnsInOrder) {
  EXPECT_THAT(RenamesIn("ALTER TABLE n RENAME COLUMN a TO \"B\";\n"
                        "ALTER INDEX i RENAME TO j;\n"
                        "ALTER TABLE s.n RENAME TO m;\n"
                        "ALTER TYPE y RENAME ATTRIBUTE a TO b;\n"
                        "ALTER TABLE m RENAME c TO d;\n"),
              ElementsAre(Rename{{"", "n"}, "a", "B"}, Rename{{"s", "n"}, "", "m"},
                          Rename{{"", "m"}, "c", "d"}));
  EXPECT_THAT(RenamesIn("ALTER TABLE rename oops"), IsEmpty());
}

TEST(RenamesTest, NothingToUndo) {
  EXPECT_THAT(UndoRenames("SELECT 'rename'; CREATE TABLE t (rename int)"), IsEmpty());
  EXPECT_THAT(UndoRenames("ALTER TABLE rename oops oops"), IsEmpty());
  EXPECT_THAT(UndoRenames(""), IsEmpty());
}

}  // namespace
}  // namespace ballast::sql
