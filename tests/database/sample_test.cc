// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "apply/replay.h"
#include "release/migration.h"
#include "tests/support/test_server.h"
#include "tools/sample/generate.h"
#include "tools/sample/specials.h"

namespace ballast::sample {
namespace {

constexpr std::string_view kFolder = "prisma/migrations/";
constexpr std::string_view kFile = "/migration.sql";

std::vector<release::Migration> MigrationsOf(const std::map<std::string, std::string>& files) {
  std::vector<release::Migration> migrations;
  for (const auto& [path, bytes] : files) {
    if (!path.ends_with(kFile)) continue;
    const std::string name =
        path.substr(kFolder.size(), path.size() - kFolder.size() - kFile.size());
    migrations.push_back(release::MakeMigration(name, bytes));
  }
  release::SortMigrations(migrations);
  return migrations;
}

TEST(SampleTest, SameSeedSameBytes) {
  Options options;
  options.migrations = 300;
  EXPECT_EQ(Generate(options), Generate(options));
  Options other = options;
  other.seed = 2;
  EXPECT_NE(Generate(options), Generate(other));
}

TEST(SampleTest, HasTheRequestedNumberOfMigrations) {
  for (const int count : {1, 20, 120, 691}) {
    Options options;
    options.migrations = count;
    EXPECT_EQ(MigrationsOf(Generate(options)).size(), static_cast<size_t>(count));
  }
}

TEST(SampleTest, LongerHistoriesHaveTheSameBeginning) {
  Options options;
  options.migrations = 200;
  const auto shorter = MigrationsOf(Generate(options));
  options.migrations = 260;
  const auto longer = MigrationsOf(Generate(options));
  std::set<std::string> names;
  for (const auto& migration : longer) names.insert(migration.name + migration.checksum);
  for (const auto& migration : shorter) {
    EXPECT_TRUE(names.contains(migration.name + migration.checksum)) << migration.name;
  }
}

TEST(SampleTest, EverySpecialOccursIn120) {
  Options options;
  options.migrations = 120;
  options.modern = true;
  std::set<std::string> scripts;
  for (const auto& [path, bytes] : Generate(options)) scripts.insert(bytes);
  for (const Special& special : AllSpecials()) {
    EXPECT_TRUE(scripts.contains(std::string(special.script))) << special.title;
  }
}

class SampleReplayTest : public testing::MajorsTest {};

void ExpectReplays(testing::TestDatabase& db, const Options& options) {
  const auto migrations = MigrationsOf(Generate(options));
  SilentProgress silent;
  const auto report = apply::Replay(db.session(), migrations, {}, silent);
  ASSERT_TRUE(report.ok()) << report.error().message << "\n"
                           << report.error().where.file << ":" << report.error().where.line << "\n"
                           << report.error().Detail("statement");
  EXPECT_EQ(report->migrations, options.migrations);
}

TEST_P(SampleReplayTest, Replays) {
  for (const uint64_t seed : {1, 2, 3}) {
    testing::TestDatabase fresh(GetParam());
    Options options;
    options.migrations = 240;
    options.seed = seed;
    options.modern = GetParam() >= 15 && seed == 2;
    ExpectReplays(fresh, options);
  }
}

TEST_P(SampleReplayTest, ReplaysInSplitModeToo) {
  Options options;
  options.plain = true;
  SilentProgress silent;
  const auto report = apply::Replay(db().session(), MigrationsOf(Generate(options)),
                                    {.mode = apply::ReplayMode::kSplit}, silent);
  ASSERT_TRUE(report.ok()) << report.error().message;
}

TEST_P(SampleReplayTest, A691) {
  Options options;
  options.migrations = 691;
  options.tables = 100;
  ExpectReplays(db(), options);
  EXPECT_GT(std::stoi(db().Value("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND "
                                 "relnamespace = 'public'::regnamespace")),
            100);
}

// A plain history needs no superuser: a role that owns its database is enough.
TEST_P(SampleReplayTest, PlainNeedsNoSuperuser) {
  db().Run(
      "DO $$ BEGIN CREATE ROLE sample_plain LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; "
      "END $$; GRANT CREATE ON SCHEMA public TO sample_plain");
  db().Run(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO sample_plain', "
      "current_database()); END $$");
  db().Run("SET SESSION AUTHORIZATION sample_plain");
  Options options;
  options.plain = true;
  ExpectReplays(db(), options);
}

INSTANTIATE_TEST_SUITE_P(Majors, SampleReplayTest, ::testing::ValuesIn(testing::UsualMajors()));
INSTANTIATE_TEST_SUITE_P(Slow, SampleReplayTest, ::testing::ValuesIn(testing::FurtherMajors()));

}  // namespace
}  // namespace ballast::sample
