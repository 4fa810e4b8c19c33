// SPDX-License-Identifier: Apache-2.0
// Databases of the printed scripts: made from schema.prisma alone, without what only the migrations
// make. Repair gives each of them the proven catalog, and loses no row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "postgres/migrations_table.h"
#include "proof/goal_state.h"
#include "proof/sample_rows.h"
#include "tests/support/corpus.h"
#include "tests/support/packaged_project.h"

namespace ballast::testing {
namespace {

// The row that the printed recipe leaves: `prisma migrate resolve --applied 0_baseline`.
constexpr char kRecipeRow[] = R"(
INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
VALUES ('recipe', repeat('0', 64), now(), '0_baseline', 0);
CREATE TABLE of_others (id integer PRIMARY KEY);
)";

class RecipeRepairTest : public PackagedProject {
 protected:
  // The database of the recipe, with a row in every table that accepts one.
  void MakeRecipe(TestDatabase& db) {
    // Some of these schemas were valid for older versions of Prisma only, which printed the script.
    const Ran script = Ballast("schema sql", db);
    db.Run(script.status == 0
               ? script.out
               : ReadWholeFile(SharedFolder() + "/corpora/" + GetParam() + "/golden.sql"));
    db.Run(postgres::CreateMigrationsTableSql("public") + kRecipeRow);
    const auto filled = proof::AddSampleRows(db.session());
    ASSERT_TRUE(filled.ok()) << filled.error().message;
    EXPECT_GT(filled->filled.size(), filled->empty.size());
  }

  // Of the rows of all tables that are also in the goal. Tables into which the history inserts rows
  // have more of them afterwards.
  std::vector<proof::TableDigest> Digests(TestDatabase& db, const catalog::Database& recipe,
                                          TestDatabase& goal) {
    const auto model = proof::ReadModel(goal.session(), "public");
    EXPECT_TRUE(model.ok());
    auto digests = proof::DigestsOfCommonRows(recipe, *model, db.session());
    EXPECT_TRUE(digests.ok()) << digests.error().message;
    std::erase_if(*digests, [&](const proof::TableDigest& one) {
      return one.table.find("_prisma_migrations") != std::string::npos ||
             goal.Value("SELECT EXISTS (SELECT FROM " + one.table + ")") == "t";
    });
    return *digests;
  }
};

TEST_P(RecipeRepairTest, BecomesTheProvenDatabase) {
  BALLAST_NEEDS_SERVER();
  BALLAST_NEEDS_SHARED();
  WriteCorpus();
  MakePackage();
  TestDatabase goal;
  const Ran deployed = Ballast("deploy --strategy release", goal);
  ASSERT_EQ(deployed.status, 0) << deployed.out << deployed.err;
  TestDatabase db;
  MakeRecipe(db);
  const auto recipe = proof::ReadModel(db.session(), "public");
  ASSERT_TRUE(recipe.ok());
  const std::vector<proof::TableDigest> before = Digests(db, *recipe, goal);
  EXPECT_GT(before.size(), 1u);

  // Nothing shows which migrations have changed its rows.
  const Ran repaired = Ballast("repair --strategy release --applied '*'", db);
  ASSERT_EQ(repaired.status, 0) << repaired.out << repaired.err;
  EXPECT_THAT(Digests(db, *recipe, goal), ::testing::UnorderedElementsAreArray(before));
  const Ran status = Ballast("status --strategy release", db);
  EXPECT_EQ(status.status, 0) << status.out << status.err;
  EXPECT_EQ(db.Value("SELECT count(*) FROM of_others"), "1");
  EXPECT_EQ(db.Table("SELECT migration_name, checksum FROM _prisma_migrations ORDER BY 1"),
            goal.Table("SELECT migration_name, checksum FROM _prisma_migrations ORDER BY 1"));
  const Ran again = Ballast("repair --strategy release", db);
  EXPECT_NE(again.out.find("Nothing to do"), std::string::npos) << again.out << again.err;
}

INSTANTIATE_TEST_SUITE_P(Slow, RecipeRepairTest, ::testing::ValuesIn(CorporaNames()),
                         PackagedProject::NameOf);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(RecipeRepairTest);

}  // namespace
}  // namespace ballast::testing
