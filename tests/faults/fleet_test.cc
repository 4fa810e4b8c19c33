// SPDX-License-Identifier: Apache-2.0
// A fleet of databases on one server: a canary that fails first, programs that are killed or asked
// to end in the middle, servers that are full. Each target is untouched or complete, and the same
// command continues.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <random>
#include <thread>

#include "base/text.h"
#include "tests/faults/pooler.h"
#include "tests/faults/private_server.h"
#include "tests/faults/proxy.h"
#include "tests/faults/scenario.h"

namespace ballast::testing {
namespace {

// Databases t1 to tN, copies of one that has release v1; the project is at v2.
class FleetTest : public ::testing::Test {
 protected:
  void SetUp() override { BALLAST_NEEDS_SERVER(); }

  // `pause`: seconds that the upgrade sleeps.
  void MakeFleet(int size, const std::string& pause, const std::string& settings = "") {
    std::string why;
    server_ = PrivateServer::Make(
        {.settings = "fsync = off\nautovacuum = off\nmax_wal_size = '4GB'\n" + settings}, &why);
    ASSERT_TRUE(server_) << why;
    const Scripts first = {{"20240101000000_a",
                            "CREATE TABLE \"A\" (\"id\" SERIAL PRIMARY KEY, \"b\" TEXT UNIQUE);\n"
                            "CREATE TABLE \"B\" (\"id\" SERIAL PRIMARY KEY);\n"}};
    WriteBareProject(first, folder_.path() / "old");
    WriteBareProject(first, folder_.path() / "new");
    AddScripts(folder_.path() / "new",
               {{"20240102000000_b",
                 "ALTER TABLE \"A\" ADD COLUMN \"c\" INTEGER;\nSELECT pg_sleep(" + pause + ");\n"},
                {"20240103000000_c", "CREATE INDEX \"A_c\" ON \"A\" (\"c\");\n"}});
    Expect(0, RunIn(folder_.path() / "old", "ballast release create v1.0.0"));
    Expect(0, RunIn(folder_.path() / "new",
                    "ballast release create v2.0.0 --from-release ../old/.ballast"));
    server_->Run("CREATE ROLE tenant LOGIN");
    server_->Run("CREATE DATABASE base OWNER tenant");
    Expect(0, RunIn(folder_.path() / "old", "ballast deploy --strategy release",
                    {{"DATABASE_URL", server_->Url("base", "tenant")}}));
    for (int i = 1; i <= size; ++i) Reset(i);
    size_ = size;
    before_ = StateOf(1);
  }

  static void Expect(int status, const Ran& ran) {
    ASSERT_EQ(ran.status, status) << ran.out << ran.err;
  }

  void Reset(int i) const {
    server_->Run(fmt::format("DROP DATABASE IF EXISTS t{} WITH (FORCE)", i));
    server_->Run(fmt::format("CREATE DATABASE t{} TEMPLATE base OWNER tenant", i));
  }

  // Rows of the migrations table, columns and indexes.
  std::string StateOf(int i) const {
    return server_->Value(
        "SELECT (SELECT string_agg(migration_name || ' ' || checksum || ' ' || (finished_at IS NOT "
        "NULL), ', ' ORDER BY migration_name) FROM _prisma_migrations) || ' / ' ||\n"
        "(SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = "
        "'\"A\"'::regclass AND attnum > 0) || ' / ' || (SELECT count(*) FROM pg_indexes WHERE "
        "tablename = 'A')",
        fmt::format("t{}", i));
  }

  std::vector<std::string> States() const {
    std::vector<std::string> states;
    for (int i = 1; i <= size_; ++i) states.push_back(StateOf(i));
    return states;
  }

