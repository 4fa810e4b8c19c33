// SPDX-License-Identifier: Apache-2.0
// Every upgrade path between four versions of a real project, by both strategies: each ends in the
// database that the history gives (column order apart), with the rows that people had put there,
// and with the migrations table of a fresh deploy.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "apply/replay.h"
#include "base/text.h"
#include "introspect/rows_reader.h"
#include "introspect/snapshot_reader.h"
#include "tests/support/project.h"
#include "tests/support/test_server.h"
#include "workspace/migrations_folder.h"
#include "workspace/package_store.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string>& Versions() {
  static const std::vector<std::string> versions = {"691", "692", "v4.5.9", "head"};
  return versions;
}

// A row that a user has; both tables are there in all versions.
constexpr char kUserRows[] =
    "INSERT INTO \"User\" (id, email, \"authenticationMethod\", \"updatedAt\") VALUES "
    "('u1', 'a@example.org', 'MAGIC_LINK', '2026-01-01')";

// What is compared: meaning and rows, without the user's own.
struct Content {
  std::string snapshot;
  std::vector<release::TableRows> rows;
};

Content ContentOf(TestDatabase& db) {
  postgres::Session session = db.Connect();
  EXPECT_TRUE(session.Query("SET jit = off; SET search_path = public").ok());
  const auto snapshot = introspect::ReadSnapshot(session, {});
  const auto rows = introspect::ReadRowDigests(session);
  EXPECT_TRUE(snapshot.ok() && rows.ok());
  Content content{catalog::RenderSnapshot(snapshot->snapshot), *rows};
  std::erase_if(content.rows, [](const auto& table) { return table.table == "\"User\""; });
  return content;
}

class UpgradePathsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (SharedFolder().empty()) return;
    folder = std::make_unique<TemporaryFolder>("ways");
    for (const Corpus& corpus : Corpora()) {
      if (!corpus.name.starts_with("trigger.dev-")) continue;
      WriteProject(corpus, ProjectOf(corpus.name.substr(12)));
    }
    std::string from;
    for (const std::string& version : Versions()) {
      const Ran made = RunIn(
          ProjectOf(version),
          fmt::format("ballast release create {}{} && ballast baseline create", version, from));
      ASSERT_EQ(made.status, 0) << made.out << made.err;
      from = fmt::format(" --from-release ../{}/.ballast", version);
    }
  }
  static void TearDownTestSuite() { folder.reset(); }
  void SetUp() override { BALLAST_NEEDS_SHARED(); }

  static fs::path ProjectOf(const std::string& version) { return folder->path() / version; }

  static Ran Ballast(const std::string& version, const std::string& arguments,
                     const TestDatabase& db) {
    return RunIn(ProjectOf(version), "ballast " + arguments,
                 {{"DATABASE_URL", db.Url()}, {"DIRECT_URL", db.Url()}});
  }

  static void Deploy(const std::string& version, const std::string& strategy, TestDatabase& db) {
    const Ran ran = Ballast(version, "deploy --strategy " + strategy, db);
    ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
  }

  // The database of every migration of that version, run one by one.
  static const Content& Replayed(const std::string& version) {
    static std::map<std::string, Content> contents;
    const auto known = contents.find(version);
    if (known != contents.end()) return known->second;
    const auto migrations = workspace::LoadMigrations(ProjectOf(version) / "prisma/migrations");
    EXPECT_TRUE(migrations.ok());
    TestDatabase db;
    SilentProgress silent;
    const auto replayed = apply::Replay(db.session(), migrations->migrations, {}, silent);
    EXPECT_TRUE(replayed.ok());
    return contents.emplace(version, ContentOf(db)).first->second;
  }

  static void ExpectTheDatabaseOf(const std::string& version, TestDatabase& db) {
    const Content content = ContentOf(db);
    EXPECT_TRUE(content.snapshot == Replayed(version).snapshot)
        << "the catalog is not that of " << version;
    EXPECT_EQ(content.rows.size(), Replayed(version).rows.size());
    for (size_t i = 0; i < content.rows.size(); ++i) {
      EXPECT_EQ(content.rows[i].table, Replayed(version).rows[i].table);
      EXPECT_EQ(content.rows[i].count, Replayed(version).rows[i].count);
    }
    EXPECT_EQ(db.Value("SELECT email FROM \"User\" WHERE id = 'u1'"), "a@example.org");
  }

  static std::string HistoryFormat(TestDatabase& db) {
    return db.Table(
        "SELECT migration_name, checksum, coalesce(logs, 'NULL'), applied_steps_count, "
        "finished_at IS NOT NULL, rolled_back_at IS NULL "
        "FROM _prisma_migrations ORDER BY started_at, migration_name COLLATE \"C\"");
  }

  static std::string FreshHistory(const std::string& version, const std::string& strategy) {
    static std::map<std::string, std::string> histories;
    std::string& history = histories[version + strategy];
    if (history.empty()) {
      TestDatabase fresh;
      Deploy(version, strategy, fresh);
      history = HistoryFormat(fresh);
    }
    return history;
  }

  // The names of the rows of a history, in order of the names.
  static std::vector<std::string> Names(const std::string& history) {
    std::vector<std::string> names;
    for (const std::string& line : Split(history, '\n')) names.push_back(Split(line, '|').front());
    std::sort(names.begin(), names.end());
    return names;
  }
  static std::vector<std::string> Names(TestDatabase& db) { return Names(HistoryFormat(db)); }

  // Names and checksums in the order of time; how a row came there may differ.
  static void ExpectNothingLeft(const std::string& version, const std::string& strategy,
                                TestDatabase& db) {
    const Ran again = Ballast(version, "deploy --output json --strategy " + strategy, db);
    EXPECT_EQ(again.status, 0) << again.out << again.err;
    EXPECT_NE(again.out.find("\"decision\": \"nothing\""), std::string::npos) << again.out;
  }

  static void ExpectAhead(const std::string& version, const std::string& strategy,
                          TestDatabase& db) {
    const Ran older = Ballast(version, "deploy --output json --strategy " + strategy, db);
    EXPECT_EQ(older.status, 0) << older.out << older.err;
    EXPECT_NE(older.out.find("\"found\": \"ahead\""), std::string::npos) << older.out;
  }

  static std::unique_ptr<TemporaryFolder> folder;
};

