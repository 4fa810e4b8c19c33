// SPDX-License-Identifier: Apache-2.0
#include "sql/computed_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ComputedRowsTest, ConstantsDoNotCount) {
  EXPECT_THAT(ComputedColumnsIn("CREATE TABLE \"Plan\" (code text PRIMARY KEY);\n"
                                "INSERT INTO \"Plan\" VALUES ('free'), ('select');\n"
                                "COMMENT ON TABLE \"Plan\" IS 'Plan';\n"
                                "ALTER TABLE \"Plan\" ADD price int;\n"
                                "ALTER TABLE \"Plan\" RENAME TO \"Tariff\";\n"
                                "DELETE FROM \"Plan\" WHERE code = 'free';\n"),
              IsEmpty());
}

TEST(ComputedRowsTest, QueriesAndUpdatesDo) {
  EXPECT_THAT(ComputedColumnsIn("INSERT INTO app.\"Profile\" SELECT id FROM \"User\";\n"
                                "INSERT INTO one VALUES ((SELECT max(id) FROM two));\n"
                                "UPDATE ONLY three SET a = four.a FROM four;\n"),
              ElementsAre(ComputedColumn{"Profile", ""}, ComputedColumn{"one", ""},
                          ComputedColumn{"three", "a"}));
}

TEST(ComputedRowsTest, AnUpdateComputesTheColumnsThatItSets) {
  EXPECT_THAT(ComputedColumnsIn("UPDATE app.\"User\" AS u SET \"full Name\" = u.name, (A, b) = "
                                "(SELECT 1, 2) WHERE u.name IN (SELECT name FROM two);"),
              ElementsAre(ComputedColumn{"User", "a"}, ComputedColumn{"User", "b"},
                          ComputedColumn{"User", "full Name"}));
  EXPECT_THAT(ComputedColumnsIn("UPDATE ONLY \"User\" SET a = what the grammar cannot read;"),
              ElementsAre(ComputedColumn{"User", ""}));
}

TEST(ComputedRowsTest, CodeCountsWithAllItsNames) {
  for (const char* script :
       {"DO $$BEGIN INSERT INTO \"T\" SELECT 1; END$$;",
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'INSERT INTO \"T\" SELECT 1';\nSELECT "
        "f();",
        "WITH a AS (SELECT 1) INSERT INTO \"T\" SELECT * FROM a;",
        "CREATE TABLE \"T\" AS SELECT 1;"}) {
    EXPECT_THAT(ComputedColumnsIn(script), Contains(ComputedColumn{"T", ""})) << script;
  }
}

}  // namespace
}  // namespace ballast::sql
