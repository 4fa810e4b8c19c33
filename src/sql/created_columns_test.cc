// SPDX-License-Identifier: Apache-2.0
#include "sql/created_columns.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

std::string Words(std::string_view script) {
  std::string words;
  for (const CreatedColumn& one : CreatedColumnsIn(script)) {
    words += (words.empty() ? "" : ", ") + one.table.schema +
             (one.table.schema.empty() ? "" : ".") + one.table.name +
             (one.column.empty() ? "" : "/" + one.column);
  }
  return words;
}

TEST(CreatedColumnsTest, AreOfTheStatementsThatCreateThem) {
  EXPECT_EQ(
      Words("CREATE TABLE \"A b\" (id int); ALTER TABLE app.t ADD \"x\" int, DROP y, ADD z int;\n"
            "CREATE TABLE IF NOT EXISTS c AS SELECT 1; CREATE TABLE p PARTITION OF q DEFAULT;"),
      "A b, app.t/x, app.t/z, c, p");
  EXPECT_EQ(Words("ALTER TABLE t ALTER COLUMN c DROP EXPRESSION, ALTER d DROP DEFAULT;"), "t/c");
  EXPECT_EQ(Words("ALTER TABLE t ALTER c TYPE text; CREATE INDEX ON t (c); DROP TABLE t;"), "");
}

TEST(CreatedColumnsTest, AreNoneWhereTheGrammarCannotRead) {
  EXPECT_EQ(Words("CREATE TABLE t (id int); CREATE TABEL u (id int);"), "");
  EXPECT_EQ(Words("DO $$BEGIN CREATE TABLE t (id int); END$$;"), "");
}

}  // namespace
}  // namespace ballast::sql