std::unique_ptr<TemporaryFolder> UpgradePathsTest::folder;

struct VersionPair {
  std::string from;
  std::string to;
};

// A short path, one over late merges and a long one: for what every pair need not repeat.
std::vector<VersionPair> SomePaths() {
  return {{"691", "692"}, {"692", "v4.5.9"}, {"v4.5.9", "head"}};
}

std::vector<VersionPair> Paths() {
  std::vector<VersionPair> paths;
  for (size_t a = 0; a < Versions().size(); ++a) {
    for (size_t b = a + 1; b < Versions().size(); ++b) {
      paths.push_back({Versions()[a], Versions()[b]});
    }
  }
  return paths;
}

TEST_F(UpgradePathsTest, FromReleaseToRelease) {
  for (const VersionPair& path : Paths()) {
    SCOPED_TRACE(path.from + " to " + path.to);
    TestDatabase db;
    Deploy(path.from, "release", db);
    db.Run(kUserRows);
    Deploy(path.to, "release", db);
    ExpectTheDatabaseOf(path.to, db);
    EXPECT_EQ(HistoryFormat(db), FreshHistory(path.to, "release"));
    ExpectNothingLeft(path.to, "release", db);
    ExpectAhead(path.from, "release", db);
    if (path.from == "691" && path.to == "head") {
      ExpectPrismaSaysUpToDate(db.Url(), ProjectOf(path.to) / ".ballast/schema.release.prisma",
                               ProjectOf(path.to) / ".ballast/release-migrations");
    }
  }
}

TEST_F(UpgradePathsTest, FromReleaseToReleaseOverEachStop) {
  TestDatabase db;
  Deploy("691", "release", db);
  db.Run(kUserRows);
  for (const char* version : {"692", "v4.5.9", "head"}) Deploy(version, "release", db);
  ExpectTheDatabaseOf("head", db);
  EXPECT_EQ(HistoryFormat(db), FreshHistory("head", "release"));
  ExpectAhead("691", "release", db);
}

// Each package has a proven script to the release that it upgrades; the older release's own Prisma
// agrees with what it leaves.
TEST_F(UpgradePathsTest, BackOverEachRelease) {
  TestDatabase db;
  Deploy(Versions().back(), "release", db);
  db.Run(kUserRows);
  for (size_t at = Versions().size() - 1; at > 0; --at) {
    const std::string& from = Versions()[at];
    const std::string& to = Versions()[at - 1];
    SCOPED_TRACE(from + " to " + to);
    EXPECT_TRUE(fs::exists(ProjectOf(from) / ".ballast/rollback" / (to + ".sql")));
    const auto package = workspace::LoadPackage(ProjectOf(from) / ".ballast");
    ASSERT_TRUE(package.ok());
    const release::Rollback* rollback = release::RollbackTo(package->manifest, to);
    ASSERT_NE(rollback, nullptr);
    EXPECT_EQ(rollback->reason, "");
    EXPECT_THAT(rollback->without_rows, ::testing::IsEmpty());
    const Ran ran =
        Ballast(from, "rollback --strategy release --accept-data-loss '*' --to " + to, db);
    ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
    ExpectTheDatabaseOf(to, db);
    EXPECT_EQ(Names(db), Names(FreshHistory(to, "release")));
    ExpectNothingLeft(to, "release", db);
    ExpectPrismaSaysUpToDate(db.Url(), ProjectOf(to) / ".ballast/schema.release.prisma",
                             ProjectOf(to) / ".ballast/release-migrations");
  }
}

