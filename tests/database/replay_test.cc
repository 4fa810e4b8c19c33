// SPDX-License-Identifier: Apache-2.0
#include "apply/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>
#include <thread>

#include "apply/replay_failure.h"
#include "release/platform_script.h"
#include "tests/support/corpus.h"
#include "tests/support/test_server.h"

namespace ballast::apply {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TestDatabase;

std::vector<release::Migration> History(const std::vector<std::string>& scripts) {
  std::vector<release::Migration> migrations;
  migrations.reserve(scripts.size());
  for (const std::string& script : scripts) {
    migrations.push_back(
        release::MakeMigration("m" + std::to_string(migrations.size() + 1), script));
  }
  return migrations;
}

Result<ReplayReport> RunIn(TestDatabase& db, const std::vector<release::Migration>& migrations,
                           const ReplayOptions& options = {}) {
  SilentProgress silent;
  return Replay(db.session(), migrations, options, silent);
}

class ReplayTest : public testing::ServerTest {
 protected:
  // The error of a history that must not replay.
  Error Failure(const std::vector<std::string>& scripts, const ReplayOptions& options = {}) {
    auto report = RunIn(db(), History(scripts), options);
    EXPECT_FALSE(report.ok());
    return report ? Error{} : report.error();
  }
};

TEST_F(ReplayTest, RunsOneMessageForEach) {
  const int before = db().session().round_trips();
  const auto report = RunIn(db(), History({"CREATE TABLE a (x int)", "", "-- nothing\r\n",
                                           "INSERT INTO a VALUES (1); INSERT INTO a VALUES (2);"}));
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->migrations, 4);
  EXPECT_THAT(report->notices, IsEmpty());
  EXPECT_EQ(db().session().round_trips() - before, 4);
  EXPECT_EQ(db().Value("SELECT count(*) FROM a"), "2");
}

TEST_F(ReplayTest, AFileIsOneTransaction) {
  const Error error = Failure({"CREATE TABLE a (x int); CREATE TABLE b (x int); SELECT 1/0;"});
  EXPECT_EQ(error.code, ErrorCode::kReplayFailed);
  EXPECT_EQ(error.Detail("sqlstate"), "22012");
  EXPECT_EQ(db().Value("SELECT to_regclass('a')"), "NULL");
}

TEST_F(ReplayTest, SplitModeKeepsAppliedStatements) {
  const Error error = Failure({"CREATE TABLE a (x int);\nCREATE TABLE b (x int);\nSELECT 1/0;"},
                              {.mode = ReplayMode::kSplit});
  EXPECT_EQ(error.where.line, 3);
  EXPECT_EQ(db().Value("SELECT to_regclass('a')"), "a");
}

TEST_F(ReplayTest, NamesThePlace) {
  const Error error = Failure({"CREATE TABLE a (x int)",
                               "-- \xC3\xA4\xC3\xB6\xC3\xBC \xE2\x9C\x93\nSELECT 1;\n\nSELECT "
                               "'\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4',\n  nothing FROM a;\n"},
                              {.folder = "prisma/migrations"});
  EXPECT_EQ(error.code, ErrorCode::kReplayFailed);
  EXPECT_EQ(error.where, (Place{"prisma/migrations/m2/migration.sql", 5}));
  EXPECT_THAT(error.message, HasSubstr("migration \"m2\""));
  EXPECT_THAT(error.message, HasSubstr("nothing"));
  EXPECT_EQ(error.Detail("migration"), "m2");
  EXPECT_EQ(error.Detail("sqlstate"), "42703");
  EXPECT_THAT(error.Detail("statement"), ::testing::StartsWith("SELECT '\xC3\xA4"));
}

TEST_F(ReplayTest, NamesThePlaceWithoutAPosition) {
  const Error error =
      Failure({"CREATE TABLE a (x int);\n\nCREATE TABLE b (x int);\nCREATE TABLE a "
               "(x int);\nCREATE TABLE c (x int);"});
  EXPECT_EQ(error.where.line, 4);
  EXPECT_EQ(error.Detail("sqlstate"), "42P07");
}

TEST_F(ReplayTest, MissingScript) {
  auto migrations = History({"SELECT 1"});
  migrations.push_back({"m2", {}, ""});
  const auto report = RunIn(db(), migrations);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::kMissingScript);
  EXPECT_THAT(report.error().message, HasSubstr("m2"));
}

