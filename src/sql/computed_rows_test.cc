// SPDX-License-Identifier: Apache-2.0
#include "sql/computed_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

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

TEST(ComputedRowsTest, CodeCanComputeWhatItDoesNotName) {
  const ComputedColumn any{"", ""};
  for (const char* script :
       {"EXECUTE z;", "DO $$BEGIN EXECUTE format('UPDATE %I SET a = 1', t); END$$;",
        "DO $$BEGIN EXECUTE stmt; END$$;", "DO LANGUAGE plpython3u $$ plpy.run('x') $$;",
        "DO $$BEGIN CREATE TRIGGER x BEFORE UPDATE ON t EXECUTE FUNCTION f(); END$$;",
        "CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'TABLE t'; SELECT f();\n"
        "DROP FUNCTION IF EXISTS f();"}) {
    EXPECT_THAT(ComputedColumnsIn(script), Contains(any)) << script;
  }
  for (const char* script :
       {"CREATE TABLE t (a int);", "UPDATE t SET a = b;", "DROP TABLE t;",
        "ALTER TABLE t ADD b int DEFAULT 1;",
        "MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE;",
        "WITH x AS (UPDATE t SET a = b RETURNING 1) SELECT 1;",
        "DO $$BEGIN IF EXISTS (SELECT FROM a) THEN INSERT INTO t SELECT 1 FROM a; END IF; END$$;",
        "DO $$BEGIN EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t); END$$;",
        "PREPARE z AS UPDATE t SET a = b;", "SELECT setval('s', 3);"}) {
    EXPECT_THAT(ComputedColumnsIn(script), Not(Contains(any))) << script;
  }
}

TEST(ComputedRowsTest, CodeNamesTheFunctionsThatItCalls) {
  for (const char* script :
       {"DO $$BEGIN PERFORM \"F\"(); END$$;", "SELECT \"F\"();", "CALL app.\"F\"(1);"}) {
    EXPECT_THAT(ComputedColumnsIn(script), ElementsAre(ComputedColumn{"", "F"})) << script;
  }
}

TEST(ComputedRowsTest, CodeThatOnlyDefinesComputesNothing) {
  for (const char* script :
       {"DO $$BEGIN ALTER TABLE \"T\" ADD CONSTRAINT a FOREIGN KEY (b) REFERENCES c ON UPDATE "
        "CASCADE; EXCEPTION WHEN duplicate_object THEN NULL; END$$;",
        "DO $$BEGIN CREATE TYPE \"T\" AS ENUM ('a'); END$$;"}) {
    EXPECT_THAT(ComputedColumnsIn(script), Not(Contains(ComputedColumn{"T", ""}))) << script;
  }
  EXPECT_THAT(ComputedColumnsIn("DO $$BEGIN ALTER TABLE \"T\" RENAME a TO b; END$$;"),
              Contains(ComputedColumn{"T", ""}));
  EXPECT_THAT(ComputedColumnsIn("DO $$BEGIN ALTER TABLE \"T\" ALTER a TYPE text USING b; END$$;"),
              Contains(ComputedColumn{"T", ""}));
}

TEST(ComputedRowsTest, CodeThatRenamesWritesNoValues) {
  for (const char* script :
       {"DO $$BEGIN ALTER TABLE t RENAME a TO b; DROP TABLE u; END$$;", "UPDATE t SET a = 1",
        "DO $$BEGIN ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES c ON UPDATE CASCADE; END$$;"}) {
    EXPECT_FALSE(WritesValuesInCode(script)) << script;
  }
  for (const char* script : {"DO $$BEGIN UPDATE t SET a = 1; END$$;",
                             "DO $$BEGIN ALTER TABLE t ALTER a TYPE int USING 1; END$$;",
                             "DO $$BEGIN EXECUTE 'INSERT INTO t VALUES (1)'; END$$;",
                             "DO $$BEGIN EXECUTE what; END$$;"}) {
    EXPECT_TRUE(WritesValuesInCode(script)) << script;
  }
}

TEST(ComputedRowsTest, AConversionComputesItsColumn) {
  EXPECT_THAT(ComputedColumnsIn("ALTER TABLE app.t ALTER a TYPE text USING b, ALTER c TYPE text;"),
              ElementsAre(ComputedColumn{"t", "a"}));
  EXPECT_THAT(ComputedColumnsIn("CREATE INDEX i ON t USING gin (a);"), IsEmpty());
  for (const char* own : {"a AT TIME ZONE 'UTC'", "t.a::bigint * 100", "coalesce(a, 0)"}) {
    EXPECT_THAT(ComputedColumnsIn("ALTER TABLE t ALTER a TYPE x USING " + std::string(own)),
                IsEmpty())
        << own;
  }
  for (const char* other : {"a + b", "f(a)", "CASE WHEN b THEN a END"}) {
    EXPECT_THAT(ComputedColumnsIn("ALTER TABLE t ALTER a TYPE x USING " + std::string(other)),
                ElementsAre(ComputedColumn{"t", "a"}))
        << other;
  }
}

}  // namespace
}  // namespace ballast::sql
