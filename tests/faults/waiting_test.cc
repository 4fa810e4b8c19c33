// SPDX-License-Identifier: Apache-2.0
// Waiting: for tables, for servers that do not answer and for those that are not there yet.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "base/check.h"
#include "postgres/session.h"
#include "postgres/url.h"
#include "tests/faults/private_server.h"
#include "tests/faults/scenario.h"

namespace ballast::testing {
namespace {

const Scripts kWaitingHistory = {{"20240101000000_init", "CREATE TABLE \"A\" (\"id\" INTEGER);\n"}};
const Scripts kAlter = {
    {"20240102000000_limit",
     "CREATE TABLE \"L\" AS SELECT current_setting('lock_timeout') AS \"limit\";\n"},
    {"20240103000000_alter", "ALTER TABLE \"A\" ADD COLUMN \"b\" INTEGER;\n"}};
const Scripts kBuild = {
    {"20240102000000_build", "CREATE INDEX CONCURRENTLY \"A_id\" ON \"A\"(\"id\");\n"},
    {"20240103000000_limit",
     "CREATE TABLE \"L\" AS SELECT current_setting('lock_timeout') AS \"limit\";\n"}};

// A database that has kWaitingHistory and lacks what the test adds.
class Waiting : public ::testing::Test {
 protected:
  void SetUp() override {
    BALLAST_NEEDS_SERVER();
    database_.emplace();
    project_ = MakeProject(kWaitingHistory);
    Process first(project_->path(), {"deploy", "--strategy", "history"}, database_->Url());
    ASSERT_EQ(first.Wait(), 0) << first.Output();
  }

  std::unique_ptr<Process> Deploy(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"deploy", "--strategy", "history"};
    words.insert(words.end(), more.begin(), more.end());
    return std::make_unique<Process>(project_->path(), words, database_->Url());
  }