TEST_F(ReplayTest, OpenTransaction) {
  const Error error = Failure({"BEGIN; CREATE TABLE a (x int);", "SELECT 1"});
  EXPECT_EQ(error.code, ErrorCode::kOpenTransaction);
  EXPECT_THAT(error.message, HasSubstr("m1"));
}

TEST_F(ReplayTest, Hints) {
  const struct {
    const char* script;
    const char* sqlstate;
    const char* hint;
  } cases[] = {
      {"CREATE EXTENSION no_such_extension", "", "\"no_such_extension\""},
      {"CREATE TABLE a (x int); ALTER TABLE a OWNER TO nobody_here", "42704",
       "CREATE ROLE \"nobody_here\""},
      {"CREATE TYPE e AS ENUM ('a'); COMMIT; ALTER TYPE e ADD VALUE 'b'; SELECT 'b'::e", "55P04",
       "--replay-mode batch"},
      {"CREATE TABLE c (x int); CREATE INDEX CONCURRENTLY i ON c (x)", "25001",
       "--replay-mode batch"},
      {"CREATE TABLE TABLE", "42601", "newer PostgreSQL"},
      {"\xEF\xBB\xBFSELECT 1", "42601", "byte order mark"},
      {"ALTER TABLE gone ADD x int", "42P01", "earlier migration is missing"},
  };
  for (const auto& one : cases) {
    TestDatabase fresh;
    const auto report = RunIn(fresh, History({one.script}), {.mode = ReplayMode::kBatch});
    ASSERT_FALSE(report.ok()) << one.script;
    const bool is_syntax = one.sqlstate == std::string_view("42601");
    EXPECT_EQ(report.error().code,
              is_syntax ? ErrorCode::kMigrationFailed : ErrorCode::kReplayFailed);
    EXPECT_THAT(report.error().Detail("sqlstate"), HasSubstr(one.sqlstate));
    EXPECT_THAT(report.error().hint, HasSubstr(one.hint)) << report.error().message;
  }
}

TEST_F(ReplayTest, MissingPrivilege) {
  db().Run("CREATE ROLE replay_weak");
  const Error error =
      Failure({"SET SESSION AUTHORIZATION replay_weak;\nCREATE EXTENSION file_fdw;\n"});
  EXPECT_EQ(error.Detail("sqlstate"), "42501");
  EXPECT_THAT(error.hint, HasSubstr("privilege"));
  db().Run("RESET SESSION AUTHORIZATION; DROP ROLE replay_weak");
}

// Creates roles at the server while a replay runs, as another session.
class SharedServerTest : public ReplayTest {
 protected:
  void SetUp() override {
    ReplayTest::SetUp();
    auto other = db().database().Connect();
    EXPECT_TRUE(other.ok());
    other_.emplace(std::move(*other));
    Drop();
  }
  void TearDown() override {
    if (other_) Drop();
    ReplayTest::TearDown();
  }

  // The script waits inside, so that the role of the other session appears during its transaction.
  Result<ReplayReport> RunWhileOthersCreateRoles(const std::vector<std::string>& scripts,
                                                 ReplayMode mode = ReplayMode::kAuto) {
    EXPECT_TRUE(other_->Run("SELECT pg_advisory_lock(4712)").ok());
    std::thread others([&] {
      for (bool waits = false; !waits; usleep(1000)) {
        const auto found = other_->QueryValue(
            "SELECT EXISTS (SELECT FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database "
            "WHERE d.datname = current_database() AND l.objid = 4712 AND NOT l.granted)");
        waits = !found || *found == "t";
      }
      // Two messages: the role is committed before the script continues.
      EXPECT_TRUE(other_->Run("CREATE ROLE watch_other").ok());
      EXPECT_TRUE(other_->Run("SELECT pg_advisory_unlock(4712)").ok());
    });
    auto observer = db().database().Connect();
    ReplayOptions options{.mode = mode};
    options.observer = &*observer;
    auto report = RunIn(db(), History(scripts), options);
    if (!report) other_->Run("SELECT pg_advisory_unlock_all()");
    others.join();
    return report;
  }

  static constexpr const char* kWait =
      "SELECT pg_advisory_lock(4712); SELECT pg_advisory_unlock(4712);";

 private:
  void Drop() {
    for (const char* role : {"watch_other", "watch_own", "watch_built"}) {
      other_->Run(std::string("DROP ROLE IF EXISTS ") + role);
    }
  }
  std::optional<postgres::Session> other_;
};

