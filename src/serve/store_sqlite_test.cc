// SPDX-License-Identifier: Apache-2.0
#include "serve/store_sqlite.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

namespace ballast::serve {
namespace {

StoredRun RunOf(const std::string& run, const std::string& at, const std::string& database = {}) {
  return {run, database, "deploy", "done", at, "{\"run\": \"" + run + "\"}"};
}

TEST(SqliteStoreTest, KeepsEachRunOnce) {
  const auto store = OpenSqliteStore("");
  ASSERT_TRUE(store.ok());
  EXPECT_TRUE((*store)->AddRun(RunOf("1", "2026-01-01")).value());
  EXPECT_FALSE((*store)->AddRun(RunOf("1", "2026-01-01")).value());
  EXPECT_TRUE((*store)->AddRun(RunOf("1", "2026-01-01", "shop")).value());
  EXPECT_FALSE((*store)->AddRun(RunOf("1", "2026-01-01")).value());
  const auto runs = (*store)->Runs({});
  ASSERT_EQ(runs.value().size(), 1u);
  EXPECT_EQ(runs.value()[0].database, "shop");
}

TEST(SqliteStoreTest, GivesRunsToADatabaseWithANewName) {
  const auto store = OpenSqliteStore("");
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->AddRun(RunOf("1", "2026-01-01", "old")).ok());
  ASSERT_TRUE((*store)->RemoveOthers({"new", "o'ther"}).ok());
  EXPECT_TRUE((*store)->AddRun(RunOf("1", "2026-01-01", "new")).value());
  EXPECT_EQ((*store)->Runs({}).value()[0].database, "new");
}

TEST(SqliteStoreTest, FindsAndPrunes) {
  const auto store = OpenSqliteStore("");
  ASSERT_TRUE(store.ok());
  for (const char* at : {"2026-01-01", "2026-01-03", "2026-01-02"}) {
    ASSERT_TRUE((*store)->AddRun(RunOf(at, at, "shop")).ok());
  }
  RunQuery query;
  query.since = "2026-01-02";
  EXPECT_EQ((*store)->Runs(query).value().size(), 2u);
  query.database = "other'; DROP TABLE runs; --";
  EXPECT_TRUE((*store)->Runs(query).value().empty());
  ASSERT_TRUE((*store)->Prune(0, 2).ok());
  const auto kept = (*store)->Runs({}).value();
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0].started_at, "2026-01-03");
  // What was pruned still counts, and is not taken again.
  EXPECT_FALSE((*store)->AddRun(RunOf("2026-01-01", "2026-01-01", "shop")).value());
  const auto counts = (*store)->Counts().value();
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts[0].database, "shop");
  EXPECT_EQ(counts[0].count, 3u);
}

TEST(SqliteStoreTest, GivesRunsByOutcomeAndTheirReportsApart) {
  const auto store = OpenSqliteStore("");
  ASSERT_TRUE(store.ok());
  for (const char* at : {"2026-01-01", "2026-01-02", "2026-01-03"}) {
    StoredRun run = RunOf(at, at);
    if (run.run == "2026-01-02") run.outcome = "failed";
    ASSERT_TRUE((*store)->AddRun(run).ok());
  }
  RunQuery query;
  query.limit = 1;
  EXPECT_EQ((*store)->Runs(query).value()[0].run, "2026-01-03");
  EXPECT_EQ((*store)->RunList(2).value().back().run, "2026-01-02");
  const auto list = (*store)->RunList(10).value();
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[1].run, "2026-01-02");
  EXPECT_EQ(list[1].report, "");
  const auto some = (*store)->RunsOf({"2026-01-02", "o'ther"}).value();
  ASSERT_EQ(some.size(), 1u);
  EXPECT_EQ(some[0].report, RunOf("2026-01-02", "").report);
  query = {};
  query.outcome = "failed";
  EXPECT_EQ((*store)->Runs(query).value().size(), 1u);
}

TEST(SqliteStoreTest, KeepsSamples) {
  const auto store = OpenSqliteStore("");
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE(
      (*store)
          ->AddSamples({{"a", 1, true, true, 0, 0, 0, 5}, {"a", 2, false, true, 0, 3, 1, 6}})
          .ok());
  // Several samples of one second are kept as their worst.
  ASSERT_TRUE((*store)->AddSamples({{"a", 2, false, false, 0, 4, 1, 6}}).ok());
  ASSERT_TRUE((*store)->AddSamples({{"a", 2, true, true, 0, 0, 0, 5}}).ok());
  const auto samples = (*store)->Samples("a", 2).value();
  ASSERT_EQ(samples.size(), 1u);
  EXPECT_EQ(samples[0].drift, 4);
  EXPECT_EQ(samples[0].additions, 1);
  EXPECT_FALSE(samples[0].ready);
  EXPECT_FALSE(samples[0].reachable);
  ASSERT_TRUE((*store)->Prune(2, 10).ok());
  EXPECT_EQ((*store)->Samples("a", 0).value().size(), 1u);
}

// The checks that wait for COMMIT.
int CheckKeys(sqlite3* db, char** /*error*/, const void* /*api*/) {
  return sqlite3_exec(db, "PRAGMA foreign_keys = ON", nullptr, nullptr, nullptr);
}

TEST(SqliteStoreTest, AFailedCommitLeavesNoTransactionOpen) {
  const std::string file = ::testing::TempDir() + "failed_commit.sqlite";
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file + suffix);
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(CheckKeys));
  const auto store = OpenSqliteStore(file);
  sqlite3_reset_auto_extension();
  ASSERT_TRUE(store.ok());
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
  const auto run = [&](const char* sql) {
    return sqlite3_exec(other, sql, nullptr, nullptr, nullptr);
  };
  ASSERT_EQ(run("CREATE TABLE a (id INTEGER PRIMARY KEY);"
                "CREATE TABLE b (id INTEGER REFERENCES a DEFERRABLE INITIALLY DEFERRED);"
                "CREATE TRIGGER fails AFTER INSERT ON samples BEGIN INSERT INTO b VALUES (1); END"),
            SQLITE_OK);
  EXPECT_FALSE((*store)->AddSamples({{"a", 1, true, true, 0, 0, 0, 5}}).ok());
  ASSERT_EQ(run("DROP TRIGGER fails"), SQLITE_OK);
  EXPECT_TRUE((*store)->AddRun(RunOf("1", "2026-01-01")).value());
  EXPECT_TRUE((*store)->AddSamples({{"a", 2, true, true, 0, 0, 0, 5}}).ok());
  sqlite3_close(other);
  const auto again = OpenSqliteStore(file);
  EXPECT_EQ((*again)->Runs({}).value().size(), 1u);
  EXPECT_EQ((*again)->Samples("a", 0).value().size(), 1u);
}

}  // namespace
}  // namespace ballast::serve