  std::vector<std::string> Words(const char* command, const std::vector<std::string>& more) const {
    std::vector<std::string> words = {
        "fleet",
        command,
        "--strategy",
        "release",
        "--targets-query",
        fmt::format("SELECT 't' || n AS database FROM generate_series(1, {}) n", size_)};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  std::unique_ptr<Process> Start(const std::vector<std::string>& more,
                                 const char* command = "deploy") const {
    return std::make_unique<Process>(folder_.path() / "new", Words(command, more),
                                     server_->Url("base", "tenant"));
  }

  void AwaitNobody() const {
    for (int tries = 0; tries < 600; ++tries) {
      if (server_->Value("SELECT count(*) FROM pg_stat_activity WHERE datname ~ '^t[0-9]+$'") ==
          "0") {
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << "sessions remain";
  }

  // Ends the program with the signal after that time; each target is untouched or complete, and
  // the command continues.
  void TryToKill(int signal, std::chrono::milliseconds after) {
    for (int i = 1; i <= size_; ++i) Reset(i);
    auto deploy = Start({"--parallel", "4", "--output", "json"});
    std::this_thread::sleep_for(after);
    kill(deploy->pid(), signal);
    const int status = deploy->Wait();
    const std::string output = deploy->Output();
    AwaitNobody();
    size_t complete = 0;
    for (const std::string& state : States()) {
      EXPECT_TRUE(state == before_ || state == complete_) << state << "\n" << output;
      complete += state == complete_ ? 1 : 0;
    }
    if (signal == SIGTERM && status != 0) {
      EXPECT_EQ(status, 143) << output;
      if (Has(output, "\"counts\"")) {
        EXPECT_TRUE(Has(output, fmt::format("\"applied\": {},\n    \"nothing\"", complete)))
            << complete << "\n"
            << output;
      }
    }
    auto again = Start({"--parallel", "4", "--output", "json"});
    EXPECT_EQ(again->Wait(), 0) << again->Output();
    EXPECT_TRUE(Has(again->Output(), fmt::format("\"nothing\": {}", complete))) << again->Output();
    for (const std::string& state : States()) EXPECT_EQ(state, complete_);
    std::cout << fmt::format("signal {} after {} ms: {} of {} were complete\n", signal,
                             after.count(), complete, size_);
  }

  void LearnComplete() {
    auto deploy = Start({});
    ASSERT_EQ(deploy->Wait(), 0) << deploy->Output();
    complete_ = StateOf(1);
    ASSERT_NE(complete_, before_);
  }

  TemporaryFolder folder_{"fleet"};
  std::unique_ptr<PrivateServer> server_;
  int size_ = 0;
  std::string before_;
  std::string complete_;
};

TEST_F(FleetTest, KilledAnywhereEachTargetIsUntouchedOrComplete) {
  MakeFleet(8, "0.05");
  LearnComplete();
  TryToKill(SIGKILL, std::chrono::milliseconds(150));
  TryToKill(SIGTERM, std::chrono::milliseconds(250));
}

using SlowFleetTest = FleetTest;

TEST_F(SlowFleetTest, ManyTrialsOfKilling) {
  MakeFleet(16, "0.03");
  LearnComplete();
  std::minstd_rand random(20260101);
  for (int trial = 0; trial < 40; ++trial) {
    TryToKill(trial % 2 == 0 ? SIGKILL : SIGTERM, std::chrono::milliseconds(20 + random() % 500));
  }
}

// A role with fewer connections than threads: they wait for one another.
TEST_F(FleetTest, WaitsForConnections) {
  MakeFleet(8, "0.05");
  server_->Run("ALTER ROLE tenant CONNECTION LIMIT 2");
  auto deploy = Start({"--parallel", "8"});
  EXPECT_EQ(deploy->Wait(), 0) << deploy->Output();
  EXPECT_TRUE(Has(deploy->Output(), "8 targets: 8 deployed")) << deploy->Output();
}

// A pooler in session mode lets a client without a connection wait, and does not answer its login.
TEST_F(FleetTest, WaitsForTheConnectionsOfAPooler) {
  if (!std::filesystem::exists(Pooler::kProgram)) {
    GTEST_SKIP() << "NO POOLER: install the package pgbouncer (tools/setup does)";
  }
  MakeFleet(8, "1");
  const Pooler pooler(*server_, "session", "max_user_connections = 2");
  auto deploy = Start({"--parallel", "8", "--connect-timeout", "1s", "--control-url",
                       server_->Url("base", "tenant"), "--url-template", pooler.Url("{database}")});
  EXPECT_EQ(deploy->Wait(), 0) << deploy->Output();
  EXPECT_TRUE(Has(deploy->Output(), "8 targets: 8 deployed")) << deploy->Output();
}

// New tenants: their databases are created through another database of the server.
TEST_F(SlowFleetTest, WaitsForConnectionsToCreateDatabases) {
  MakeFleet(8, "0.05");
  for (int i = 1; i <= size_; ++i) server_->Run(fmt::format("DROP DATABASE t{} WITH (FORCE)", i));
  server_->Run("ALTER ROLE tenant CREATEDB CONNECTION LIMIT 2");
  auto status = Start({"--parallel", "8"}, "status");
  EXPECT_EQ(status->Wait(), 1) << status->Output();
  EXPECT_FALSE(Has(status->Output(), "could not be observed")) << status->Output();
  auto deploy = Start({"--parallel", "8"});
  EXPECT_EQ(deploy->Wait(), 0) << deploy->Output();
  EXPECT_TRUE(Has(deploy->Output(), "8 targets: 8 deployed")) << deploy->Output();
}

// The connection breaks before the answer to the transaction: the target was changed.
TEST_F(FleetTest, ATargetWhoseAnswerIsLostIsDeployed) {
  MakeFleet(1, "0");
  const auto deploy = [&](const Proxy& proxy) {
    auto process = Start({"--output", "json", "--control-url", server_->Url("base", "tenant"),
                          "--url-template", proxy.Url("{database}")});
    EXPECT_EQ(process->Wait(), 0) << process->Output();
    return process->Output();
  };
  int answers = 0;
  {
    const Proxy proxy(server_->target("t1", "tenant"), {});
    EXPECT_TRUE(Has(deploy(proxy), "\"outcome\": \"applied\""));
    answers = proxy.messages(Side::kToClient);
  }
  complete_ = StateOf(1);
  Reset(1);
  const Proxy proxy(server_->target("t1", "tenant"),
                    {Side::kToClient, answers - 1, false, true, false});
  const std::string output = deploy(proxy);
  EXPECT_TRUE(proxy.fired());
  EXPECT_EQ(StateOf(1), complete_);
  EXPECT_TRUE(Has(output, "\"found\": \"current\"")) << output;  // by the second connection
  EXPECT_TRUE(Has(output, "\"outcome\": \"applied\"")) << output;
}

// A thousand tenants: a canary that fails keeps the others as they are; then all of them move.
TEST_F(SlowFleetTest, AThousandDatabases) {
  MakeFleet(1000, "0", "max_connections = 40\n");
  server_->Run("ALTER TABLE \"A\" DROP COLUMN \"b\"", "t2");
  const std::vector<std::string> states = States();
  auto refused = Start({"--canary", "t2", "--waves", "10,100,rest"});
  EXPECT_EQ(refused->Wait(), 1) << refused->Output();
  EXPECT_TRUE(Has(refused->Output(), "999 were not started")) << refused->Output();
  EXPECT_EQ(server_->Value("SELECT count(*) FROM pg_database WHERE datname ~ '^t[0-9]+$'"), "1000");
  EXPECT_EQ(std::count(states.begin(), states.end(), before_), 999);
  EXPECT_EQ(States(), states);
  Reset(2);
  auto deploy = Start({"--canary", "3", "--waves", "10,100,rest", "--output", "json"});
  EXPECT_EQ(deploy->Wait(), 0) << deploy->Output().substr(0, 4000);
  EXPECT_TRUE(Has(deploy->Output(), "\"applied\": 1000,\n    \"nothing\": 0"));
  complete_ = StateOf(1);
  for (const std::string& state : States()) ASSERT_EQ(state, complete_);
  auto again = Start({"--output", "json"});
  EXPECT_EQ(again->Wait(), 0);
  EXPECT_TRUE(Has(again->Output(), "\"nothing\": 1000"));
}

}  // namespace
}  // namespace ballast::testing
