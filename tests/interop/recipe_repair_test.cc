// SPDX-License-Identifier: Apache-2.0
// Databases of the printed scripts: made from schema.prisma alone, without what only the migrations
// make. Repair gives each of them the proven catalog, and loses no row.
#include <gtest/gtest.h>

#include "tests/support/corpus.h"
#include "tests/support/packaged_project.h"

namespace ballast::testing {
namespace {

// Rows of every table, as far as the schema lets an empty one have some: one row in each table
// without required values.
constexpr char kRows[] = R"(
DO $$
DECLARE t regclass;
BEGIN
  FOR t IN SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' LOOP
    BEGIN
      EXECUTE 'INSERT INTO ' || t || ' DEFAULT VALUES';
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
END $$;
CREATE TABLE of_others (id integer PRIMARY KEY);
INSERT INTO of_others VALUES (1);
)";

class RecipeRepairTest : public PackagedProject {};

TEST_P(RecipeRepairTest, BecomesTheProvenDatabase) {
  BALLAST_NEEDS_SERVER();
  BALLAST_NEEDS_SHARED();
  WriteCorpus();
  MakePackage();
  TestDatabase db;
  // Some of these schemas were valid for older versions of Prisma only, which printed the script.
  const Ran script = Ballast("schema sql", db);
  db.Run(script.status == 0
             ? script.out
             : ReadWholeFile(SharedFolder() + "/corpora/" + GetParam() + "/golden.sql"));
  db.Run(kRows);
  const Ran repaired = Ballast("repair --strategy release", db);
  ASSERT_EQ(repaired.status, 0) << repaired.out << repaired.err;
  const Ran status = Ballast("status --strategy release", db);
  EXPECT_EQ(status.status, 0) << status.out << status.err;
  EXPECT_EQ(db.Value("SELECT count(*) FROM of_others"), "1");
  const Ran again = Ballast("repair --strategy release", db);
  EXPECT_NE(again.out.find("Nothing to do"), std::string::npos) << again.out << again.err;
}

INSTANTIATE_TEST_SUITE_P(Slow, RecipeRepairTest, ::testing::ValuesIn(CorporaNames()),
                         PackagedProject::NameOf);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(RecipeRepairTest);

}  // namespace
}  // namespace ballast::testing
