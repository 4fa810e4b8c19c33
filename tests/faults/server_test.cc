// SPDX-License-Identifier: Apache-2.0
// Faults beyond the wire: the disk is full, the server stops and starts, no connection is free,
// privileges go in the middle of a deploy. After each the database is untouched, complete or at a
// named step, and the next deploy continues.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <future>
#include <iostream>

#include "tests/faults/private_server.h"
#include "tests/faults/proxy.h"
#include "tests/faults/scenario.h"

namespace ballast::testing {
namespace {

const Scripts kServerHistory = {
    {"20240101000000_init", "CREATE TABLE \"A\" (\"id\" INTEGER, \"v\" TEXT);\n"}};
// About 5 MB, in more than one script.
const Scripts kHeavy = {
    {"20240102000000_rows",
     "INSERT INTO \"A\" SELECT g, repeat(md5(g::text), 10) FROM generate_series(1, 6000) g;\n"},
    {"20240103000000_more",
     "INSERT INTO \"A\" SELECT g, repeat(md5(g::text), 10) FROM generate_series(1, 6000) g;\n"
     "CREATE INDEX \"A_v\" ON \"A\"(\"v\");\n"}};
const Scripts kConcurrent = {
    {"20240104000000_concurrent", "CREATE INDEX CONCURRENTLY \"A_id\" ON \"A\"(\"id\");\n"},
    {"20240105000000_last", "CREATE TABLE \"Last\" (\"id\" INTEGER);\n"}};

const Scripts kViewed = {{"20240101000000_init",
                          "CREATE TABLE \"A\" (\"id\" INTEGER, \"v\" TEXT);\n"
                          "CREATE VIEW \"V\" AS SELECT \"id\" FROM \"A\";\n"}};
const Scripts kVacuum = {{"20240102000000_vacuum", "VACUUM \"A\";\n"}};

bool TestsAllPoints() {
  const char* overrides = std::getenv("BALLAST_FAULTS");
  return overrides != nullptr && std::string_view(overrides) == "all";
}

// A project and a server of its own; each trial works on a new database, empty or a copy of one
// that holds the beginning of the history.
class ServerFault : public ::testing::Test {
 protected:
  bool Make(const PrivateServerOptions& options) {
    server_ = PrivateServer::Make(options, &why_);
    return server_ != nullptr;
  }

  void NewDatabase() {
    server_->Run("DROP DATABASE IF EXISTS app WITH (FORCE)");
    server_->Run(fmt::format("CREATE DATABASE app TEMPLATE {} OWNER {}", start_, owner_));
    if (owner_ != "postgres") server_->Run("GRANT ALL ON SCHEMA public TO " + owner_, "app");
  }

  DatabaseContent Look() const {
    auto session = postgres::Session::Connect(server_->target("app"));
    if (!session) {
      ADD_FAILURE() << session.error().message;
      return {};
    }
    return ReadContent(*session);
  }

  int Deploy(const std::string& url, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"deploy", "--strategy", strategy_};
    words.insert(words.end(), more.begin(), more.end());
    Process deploy(project_->path(), words, url);
    const int status = deploy.Wait();
    output_ = deploy.Output();
    return status;
  }

  std::string AppUrl() const { return server_->Url("app", owner_); }

  // New databases are behind from here on: they lack `pending`.
  void BeginBehind(const Scripts& pending) {
    NewDatabase();
    ASSERT_EQ(Deploy(AppUrl()), 0) << output_;
    server_->Run("ALTER DATABASE app RENAME TO start");
    start_ = "start";
    AddScripts(project_->path(), pending);
  }

  // What an undisturbed run makes of the database.
  void LearnComplete() {
    NewDatabase();
    before_ = Look();
    ASSERT_EQ(Deploy(AppUrl()), 0) << output_;
    complete_ = Look();
  }

  // The promise after a fault: the exit status tells the truth, the next deploy continues.
  void CheckAndContinue(int status, const std::string& where) {
    const DatabaseContent now = Look();
    if (status == 0) {
      EXPECT_EQ(now, complete_) << where << output_;
    }
    if (status == 1 || status == 3) {
      EXPECT_TRUE(now == before_ || Has(output_, "were applied")) << where << output_ << now.rows;
    }
    EXPECT_TRUE(status == 0 || status == 1 || status == 3 || status == 4) << where << output_;
    if (now != before_ && now != complete_) {
      EXPECT_FALSE(atomic_) << where << output_ << now.rows;
    }
    FollowRemedy(now, where);
    EXPECT_EQ(Deploy(AppUrl()), 0) << where << output_;
    const DatabaseContent end = Look();
    EXPECT_EQ(end.catalog, complete_.catalog) << where;
    EXPECT_EQ(end.values, complete_.values) << where;
  }