  std::optional<TestDatabase> database_;
  std::unique_ptr<TemporaryFolder> project_;
};

TEST_F(Waiting, ForATableTimesOutAndChangesNothing) {
  AddScripts(project_->path(), {kAlter[1]});
  postgres::Session reader = database_->Connect();
  ASSERT_TRUE(reader.Query("BEGIN; SELECT * FROM \"A\""));
  const auto deploy = Deploy({"--lock-timeout", "20ms"});
  EXPECT_EQ(deploy->Wait(), 3) << deploy->Output();
  EXPECT_TRUE(Has(deploy->Output(), "B606")) << deploy->Output();
  EXPECT_TRUE(Has(deploy->Output(), "(8 tries)")) << deploy->Output();
  EXPECT_EQ(database_->Value("SELECT count(*) FROM _prisma_migrations"), "1");
}

TEST_F(Waiting, ForATableContinuesWhenItIsFree) {
  AddScripts(project_->path(), {kAlter[1]});
  postgres::Session reader = database_->Connect();
  ASSERT_TRUE(reader.Query("BEGIN; SELECT * FROM \"A\""));
  const auto deploy = Deploy({"--lock-timeout", "200ms"});
  EXPECT_TRUE(deploy->AwaitOutput("try 2 of 8")) << deploy->Output();
  ASSERT_TRUE(reader.Query("COMMIT"));
  EXPECT_EQ(deploy->Wait(), 0) << deploy->Output();
  EXPECT_EQ(database_->Value("SELECT count(*) FROM _prisma_migrations"), "2");
}

// What was committed before the table that is not free must not be called nothing.
TEST_F(Waiting, ForATableAfterAnotherScriptStopsMidway) {
  AddScripts(project_->path(), kAlter);
  postgres::Session reader = database_->Connect();
  ASSERT_TRUE(reader.Query("BEGIN; SELECT * FROM \"A\""));
  const auto deploy = Deploy({"--lock-timeout", "20ms"});
  EXPECT_EQ(deploy->Wait(), 4) << deploy->Output();
  EXPECT_EQ(database_->Value("SELECT count(*) FROM _prisma_migrations"), "2");
}

TEST_F(Waiting, ForATableHasADefaultLimit) {
  AddScripts(project_->path(), {kAlter[0]});
  const auto deploy = Deploy();
  EXPECT_EQ(deploy->Wait(), 0) << deploy->Output();
  EXPECT_EQ(database_->Value("SELECT \"limit\" FROM \"L\""), "3s");
}

// It has to outwait older transactions, and holds up nobody meanwhile; the limit comes back.
TEST_F(Waiting, OfAConcurrentBuildHasNoLimit) {
  AddScripts(project_->path(), kBuild);
  postgres::Session older = database_->Connect();
  ASSERT_TRUE(older.Query("BEGIN; SELECT * FROM \"A\"; LOCK \"A\" IN ROW EXCLUSIVE MODE"));
  const auto deploy = Deploy({"--lock-timeout", "50ms"});
  while (database_->Value("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX "
                          "CONC%' AND wait_event_type = 'Lock' AND datname = current_database() "
                          "AND clock_timestamp() - query_start > '200ms'") != "1") {
    ASSERT_FALSE(Has(deploy->Output(), "Error")) << deploy->Output();
  }
  ASSERT_TRUE(older.Query("COMMIT"));
  EXPECT_EQ(deploy->Wait(), 0) << deploy->Output();
  EXPECT_EQ(database_->Value("SELECT \"limit\" FROM \"L\""), "50ms");
}

// A server that lets everybody in and says nothing.
class SilentServer {
 public:
  SilentServer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    BALLAST_CHECK(bind(listener_, name, size) == 0);
    BALLAST_CHECK(listen(listener_, 4) == 0);
    BALLAST_CHECK(getsockname(listener_, name, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() { close(listener_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  std::string Url() const { return fmt::format("postgresql://u@127.0.0.1:{}/d", port_); }

 private:
  int listener_;
  int port_ = 0;
};

TEST_F(Waiting, ForTheServersAnswerHasALimit) {
  const SilentServer silent;
  Process deploy(project_->path(), {"deploy", "--connect-timeout", "1s"}, silent.Url());
  EXPECT_EQ(deploy.Wait(), 3) << deploy.Output();
  EXPECT_TRUE(Has(deploy.Output(), "P1002")) << deploy.Output();
}

// Reading a large project may take longer than the limit; that is no fault of the server's.
TEST_F(Waiting, ForTheServersAnswerStartsWhenItIsNeeded) {
  const SilentServer silent;
  const auto target = postgres::ParseUrl(silent.Url());
  ASSERT_TRUE(target) << target.error().message;
  postgres::Connecting connecting;
  connecting.Begin([&target] { return target; }, {.connect_timeout = std::chrono::milliseconds(1)});
  database_->Value("SELECT pg_sleep(0.02)");
  EXPECT_FALSE(connecting.Finish().has_value());
}

TEST(WaitingForDatabase, ThatIsStartedAndCreatedLater) {
  std::string why;
  const auto server = PrivateServer::Make({}, &why);
  if (!server) GTEST_SKIP() << why;
  server->Stop(SIGQUIT);
  const auto project = MakeProject(kWaitingHistory);
  const std::string url = server->Url("later");

  Process impatient(project->path(), {"deploy", "--wait-for-database", "150ms"}, url);
  EXPECT_EQ(impatient.Wait(), 3);
  EXPECT_TRUE(Has(impatient.Output(), "P1001")) << impatient.Output();
  EXPECT_TRUE(Has(impatient.Output(), "waited 150 ms")) << impatient.Output();

  Process deploy(project->path(), {"deploy", "--wait-for-database", "5min"}, url);
  EXPECT_TRUE(deploy.AwaitOutput("waiting for the database")) << deploy.Output();
  ASSERT_TRUE(server->Start());
  EXPECT_EQ(deploy.Wait(), 0) << deploy.Output();
  EXPECT_EQ(server->Value("SELECT count(*) FROM _prisma_migrations", "later"), "1");
}

}  // namespace
}  // namespace ballast::testing
