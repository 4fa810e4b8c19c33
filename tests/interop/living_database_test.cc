// SPDX-License-Identifier: Apache-2.0
// trigger.dev from v4.5.9 to head, on a database that has run: its application has made partitions,
// an operator an index and settings, change data capture a publication, and another application has
// tables in it. Both strategies, with the concurrent steps on the way.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kLife[] = R"(
CREATE INDEX dba_task_run_idx ON "TaskRun" ("createdAt", "status");
ALTER TABLE "TaskRun" SET (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 90);
ALTER TABLE "TaskRun" ALTER "status" SET STATISTICS 500;
ALTER TABLE "TaskRun" REPLICA IDENTITY FULL;
CREATE PUBLICATION task_runs_to_clickhouse FOR TABLE "TaskRun";
CREATE TABLE "TaskRun_backup" AS TABLE "TaskRun";
CREATE SCHEMA other_application;
CREATE TABLE other_application.orders (id integer PRIMARY KEY);
CREATE TABLE other_table (id integer PRIMARY KEY);
DO $$
DECLARE parent regclass;
BEGIN
  FOR parent IN SELECT partrelid::regclass FROM pg_partitioned_table WHERE partstrat = 'r' LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF %s FOR VALUES FROM (''2031-01-01'') TO (''2031-01-02'')',
                   'made_by_app_' || parent::oid, parent);
  END LOOP;
END $$;
INSERT INTO "User" (id, email, "authenticationMethod", "updatedAt")
VALUES ('u1', 'a@example.org', 'MAGIC_LINK', '2026-01-01');
)";

class LivingDatabaseTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (SharedFolder().empty()) return;
    folder = std::make_unique<TemporaryFolder>("living");
    for (const Corpus& corpus : Corpora()) {
      if (corpus.name == "trigger.dev-v4.5.9") WriteProject(corpus, ProjectOf("v4.5.9"));
      if (corpus.name == "trigger.dev-head") WriteProject(corpus, ProjectOf("head"));
    }
    Make("v4.5.9", "");
    Make("head", " --from-release ../v4.5.9/.ballast");
  }
  static void TearDownTestSuite() { folder.reset(); }
  void SetUp() override { BALLAST_NEEDS_SHARED(); }

  static fs::path ProjectOf(const std::string& version) { return folder->path() / version; }

  static void Make(const std::string& version, const std::string& from) {
    const Ran made = RunIn(ProjectOf(version), fmt::format("ballast release create {}{} && ballast "
                                                           "baseline create",
                                                           version, from));
    ASSERT_EQ(made.status, 0) << made.out << made.err;
  }

  static Ran Ballast(const std::string& version, const std::string& arguments,
                     const TestDatabase& db) {
    return RunIn(ProjectOf(version), "ballast " + arguments,
                 {{"DATABASE_URL", db.Url()}, {"DIRECT_URL", db.Url()}});
  }

  static std::unique_ptr<TemporaryFolder> folder;
};

std::unique_ptr<TemporaryFolder> LivingDatabaseTest::folder;

// What the application, the operator and others have made, as the catalog says it.
std::string WhatOthersMade(TestDatabase& db) {
  return db.Table(R"(
SELECT 'index', indexdef FROM pg_indexes WHERE indexname = 'dba_task_run_idx'
UNION ALL SELECT 'options', array_to_string(reloptions, ',') || relreplident::text FROM pg_class
  WHERE relname = 'TaskRun'
UNION ALL SELECT 'statistics', attstattarget::text FROM pg_attribute
  WHERE attrelid = '"TaskRun"'::regclass AND attname = 'status'
UNION ALL SELECT 'publication', tablename::text FROM pg_publication_tables
UNION ALL SELECT 'table', c.oid::regclass::text FROM pg_class c WHERE relkind = 'r'
  AND (relname IN ('TaskRun_backup', 'other_table', 'orders') OR relname LIKE 'made_by_app%')
ORDER BY 1, 2)");
}

void ExpectMoved(const Ran& moved, TestDatabase& db, const std::string& before) {
  ASSERT_EQ(moved.status, 0) << moved.out << moved.err;
  EXPECT_EQ(WhatOthersMade(db), before);
  EXPECT_EQ(db.Value("SELECT email FROM \"User\""), "a@example.org");
}

using SlowLivingDatabaseTest = LivingDatabaseTest;

TEST_F(SlowLivingDatabaseTest, UpgradesADatabaseInUse) {
  TestDatabase db;
  const Ran fresh = Ballast("v4.5.9", "deploy --strategy release", db);
  ASSERT_EQ(fresh.status, 0) << fresh.out << fresh.err;
  db.Run(kLife);
  const std::string before = WhatOthersMade(db);

  const Ran status = Ballast("head", "status --strategy release --output json", db);
  EXPECT_NE(status.out.find("index dba_task_run_idx on \\\"TaskRun\\\""), std::string::npos)
      << status.out << status.err;
  EXPECT_NE(status.out.find("\"refusal\": null"), std::string::npos);
  const Ran refused = Ballast("head", "deploy --strategy release --strict", db);
  EXPECT_EQ(refused.status, 1) << refused.out;

  const Ran moved = Ballast("head", "deploy --strategy release", db);
  ExpectMoved(moved, db, before);
  EXPECT_NE(moved.out.find("left alone"), std::string::npos) << moved.out;
  EXPECT_EQ(db.Value("SELECT string_agg(migration_name, ',') FROM _prisma_migrations"),
            "0_baseline");
  const Ran after = Ballast("head", "status --strategy release", db);
  EXPECT_EQ(after.status, 0) << after.out << after.err;

  db.Run("DROP INDEX \"WorkerDeployment_environmentId_externalId_idx\"");
  const Ran drifted = Ballast("head", "status --strategy release", db);
  EXPECT_EQ(drifted.status, 1) << drifted.out;
  EXPECT_NE(drifted.out.find("is missing"), std::string::npos) << drifted.out;
}

TEST_F(SlowLivingDatabaseTest, UpgradesADatabaseInUseByTheDevelopmentStrategy) {
  TestDatabase db;
  const Ran fresh = Ballast("v4.5.9", "deploy --strategy development", db);
  ASSERT_EQ(fresh.status, 0) << fresh.out << fresh.err;
  db.Run(kLife);
  const std::string before = WhatOthersMade(db);
  ExpectMoved(Ballast("head", "deploy --strategy development", db), db, before);
  // The rows become the release's; the comparison leaves additions alone there, too.
  ExpectMoved(Ballast("head", "deploy --strategy release", db), db, before);
  EXPECT_EQ(db.Value("SELECT string_agg(migration_name, ',') FROM _prisma_migrations"),
            "0_baseline");
}

}  // namespace
}  // namespace ballast::testing
