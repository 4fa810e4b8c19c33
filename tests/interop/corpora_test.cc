// SPDX-License-Identifier: Apache-2.0
// Real projects end to end: the package is made, every strategy deploys it, and pg_dump, the
// migrations table and real Prisma cannot tell the result from a database that ran every migration.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "apply/replay.h"
#include "introspect/rows_reader.h"
#include "tests/support/packaged_project.h"
#include "tests/support/whole_catalog.h"
#include "workspace/migrations_folder.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

class CorpusTest : public PackagedProject {
 protected:
  void SetUp() override {
    BALLAST_NEEDS_SHARED();
    ASSERT_NO_FATAL_FAILURE(WriteCorpus());
    auto migrations = workspace::LoadMigrations(Migrations());
    ASSERT_TRUE(migrations.ok());
    migrations_ = std::move(migrations->migrations);
  }

  fs::path Schema() const { return folder_.path() / "prisma/schema.prisma"; }
  fs::path Migrations() const { return folder_.path() / "prisma/migrations"; }

  // A database that ran every migration as Prisma runs them.
  std::string ReplayedDump() {
    TestDatabase db;
    SilentProgress silent;
    const auto replayed = apply::Replay(db.session(), migrations_, {}, silent);
    EXPECT_TRUE(replayed.ok()) << (replayed.ok() ? "" : replayed.error().message);
    stable_rows_ = StableRows(db);
    return DumpForComparison(db.target(), volatile_tables_).value_or("");
  }

  // Values from the clock or from chance differ in any two databases: of tables that have some, the
  // other columns are compared by digest.
  std::string StableRows(TestDatabase& db) {
    if (volatile_rows_.empty()) return {};
    postgres::Session session = db.Connect();
    EXPECT_TRUE(session.Query("SET search_path = public").ok());
    const auto rows = introspect::ReadRowDigests(session, volatile_rows_);
    EXPECT_TRUE(rows.ok());
    std::string text;
    for (const release::TableRows& table : *rows) {
      text += table.table + " " + std::to_string(table.count) + " " + table.digest + "\n";
    }
    return text;
  }

  // Deploys to a fresh database and compares it with the replayed one.
  void DeployAndCompare(TestDatabase& db, const std::string& strategy,
                        const std::string& replayed) {
    const Ran deploy = Ballast("deploy --strategy " + strategy, db);
    ASSERT_EQ(deploy.status, 0) << deploy.out << deploy.err;
    EXPECT_EQ(DumpForComparison(db.target(), volatile_tables_).value_or(""), replayed) << strategy;
    EXPECT_EQ(StableRows(db), stable_rows_) << strategy;
    const Ran again = Ballast("deploy --strategy " + strategy + " --output json", db);
    EXPECT_EQ(again.status, 0) << again.out << again.err;
    EXPECT_NE(again.out.find("\"decision\": \"nothing\""), std::string::npos) << again.out;
  }

  void ExpectPrismaAgrees(const TestDatabase& db, const fs::path& schema,
                          const fs::path& migrations) {
    if (!ExpectPrismaSaysUpToDate(db.Url(), schema, migrations)) return;
    const auto deploy = RunPrisma("migrate deploy", db.Url(), schema, migrations);
    EXPECT_EQ(deploy->status, 0) << deploy->out << deploy->err;
    EXPECT_NE(deploy->out.find("No pending migrations to apply."), std::string::npos)
        << deploy->out << deploy->err;
  }

  // Each row as Prisma writes it, but for id and times: name|checksum|logs|steps|finished|open.
  static std::string Rows(TestDatabase& db) {
    return db.Table(
        "SELECT migration_name, checksum, coalesce(logs, 'NULL'), applied_steps_count, "
        "finished_at IS NOT NULL, rolled_back_at IS NULL, "
        "id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' "
        "FROM _prisma_migrations ORDER BY started_at, migration_name COLLATE \"C\"");
  }

  std::string ExpectedRows(const std::string& logs, int steps) const {
    std::string rows;
    for (const release::Migration& migration : migrations_) {
      rows += migration.name + "|" + migration.checksum + "|" + logs + "|" + std::to_string(steps) +
              "|t|t|t\n";
    }
    return rows;
  }