  // An open row is resumed by the next deploy, or refused by name.
  void FollowRemedy(const DatabaseContent& now, const std::string& where) {
    const size_t end = now.rows.find("|open");
    if (end == std::string::npos) return;
    const size_t begin = now.rows.rfind('\n', end) + 1;
    const std::string name = now.rows.substr(begin, end - begin);
    if (Deploy(AppUrl()) == 0) return;
    EXPECT_TRUE(Has(output_, "P3009") && Has(output_, name)) << where << output_;
    server_->Run("DROP INDEX IF EXISTS \"A_id\"", "app");
    Process resolve(project_->path(), {"resolve", "--rolled-back", name}, AppUrl());
    EXPECT_EQ(resolve.Wait(), 0) << where << resolve.Output();
  }

  std::unique_ptr<PrivateServer> server_;
  std::unique_ptr<TemporaryFolder> project_;
  std::string start_ = "template0";
  std::string owner_ = "postgres";
  std::string strategy_ = "history";
  bool atomic_ = false;
  std::string why_;
  std::string output_;
  DatabaseContent before_;
  DatabaseContent complete_;
};

class DiskFull : public ServerFault, public ::testing::WithParamInterface<const char*> {};

TEST_P(DiskFull, LeavesADatabaseThatTheNextDeployCompletes) {
  if (!Make({.disk_megabytes = 96})) GTEST_SKIP() << why_;
  strategy_ = GetParam();
  atomic_ = strategy_ == "development";
  project_ = MakeProject(kServerHistory);
  AddScripts(project_->path(), kHeavy);
  if (atomic_) {
    ASSERT_EQ(RunIn(project_->path(), "ballast baseline create").status, 0);
  }
  LearnComplete();
  int failed = 0;
  int named = 0;
  for (const size_t kilobytes : {0, 64, 256, 1024, 2048, 4096, 8192}) {
    NewDatabase();
    server_->Run("CHECKPOINT");
    server_->FillDisk(kilobytes * 1024);
    const int status = Deploy(AppUrl());
    server_->FreeDisk();
    // A server that cannot write its log ends; then it starts again by itself or is started.
    server_->Stop(SIGQUIT);
    ASSERT_TRUE(server_->Start()) << kilobytes;
    if (status != 0) ++failed;
    if (Has(output_, "53100") || Has(output_, "No space left")) ++named;
    CheckAndContinue(status, fmt::format("{} KiB left\n", kilobytes));
    if (HasFailure()) break;
  }
  std::cout << fmt::format("disk full, {}: 7 points, {} failed, {} named the disk\n", strategy_,
                           failed, named);
  EXPECT_GE(failed, 2);
  EXPECT_GE(named, 1);
}
INSTANTIATE_TEST_SUITE_P(Strategies, DiskFull, ::testing::Values("history"));
INSTANTIATE_TEST_SUITE_P(Slow, DiskFull, ::testing::Values("development"));

class SlowServerRestarts : public ServerFault {
 protected:
  int Messages() {
    NewDatabase();
    Proxy proxy(server_->target("app"), {});
    EXPECT_EQ(Deploy(proxy.Url("app")), 0) << output_;
    return proxy.messages(Side::kToServer);
  }