TEST_F(UpgradePathsTest, FromTheDevelopmentStrategyToRelease) {
  for (const VersionPair& path : Paths()) {
    SCOPED_TRACE(path.from + " to " + path.to);
    TestDatabase db;
    Deploy(path.from, "development", db);
    db.Run(kUserRows);
    Deploy(path.to, "release", db);
    ExpectTheDatabaseOf(path.to, db);
    EXPECT_EQ(HistoryFormat(db), FreshHistory(path.to, "release"));
    ExpectNothingLeft(path.to, "release", db);
  }
}

TEST_F(UpgradePathsTest, AlongTheDevelopmentStrategy) {
  for (const VersionPair& path : SomePaths()) {
    SCOPED_TRACE(path.from + " to " + path.to);
    TestDatabase db;
    Deploy(path.from, "development", db);
    db.Run(kUserRows);
    Deploy(path.to, "development", db);
    ExpectTheDatabaseOf(path.to, db);
    EXPECT_EQ(db.Value("SELECT count(*) FROM _prisma_migrations"),
              std::to_string(workspace::LoadMigrations(ProjectOf(path.to) / "prisma/migrations")
                                 ->migrations.size()));
    ExpectNothingLeft(path.to, "development", db);
    ExpectAhead(path.from, "development", db);
    if (path.to == "head") {
      ExpectPrismaSaysUpToDate(db.Url(), ProjectOf(path.to) / "prisma/schema.prisma",
                               ProjectOf(path.to) / "prisma/migrations");
    }
  }
}

TEST_F(UpgradePathsTest, FromReleaseToTheDevelopmentStrategyAndBack) {
  for (const VersionPair& path : SomePaths()) {
    SCOPED_TRACE(path.from + " to " + path.to);
    TestDatabase db;
    Deploy(path.from, "release", db);
    db.Run(kUserRows);
    Deploy(path.to, "development", db);
    ExpectTheDatabaseOf(path.to, db);
    EXPECT_EQ(HistoryFormat(db), FreshHistory(path.to, "development"));
    ExpectNothingLeft(path.to, "development", db);
    Deploy(path.to, "release", db);
    EXPECT_EQ(HistoryFormat(db), FreshHistory(path.to, "release"));
    ExpectTheDatabaseOf(path.to, db);
  }
}

// Restored without its rows: each state proves which it is, is recorded and continues to the
// newest.
TEST_F(UpgradePathsTest, ARestoredDatabaseOfAnyReleaseIsAdoptedAndUpgraded) {
  const std::vector<std::pair<std::string, std::string>> paths = {{"691", "release"},
                                                                  {"692", "release"},
                                                                  {"v4.5.9", "release"},
                                                                  {"head", "release"},
                                                                  {"v4.5.9", "development"}};
  for (const auto& [from, strategy] : paths) {
    SCOPED_TRACE(fmt::format("{} by {}", from, strategy));
    TestDatabase db;
    Deploy(from, "release", db);
    db.Run(kUserRows);
    db.Run("DROP TABLE _prisma_migrations; DROP SCHEMA ballast CASCADE");
    const Ran adopted = Ballast("head", "deploy --adopt --strategy " + strategy, db);
    ASSERT_EQ(adopted.status, 0) << adopted.out << adopted.err;
    const char* const found = from == "head" ? "the database equals " : "the database equaled ";
    EXPECT_NE(adopted.err.find(found), std::string::npos) << adopted.err;
    ExpectTheDatabaseOf("head", db);
    EXPECT_EQ(Names(db), Names(FreshHistory("head", strategy)));
    ExpectNothingLeft("head", strategy, db);
  }
}

// What prisma migrate diff prints from the schema is known for what it is, and told what it lacks.
TEST_F(UpgradePathsTest, TheRecipesBaselineIsRecognized) {
  TestDatabase db;
  const Ran printed = RunIn(ProjectOf("691"), "ballast schema sql");
  db.Run(printed.out);
  const Ran refused = Ballast("691", "deploy --adopt --strategy release", db);
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.err.find("B506"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("printed from the schema of 691"), std::string::npos) << refused.err;
  for (const char* missing_privileges :
       {"TaskRunWaitpoint_taskRunId_waitpointId_batchIndex_null_key", "triggerdotdev_events"}) {
    EXPECT_NE(refused.err.find(missing_privileges), std::string::npos) << refused.err;
  }
}

}  // namespace
}  // namespace ballast::testing