  std::vector<release::Migration> migrations_;
  std::string stable_rows_;
};

TEST_P(CorpusTest, EveryStrategyGivesTheDatabaseOfTheHistory) {
  ASSERT_NO_FATAL_FAILURE(MakePackage());
  const std::string replayed = ReplayedDump();
  ASSERT_NE(replayed, "") << "NO PG_DUMP for this server";
  const Ran baseline = RunIn(folder_.path(), "ballast baseline create");
  ASSERT_EQ(baseline.status, 0) << baseline.out << baseline.err;

  TestDatabase release;
  DeployAndCompare(release, "release", replayed);
  ExpectPrismaAgrees(release, folder_.path() / ".ballast/schema.release.prisma",
                     folder_.path() / ".ballast/release-migrations");
  const std::string checksum = release.Value("SELECT checksum FROM _prisma_migrations");
  EXPECT_EQ(Rows(release), "0_baseline|" + checksum + "|NULL|1|t|t|t\n");

  TestDatabase development;
  DeployAndCompare(development, "development", replayed);
  ExpectPrismaAgrees(development, Schema(), Migrations());
  EXPECT_EQ(Rows(development), ExpectedRows("", 0));

  TestDatabase history;
  DeployAndCompare(history, "history", replayed);
  ExpectPrismaAgrees(history, Schema(), Migrations());
  EXPECT_EQ(Rows(history), ExpectedRows("NULL", 1));
  const std::vector<std::string> catalog = ReadWholeCatalog(history);
  EXPECT_THAT(CompareWholeCatalogs(catalog, ReadWholeCatalog(release)), ::testing::IsEmpty());
  EXPECT_THAT(CompareWholeCatalogs(catalog, ReadWholeCatalog(development)), ::testing::IsEmpty());
}

class PackageBytesTest : public CorpusTest {};

TEST_P(PackageBytesTest, TheSameHistoryGivesTheSamePackageToTheByte) {
  const std::map<std::string, std::string> fixed = {{"SOURCE_DATE_EPOCH", "1700000000"}};
  ASSERT_EQ(RunIn(folder_.path(), "ballast release create v1.0.0", fixed).status, 0);
  ASSERT_EQ(
      RunIn(folder_.path(), "mv .ballast first && ballast release create v1.0.0", fixed).status, 0);
  const Ran difference = RunIn(folder_.path(), "diff -r first .ballast");
  EXPECT_EQ(difference.status, 0) << difference.out;
  const Ran verify = RunIn(folder_.path(), "ballast release verify --deep");
  EXPECT_EQ(verify.status, 0) << verify.out << verify.err;
}

constexpr const char* kUsual = "trigger.dev-691";

// The other versions of trigger.dev are covered by the tests of upgrade paths; BALLAST_ALL_CORPORA
// adds them here.
std::vector<std::string> FurtherCorpora() {
  std::vector<std::string> names = {"trigger.dev-head", "langfuse", "bloom", "amplication",
                                    "hoppscotch",       "gcforms",  "umami"};
  if (std::getenv("BALLAST_ALL_CORPORA") != nullptr) {
    names.insert(names.end(), {"trigger.dev-692", "trigger.dev-v4.5.9"});
  }
  return names;
}

// The large one, and those with rows from the clock and from chance.
std::vector<std::string> BytesToTest() {
  if (std::getenv("BALLAST_ALL_CORPORA") == nullptr) return {kUsual, "langfuse", "bloom"};
  std::vector<std::string> names = FurtherCorpora();
  names.emplace_back(kUsual);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Usual, CorpusTest, ::testing::Values(kUsual), PackagedProject::NameOf);
INSTANTIATE_TEST_SUITE_P(Slow, CorpusTest, ::testing::ValuesIn(FurtherCorpora()),
                         PackagedProject::NameOf);
INSTANTIATE_TEST_SUITE_P(Slow, PackageBytesTest, ::testing::ValuesIn(BytesToTest()),
                         PackagedProject::NameOf);

}  // namespace
}  // namespace ballast::testing