  // The server ends with the thread that started it, so this one does, while the wire's waits.
  void Trial(int at, bool forward_first) {
    NewDatabase();
    std::promise<void> down;
    std::promise<void> up;
    Fault fault{Side::kToServer, at, forward_first, true, false, [&] {
                  down.set_value();
                  up.get_future().wait();
                }};
    Proxy proxy(server_->target("app"), fault);
    Process deploy(project_->path(), {"deploy", "--strategy", strategy_}, proxy.Url("app"));
    down.get_future().wait();
    server_->Stop(SIGQUIT);
    EXPECT_TRUE(server_->Start());
    up.set_value();
    const int status = deploy.Wait();
    output_ = deploy.Output();
    CheckAndContinue(status,
                     fmt::format("restart at message {}{}\n", at, forward_first ? "+" : ""));
  }
};

TEST_F(SlowServerRestarts, InTheMiddleOfADeploy) {
  if (!Make({})) GTEST_SKIP() << why_;
  project_ = MakeProject(kServerHistory);
  BeginBehind(kConcurrent);
  LearnComplete();
  const int messages = Messages();
  const int step = TestsAllPoints() ? 1 : 2;
  int points = 0;
  for (int at = 0; at < messages && !HasFailure(); at += step) {
    for (const bool forward_first : {false, true}) {
      Trial(at, forward_first);
      ++points;
    }
  }
  std::cout << fmt::format("restart: {} points of {} messages\n", points, messages);
}

class OutcomeUnknown : public ServerFault {
 protected:
  // Runs a deploy whose wire is cut before the answer to its transaction arrives, with `act` in
  // between.
  int CutBeforeTheAnswer(bool gone, std::function<void()> act) {
    NewDatabase();
    int answers = 0;
    {
      Proxy proxy(server_->target("app"), {});
      EXPECT_EQ(Deploy(proxy.Url("app")), 0) << output_;
      answers = proxy.messages(Side::kToClient);
    }
    NewDatabase();
    Fault fault{Side::kToClient, answers - 1, false, true, gone, std::move(act)};
    Proxy proxy(server_->target("app"), fault);
    return Deploy(proxy.Url("app"), {"--lock-timeout", "400ms"});
  }
};

TEST_F(OutcomeUnknown, IsDeterminedByANewConnection) {
  if (!Make({})) GTEST_SKIP() << why_;
  project_ = MakeProject(kServerHistory);
  EXPECT_EQ(CutBeforeTheAnswer(false, [] {}), 0) << output_;
  EXPECT_TRUE(Has(output_, "the connection broke after the commit")) << output_;
  EXPECT_TRUE(Has(Look().rows, "20240101000000_init|done"));
}

TEST_F(OutcomeUnknown, IsReportedWhenTheServerIsUnreachable) {
  if (!Make({})) GTEST_SKIP() << why_;
  project_ = MakeProject(kServerHistory);
  EXPECT_EQ(CutBeforeTheAnswer(true, [] {}), 4) << output_;
  EXPECT_TRUE(Has(output_, "B700") && Has(output_, "ballast status")) << output_;
}

// A script outside a transaction is the last one, so that a transaction only compares. Somebody
// changes the database when one of our messages is lost.
class ComparisonUnknown : public OutcomeUnknown {
 protected:
  void SetUp() override {
    if (!Make({})) GTEST_SKIP() << why_;
    project_ = MakeProject(kViewed);
    AddScripts(project_->path(), kVacuum);
    Process baseline(project_->path(), {"baseline", "create"}, server_->Url("postgres"));
    ASSERT_EQ(baseline.Wait(), 0) << baseline.Output();
    strategy_ = "development";
    NewDatabase();
    Process first(project_->path(), {"deploy", "--strategy", "history", "--to", kViewed[0].first},
                  AppUrl());
    ASSERT_EQ(first.Wait(), 0) << first.Output();
    server_->Run("ALTER DATABASE app RENAME TO start");
    start_ = "start";
  }

  // The exit status; nothing if there is no such message.
  std::optional<int> CutAt(Side side, int at, const std::string& drift) {
    NewDatabase();
    ended_ = false;
    Fault fault{side, at};
    fault.act = [&] {
      ended_ = Deployed() > 1;
      if (!drift.empty()) server_->Run(drift, "app");
    };
    Proxy proxy(server_->target("app"), fault);
    const int status = Deploy(proxy.Url("app"), {"--lock-timeout", "2s"});
    return proxy.fired() ? std::optional(status) : std::nullopt;
  }

  // Of an undisturbed deploy.
  int CountMessages(Side side) {
    NewDatabase();
    Proxy proxy(server_->target("app"), {});
    EXPECT_EQ(Deploy(proxy.Url("app")), 0) << output_;
    return proxy.messages(side);
  }

  int Deployed() const {
    return std::stoi(
        server_->Value("SELECT count(*) FROM ballast.journal WHERE event = 'deployed'", "app"));
  }