TEST_F(SharedServerTest, KnowsTheRolesThatItMade) {
  const std::string wait = kWait;
  const std::string built =
      "DO $$ BEGIN EXECUTE 'CREATE ROLE watch_' || 'built'; EXCEPTION WHEN "
      "duplicate_object THEN NULL; END $$;";
  struct Case {
    std::vector<std::string> scripts;
    ReplayMode mode = ReplayMode::kAuto;
  };
  const std::vector<Case> cases = {
      {{"CREATE ROLE watch_own;" + built + wait}},
      {{"BEGIN; CREATE ROLE watch_own;" + built + wait + "COMMIT;"}},
      {{"CREATE ROLE watch_own;" + built + wait}, ReplayMode::kSplit},
      {{"CREATE TABLE t (a int); CREATE INDEX CONCURRENTLY i ON t (a); CREATE ROLE watch_own;" +
        wait + built}},
      {{"CREATE ROLE watch_own", wait, built}},
      {{"CREATE FUNCTION make(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE "
        "'CREATE ROLE ' || name; END $$",
        "SELECT make('watch_own');" + wait + "SELECT make('watch_built');"}},
      {{"CREATE ROLE watch_before; " + built,
        "ALTER ROLE watch_before RENAME TO watch_own;" + wait}},
  };
  for (const Case& one : cases) {
    for (const char* role : {"watch_other", "watch_own", "watch_built"}) {
      db().Run(std::string("DROP ROLE IF EXISTS ") + role);
    }
    db().Run("DROP TABLE IF EXISTS t");
    const auto report = RunWhileOthersCreateRoles(one.scripts, one.mode);
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_THAT(report->roles, ::testing::UnorderedElementsAre("watch_own", "watch_built"))
        << one.scripts.back();
    EXPECT_THAT(report->unclear_roles, IsEmpty()) << one.scripts.back();
  }
}

TEST_F(SharedServerTest, NamesRolesOfWhichNobodyKnows) {
  const std::string code =
      "CREATE ROLE watch_own; DO $$ BEGIN PERFORM pg_advisory_lock(4712); PERFORM "
      "pg_advisory_unlock(4712); COMMIT; EXECUTE 'CREATE ROLE watch_built'; END $$";
  const auto report = RunWhileOthersCreateRoles({code});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(report->roles, ElementsAre("watch_own"));
  // Other tests may create roles at the same server.
  std::vector<UnclearRole> unclear = report->unclear_roles;
  std::erase_if(unclear, [](const UnclearRole& role) { return !role.name.starts_with("watch_"); });
  EXPECT_THAT(unclear, ::testing::UnorderedElementsAre(UnclearRole{"watch_other", "m1"},
                                                       UnclearRole{"watch_built", "m1"}));
}

TEST_F(ReplayTest, SplitModeRunsWhatBatchModeCannot) {
  const auto report =
      RunIn(db(),
            History({"CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (x e)",
                     "ALTER TYPE e ADD VALUE 'b'; INSERT INTO t VALUES ('b'); CREATE INDEX "
                     "CONCURRENTLY i ON t (x);"}),
            {.mode = ReplayMode::kSplit});
  ASSERT_TRUE(report.ok()) << report.error().message;
}

TEST_F(ReplayTest, AutoSplitsOnlyWhatTheServerRefusesAsOneMessage) {
  const auto report = RunIn(
      db(), History({"CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (x e, y text)",
                     "ALTER TYPE e ADD VALUE 'b'; INSERT INTO t VALUES ('b');",
                     "ALTER TYPE e ADD VALUE 'c'; INSERT INTO t VALUES (NULL, 'c');",
                     "CREATE INDEX CONCURRENTLY i ON t (x); CREATE INDEX CONCURRENTLY j ON t (y); "
                     "VACUUM t;",
                     "ALTER TABLE t ADD z int; ALTER TYPE e ADD VALUE 'd'; ALTER TABLE t ALTER x "
                     "SET DEFAULT 'd'"}));
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(report->split, ::testing::ElementsAre("m2", "m4", "m5"));
  EXPECT_EQ(report->notices.size(), 3U);
  EXPECT_EQ(db().Value("SELECT count(*) FROM t"), "2");
}

TEST_F(ReplayTest, ConcurrentlyAlone) {
  EXPECT_TRUE(RunIn(db(), History({"CREATE TABLE t (x int)",
                                   "-- alone\nCREATE INDEX CONCURRENTLY i ON t (x);\n"}))
                  .ok());
}

TEST_F(ReplayTest, SetupComesFirst) {
  const auto report = RunIn(db(), History({"CREATE TABLE app.t (x int)"}),
                            {.setup = "CREATE SCHEMA app; SET lock_timeout = '7s'"});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(report->leaks, IsEmpty());
  std::string setup;
  release::AppendPart("platform.sql", "SELECT 1;\n", setup);
  release::AppendPart("setup.sql", "SELECT 1;\nSELECT nothing", setup);
  const Error error = Failure({}, {.setup = setup});
  EXPECT_EQ(error.where, (Place{"setup.sql", 2}));
  EXPECT_THAT(error.message, HasSubstr("setup script"));
}

TEST_F(ReplayTest, SessionStateIsKeptAndNamed) {
  const auto report = RunIn(
      db(), History({"SET lock_timeout = '5s'", "CREATE SCHEMA app; SET search_path = app",
                     "CREATE TABLE t (x int)", "SET LOCAL work_mem = '4MB'",
                     "CREATE TEMP TABLE scrap (x int); SELECT pg_advisory_lock(7);",
                     "RESET lock_timeout", "BEGIN; SET LOCAL statement_timeout = 9; COMMIT;"}));
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(db().Value("SELECT to_regclass('app.t') IS NOT NULL"), "t");
  ASSERT_EQ(report->leaks.size(), 3u);
  EXPECT_EQ(report->leaks[0], (SessionLeak{"m1", {"lock_timeout = '5000'"}}));
  EXPECT_EQ(report->leaks[1], (SessionLeak{"m2", {"search_path = 'app'"}}));
  EXPECT_THAT(report->leaks[2].what, ElementsAre("advisory lock 0/7", "temporary table scrap"));
  EXPECT_THAT(report->notices[0], HasSubstr("m1"));
}

TEST_F(ReplayTest, BrokenConnection) {
  const Error error = Failure({"SELECT pg_terminate_backend(pg_backend_pid())"});
  EXPECT_THAT(error.message, HasSubstr("m1"));
}

class CorpusReplayTest : public testing::MajorsTest {};

TEST_P(CorpusReplayTest, EveryCorpusReplays) {
  BALLAST_NEEDS_SHARED();
  for (const std::string& corpus : testing::CorpusNames()) {
    TestDatabase fresh(GetParam());
    const auto migrations = testing::CorpusMigrations(corpus);
    const int before = fresh.session().round_trips();
    const auto report = RunIn(fresh, migrations);
    if (corpus == "bloom" && GetParam() < 15) {  // NULLS NOT DISTINCT
      ASSERT_FALSE(report.ok());
      EXPECT_EQ(report.error().where,
                (Place{"66_key_level_translation_content/migration.sql", 46}));
      EXPECT_THAT(report.error().hint, HasSubstr("PostgreSQL has NULLS NOT DISTINCT since 15"));
      continue;
    }
    ASSERT_TRUE(report.ok()) << corpus << ": " << report.error().message << " "
                             << report.error().where.file << ":" << report.error().where.line;
    EXPECT_LE(fresh.session().round_trips() - before,
              static_cast<int>(migrations.size() + migrations.size() / 10 + 10))
        << corpus;
  }
}

TEST_P(CorpusReplayTest, The691) {
  BALLAST_NEEDS_SHARED();
  const auto migrations = testing::CorpusMigrations("trigger.dev", "691");
  ASSERT_EQ(migrations.size(), 691u);
  const auto report = RunIn(db(), migrations);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->migrations, 691);
  EXPECT_EQ(db().Value("SELECT relkind FROM pg_class WHERE relname = 'TaskEventPartitioned'"), "p");
}

TEST_P(CorpusReplayTest, MissingExtensionIsNamed) {
  const auto report = RunIn(db(), History({"CREATE EXTENSION no_such_extension"}));
  ASSERT_FALSE(report.ok());
  EXPECT_THAT(report.error().hint, HasSubstr("lacks the extension \"no_such_extension\""));
}

INSTANTIATE_TEST_SUITE_P(Majors, CorpusReplayTest, ::testing::ValuesIn(testing::UsualMajors()));
INSTANTIATE_TEST_SUITE_P(Slow, CorpusReplayTest, ::testing::ValuesIn(testing::FurtherMajors()));

}  // namespace
}  // namespace ballast::apply