  bool ended_ = false;  // the deploy had ended before the fault
};

TEST_F(ComparisonUnknown, IsMadeAgain) {
  int differ = 0;
  int equal = 0;
  for (int at = 0; !HasFailure(); ++at) {
    const auto status = CutAt(Side::kToServer, at, "ALTER TABLE \"A\" ADD COLUMN \"drift\" int");
    if (!status) break;
    EXPECT_TRUE(ended_ || *status != 0) << at << output_;
    if (Has(output_, "B702")) {
      EXPECT_EQ(*status, 4) << output_;
      EXPECT_TRUE(Has(output_, "drift")) << output_;
      EXPECT_EQ(
          server_->Value("SELECT outcome FROM ballast.runs ORDER BY sequence DESC LIMIT 1", "app"),
          "partial");
      ++differ;
    }
    const auto without = CutAt(Side::kToServer, at, "");
    if (!without || *without != 0) continue;
    EXPECT_EQ(Deployed(), 2) << at << output_;
    equal += Has(output_, "a second connection has compared again") ? 1 : 0;
    EXPECT_FALSE(Has(output_, "the connection broke after the commit")) << at << output_;
  }
  EXPECT_GE(differ, 1);
  EXPECT_GE(equal, 1);
}

// Its view waits for the table that somebody else is changing.
TEST_F(ComparisonUnknown, IsMadeAgainAfterALockTimeout) {
  const int comparison = CountMessages(Side::kToServer) - 2;  // the last one ends the session
  NewDatabase();
  auto holder = postgres::Session::Connect(server_->target("app"));
  ASSERT_TRUE(holder);
  Fault fault{Side::kToServer, comparison};
  fault.cut = false;
  fault.act = [&] {
    EXPECT_TRUE(holder->Query("BEGIN; ALTER TABLE \"A\" ADD COLUMN \"drift\" int"));
  };
  Proxy proxy(server_->target("app"), fault);
  Process deploy(project_->path(), {"deploy", "--strategy", strategy_, "--lock-timeout", "200ms"},
                 proxy.Url("app"));
  EXPECT_TRUE(deploy.AwaitOutput("try 2 of 8")) << deploy.Output();
  ASSERT_TRUE(holder->Query("COMMIT"));
  EXPECT_EQ(deploy.Wait(), 4) << deploy.Output();
  EXPECT_TRUE(Has(deploy.Output(), "B702") && Has(deploy.Output(), "drift")) << deploy.Output();
  EXPECT_EQ(Deployed(), 1);
}

TEST_F(ComparisonUnknown, IsNotMadeAgainAfterItsCommit) {
  const int answers = CountMessages(Side::kToClient);
  int committed = 0;
  for (int at = answers - 4; at < answers; ++at) {
    const auto status = CutAt(Side::kToClient, at, "");
    if (!status || !ended_) continue;
    EXPECT_EQ(*status, 0) << output_;
    EXPECT_EQ(Deployed(), 2) << at << output_;
    committed += Has(output_, "the connection broke after the commit") ? 1 : 0;
  }
  EXPECT_GE(committed, 1);
}

// A repair without rows of its own, which finds out by looking for the change again.
TEST_F(OutcomeUnknown, OfARepairIsDeterminedByANewConnection) {
  if (!Make({})) GTEST_SKIP() << why_;
  project_ = MakeProject(kServerHistory);
  const auto repair = [&](const std::string& url) {
    Process process(project_->path(), {"repair", "--strategy", strategy_}, url);
    const int status = process.Wait();
    output_ = process.Output();
    return status;
  };
  const auto drift = [&] {
    NewDatabase();
    ASSERT_EQ(Deploy(AppUrl()), 0) << output_;
    server_->Run("ALTER TABLE \"A\" DROP COLUMN \"v\"", "app");
  };
  drift();
  int answers = 0;
  {
    Proxy proxy(server_->target("app"), {});
    EXPECT_EQ(repair(proxy.Url("app")), 0) << output_;
    answers = proxy.messages(Side::kToClient);
  }
  const DatabaseContent complete = Look();
  drift();
  Proxy proxy(server_->target("app"), {Side::kToClient, answers - 1, false, true, false});
  EXPECT_EQ(repair(proxy.Url("app")), 0) << output_;
  EXPECT_TRUE(Has(output_, "the connection broke after the commit")) << output_;
  EXPECT_EQ(Look(), complete);
}

class NoConnectionFree : public ServerFault {
 protected:
  void SetUp() override {
    owner_ = "app";
    if (!Make({.settings = "max_connections = 6\nsuperuser_reserved_connections = 3\n"
                           "max_wal_senders = 0\n"})) {
      GTEST_SKIP() << why_;
    }
    server_->Run("CREATE ROLE app LOGIN");
    project_ = MakeProject(kServerHistory);
    NewDatabase();
  }

  // The server may still be ending sessions of the test before.
  void TakeAll() {
    constexpr size_t kFree = 3;
    while (taken_.size() < kFree) {
      auto session = postgres::Session::Connect(server_->target("app", "app"));
      if (session) taken_.push_back(std::move(*session));
    }
  }

  std::vector<postgres::Session> taken_;
};

TEST_F(NoConnectionFree, IsWaitedForAndThenReported) {
  TakeAll();
  ASSERT_EQ(taken_.size(), 3U);
  EXPECT_EQ(Deploy(AppUrl(), {"--lock-timeout", "300ms"}), 3);
  EXPECT_TRUE(Has(output_, "P1001")) << output_;
  EXPECT_TRUE(Has(output_, "waited 300 ms") && Has(output_, "max_connections")) << output_;
}

TEST_F(NoConnectionFree, IsTakenWhenAvailable) {
  TakeAll();
  Process deploy(project_->path(), {"deploy", "--strategy", "history", "--lock-timeout", "60s"},
                 AppUrl());
  EXPECT_TRUE(deploy.AwaitOutput("waiting for the database")) << deploy.Output();
  taken_.clear();
  EXPECT_EQ(deploy.Wait(), 0) << deploy.Output();
  EXPECT_TRUE(Has(Look().rows, "20240101000000_init|done"));
}

TEST_F(NoConnectionFree, IsNoProblemForManyDeploys) {
  constexpr int kDeploys = 12;
  std::vector<std::unique_ptr<Process>> deploys;
  deploys.reserve(kDeploys);
  for (int i = 0; i < kDeploys; ++i) {
    deploys.push_back(std::make_unique<Process>(
        project_->path(),
        std::vector<std::string>{"deploy", "--strategy", "history", "--lock-timeout", "60s"},
        AppUrl()));
  }
  for (const auto& deploy : deploys) EXPECT_EQ(deploy->Wait(), 0) << deploy->Output();
  EXPECT_EQ(Look().rows, "20240101000000_init|done");
}

struct Revocation {
  const char* name;
  const char* take;
  const char* give_back;
};
constexpr Revocation kRevocations[] = {
    {"create in the schema", "REVOKE ALL ON SCHEMA public FROM app, public",
     "GRANT ALL ON SCHEMA public TO app"},
    {"create in the database", "REVOKE ALL ON DATABASE app FROM app, public",
     "GRANT ALL ON DATABASE app TO app, public"},
    {"the migrations table",
     "DO $$BEGIN IF to_regclass('public._prisma_migrations') IS NOT NULL THEN REVOKE ALL ON "
     "public._prisma_migrations FROM app; END IF; END$$",
     "DO $$BEGIN IF to_regclass('public._prisma_migrations') IS NOT NULL THEN GRANT ALL ON "
     "public._prisma_migrations TO app; END IF; END$$"},
    {"the journal",
     "DO $$BEGIN IF to_regnamespace('ballast') IS NOT NULL THEN REVOKE ALL ON SCHEMA ballast FROM "
     "app; END IF; END$$",
     "DO $$BEGIN IF to_regnamespace('ballast') IS NOT NULL THEN GRANT ALL ON SCHEMA ballast TO "
     "app; END IF; END$$"},
    {"read-write", "ALTER DATABASE app SET default_transaction_read_only = on",
     "SET transaction_read_only = off; ALTER DATABASE app RESET default_transaction_read_only"},
    {"login", "ALTER ROLE app NOLOGIN", "ALTER ROLE app LOGIN"},
};

class PrivilegesRevoked : public ServerFault {};

using SlowPrivilegesRevoked = PrivilegesRevoked;

TEST_F(SlowPrivilegesRevoked, InTheMiddleOfADeploy) {
  owner_ = "app";
  if (!Make({})) GTEST_SKIP() << why_;
  server_->Run("CREATE ROLE app LOGIN");
  project_ = MakeProject(kServerHistory);
  BeginBehind(kConcurrent);
  LearnComplete();
  int messages = 0;
  {
    NewDatabase();
    Proxy proxy(server_->target("app", "app"), {});
    ASSERT_EQ(Deploy(proxy.Url("app")), 0) << output_;
    messages = proxy.messages(Side::kToServer);
  }
  int points = 0;
  int refused = 0;
  int first = 0;
  for (const Revocation& revocation : kRevocations) {
    const int step = TestsAllPoints() ? 1 : 4;
    for (int at = first++ % step; at < messages && !HasFailure(); at += step) {
      NewDatabase();
      int status = 0;
      {
        Fault fault{Side::kToServer, at,    false,
                    false,           false, [&] { server_->Run(revocation.take, "app"); }};
        Proxy proxy(server_->target("app", "app"), fault);
        status = Deploy(proxy.Url("app"));
      }
      server_->Run(revocation.give_back, "app");
      ++points;
      if (status != 0) ++refused;
      CheckAndContinue(status, fmt::format("{} at {}\n", revocation.name, at));
    }
  }
  std::cout << fmt::format("privileges: {} points, {} ended the deploy\n", points, refused);
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace ballast::testing
