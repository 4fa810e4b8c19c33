// SPDX-License-Identifier: Apache-2.0
// Many deploys at once on one database, ballast's and real Prisma's: exactly one applies, the
// others wait and find nothing to do, or give up and say who holds the lock.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <future>
#include <memory>

#include "base/progress.h"
#include "postgres/observe.h"
#include "tests/faults/proxy.h"
#include "tests/faults/scenario.h"

namespace ballast::testing {
namespace {

std::vector<int> Sizes(std::vector<int> few, const std::vector<int>& more) {
  const char* overrides = std::getenv("BALLAST_FAULTS");
  if (overrides != nullptr && std::string_view(overrides) == "all") {
    few.insert(few.end(), more.begin(), more.end());
  }
  return few;
}

using Deploys = std::vector<std::unique_ptr<Process>>;

Deploys Start(const Scenario& scenario, const std::string& url, int size,
              const std::string& timeout) {
  std::vector<std::string> arguments = scenario.Deploy();
  arguments.insert(arguments.end(), {"--lock-timeout", timeout, "--output", "json"});
  Deploys deploys;
  for (int i = 0; i < size; ++i) {
    deploys.push_back(std::make_unique<Process>(scenario.folder->path(), arguments, url));
  }
  return deploys;
}

// All must end well; gives how many applied.
int Applied(const Deploys& deploys, const std::string& where) {
  int applied = 0;
  for (const auto& deploy : deploys) {
    EXPECT_EQ(deploy->Wait(), 0) << where << deploy->Output();
    if (Has(deploy->Output(), "\"decision\": \"apply\"")) ++applied;
  }
  return applied;
}

void ExpectComplete(const Scenario& scenario, const scratch::ScratchDatabase& database) {
  postgres::Session session = std::move(*database.Connect());
  EXPECT_EQ(ReadContent(session).rows, scenario.complete.rows) << scenario.name;
  EXPECT_EQ(ReadContent(session), scenario.complete) << scenario.name;
}

class ConcurrentDeploysTest : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override { BALLAST_NEEDS_SERVER(); }
};

TEST_P(ConcurrentDeploysTest, OneAppliesAndTheOthersFindNothingToDo) {
  for (const Scenario& scenario : Scenarios()) {
    const scratch::ScratchDatabase database = scenario.NewDatabase();
    EXPECT_EQ(Applied(Start(scenario, database.Url(), GetParam(), "120s"), scenario.name), 1);
    ExpectComplete(scenario, database);
    // And once more, on the database that is current now.
    EXPECT_EQ(Applied(Start(scenario, database.Url(), GetParam(), "120s"), scenario.name), 0);
    ExpectComplete(scenario, database);
  }
}

// A role that sees one snapshot in each transaction must not see the time before the other deploy.
TEST_P(ConcurrentDeploysTest, WhateverTheDefaultIsolation) {
  for (const Scenario& scenario : Scenarios()) {
    const scratch::ScratchDatabase database = scenario.NewDatabase();
    ASSERT_TRUE(Admin().Query("ALTER DATABASE \"" + database.name() +
                              "\" SET default_transaction_isolation = 'serializable'"));
    EXPECT_EQ(Applied(Start(scenario, database.Url(), GetParam(), "120s"), scenario.name), 1);
    postgres::Session session = std::move(*database.Connect());
    EXPECT_EQ(ReadContent(session).rows, scenario.complete.rows) << scenario.name;
  }
}

// Gives the lock back when it hears that somebody waits for it.
class Giving : public SilentProgress {
 public:
  explicit Giving(postgres::Session& holder) : holder_(holder) {}
  void Notice(std::string_view) override { holder_.Run("SELECT pg_advisory_unlock_all()"); }

 private:
  postgres::Session& holder_;
};

// The same by the isolation that the look itself has: a table of migrations that is a view tells
// it.
TEST(Looks, TakeTheirOwnSnapshots) {
  BALLAST_NEEDS_SERVER();
  TestDatabase database;
  database.Run(
      "CREATE VIEW _prisma_migrations AS SELECT current_setting('transaction_isolation') AS "
      "migration_name, 'c' AS checksum, now() AS finished_at, NULL::timestamptz AS rolled_back_at, "
      "1 AS applied_steps_count, now() AS started_at, NULL::text AS logs");
  postgres::Session holder = database.Connect();
  Giving giving(holder);
  postgres::ObserveOptions looking;
  looking.lock_wait = std::chrono::minutes(2);
  for (const char* isolation : {"repeatable read", "serializable"}) {
    for (const char* before : {"SELECT 1", "SELECT pg_advisory_lock(72707369)"}) {
      postgres::Session session = database.Connect();
      ASSERT_TRUE(
          session.Query(fmt::format("SET default_transaction_isolation = '{}'", isolation)));
      ASSERT_TRUE(holder.Query(before));
      const auto seen = postgres::Observe(session, looking, giving);
      ASSERT_TRUE(seen) << seen.error().message;
      ASSERT_EQ(seen->rows.size(), 1U);
      EXPECT_EQ(seen->rows[0].name, "read committed") << isolation << before;
    }
  }
}

TEST_P(ConcurrentDeploysTest, TimesOutAndNamesTheHolder) {
  const Scenario& scenario = Scenarios().front();
  const scratch::ScratchDatabase database = scenario.NewDatabase();
  postgres::Session holder = std::move(
      *postgres::Session::Connect(database.target(), {.application_name = "other deploy"}));
  ASSERT_TRUE(holder.Query("SELECT pg_advisory_lock(72707369)"));
  const Deploys deploys = Start(scenario, database.Url(), GetParam(), "300ms");
  const std::string since =
      holder
          .QueryValue(
              "SELECT to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') "
              "FROM pg_stat_activity WHERE pid = pg_backend_pid()")
          ->value_or("?");
  for (const auto& deploy : deploys) {
    EXPECT_EQ(deploy->Wait(), 3) << deploy->Output();
    EXPECT_TRUE(Has(deploy->Output(), "P1002")) << deploy->Output();
    EXPECT_TRUE(
        Has(deploy->Output(), fmt::format("held by pid {} (other deploy, role postgres) since {}",
                                          holder.backend_pid(), since)))
        << deploy->Output();
  }
  EXPECT_EQ(ReadContent(holder), scenario.before);
}

INSTANTIATE_TEST_SUITE_P(Sizes, ConcurrentDeploysTest, ::testing::Values(2));
INSTANTIATE_TEST_SUITE_P(Slow, ConcurrentDeploysTest, ::testing::ValuesIn(Sizes({8}, {32, 64})));

// A replica that starts while another deploys, at each message of the other's.
TEST(Replicas, WaitForTheOneThatDeploysAndFindNothingToDo) {
  BALLAST_NEEDS_SERVER();
  for (const Scenario& scenario : Scenarios()) {
    const scratch::ScratchDatabase database = scenario.NewDatabase();
    std::unique_ptr<Process> second;
    std::vector<std::string> words = scenario.Deploy();
    words.insert(words.end(), {"--lock-timeout", "60s"});
    // Message 0 opens the connection, 1 takes the lock and looks, 2 begins to act.
    Fault fault{Side::kToServer, 2, false, false, false, [&] {
                  second =
                      std::make_unique<Process>(scenario.folder->path(), words, database.Url());
                  EXPECT_TRUE(second->AwaitOutput("waiting for the deployment lock, held by pid"));
                }};
    {
      const Proxy proxy(database.target(), fault);
      Process first(scenario.folder->path(), words, proxy.Url(database.name()));
      EXPECT_EQ(first.Wait(), 0) << scenario.name << first.Output();
    }
    ASSERT_NE(second, nullptr) << scenario.name;
    EXPECT_EQ(second->Wait(), 0) << scenario.name << second->Output();
    ExpectComplete(scenario, database);
  }
}

// Deploys of both on one database.
struct Mixture {
  const Scenario& scenario;
  bool current = false;  // the database is deployed already
  int ballast = 1;
  int prisma = 1;
  scratch::ScratchDatabase database = scenario.NewDatabase();

  std::string Name() const { return scenario.name + (current ? ", current" : ""); }
};

using Prismas = std::vector<std::future<std::optional<Ran>>>;

Prismas StartPrismas(const Mixture& mixture) {
  const std::filesystem::path folder = mixture.scenario.folder->path() / "prisma";
  Prismas prismas;
  for (int i = 0; i < mixture.prisma; ++i) {
    prismas.push_back(std::async(std::launch::async, RunPrisma, "migrate deploy",
                                 mixture.database.Url(), folder / "schema.prisma",
                                 folder / "migrations"));
  }
  return prismas;
}

// Prisma waits 10 seconds for the lock and then says P1002; it says P1001 or 53300's words where
// no connection is free. Anything else is an error. Gives how many applied.
int Applied(Prismas prismas, const std::string& where) {
  int applied = 0;
  for (auto& prisma : prismas) {
    const std::optional<Ran> ran = prisma.get();
    if (Has(ran->out, "successfully applied")) ++applied;
    EXPECT_TRUE(ran->status == 0 || Has(ran->err, "advisory lock") ||
                Has(ran->err, "too many clients") || Has(ran->err, "P1001"))
        << where << ran->out << ran->err;
  }
  return applied;
}

// Prisma takes seconds to start; ballast comes when the first of them is there.
void AwaitFirst(const Prismas& prismas, const scratch::ScratchDatabase& database) {
  postgres::Session look = std::move(*database.Connect());
  while (prismas[0].wait_for(std::chrono::milliseconds(1)) != std::future_status::ready &&
         look.QueryValue("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                         "current_database()")
                 ->value_or("0") == "1") {
  }
}

void RunMixture(const Mixture& mixture) {
  if (mixture.current) {
    EXPECT_EQ(Applied(Start(mixture.scenario, mixture.database.Url(), 1, "60s"), mixture.Name()),
              1);
  }
  Prismas prismas = StartPrismas(mixture);
  AwaitFirst(prismas, mixture.database);
  const Deploys deploys = Start(mixture.scenario, mixture.database.Url(), mixture.ballast, "120s");
  const int applied =
      Applied(deploys, mixture.Name()) + Applied(std::move(prismas), mixture.Name());
  EXPECT_EQ(applied, mixture.current ? 0 : 1) << mixture.Name();
}

// Until somebody waits for an advisory lock; false: Prisma ended and nobody did.
bool AwaitWaiting(const Prismas& prismas, const scratch::ScratchDatabase& database) {
  postgres::Session look = std::move(*database.Connect());
  while (
      look.QueryValue("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
                      "AND database = (SELECT oid FROM pg_database WHERE datname = "
                      "current_database())")
          ->value_or("0") == "0") {
    if (prismas[0].wait_for(std::chrono::milliseconds(1)) == std::future_status::ready)
      return false;
  }
  return true;
}

class MixedLocks : public ::testing::Test {
 protected:
  void SetUp() override { BALLAST_NEEDS_PRISMA(); }
};

class MixedDeploys : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override { BALLAST_NEEDS_PRISMA(); }
};

// Fresh, behind and current, at the same time: Prisma sleeps most of its 12 seconds.
TEST_P(MixedDeploys, OneAppliesAndTheOthersFindNothingToDo) {
  const int half = GetParam() / 2;
  std::vector<Mixture> mixtures;
  for (const Scenario& scenario : Scenarios()) {
    if (scenario.name == "history") mixtures.push_back({scenario, false, half, half});
    if (scenario.name == "pending") mixtures.push_back({scenario, false, half, half});
    if (scenario.name == "pending") mixtures.push_back({scenario, true, half, half});
    // Two waiting Prismas and a concurrent build of a third are Prisma's own deadlock.
    if (scenario.name == "concurrent") mixtures.push_back({scenario, false, GetParam() - 1, 1});
  }
  const bool together = GetParam() <= 4;
  std::vector<std::future<void>> runs;
  for (const Mixture& mixture : mixtures) {
    runs.push_back(std::async(std::launch::async, RunMixture, std::cref(mixture)));
    if (!together) runs.back().wait();
  }
  for (size_t i = 0; i < runs.size(); ++i) {
    runs[i].get();
    ExpectComplete(mixtures[i].scenario, mixtures[i].database);
  }
}

// Ballast is held in the middle of its deploy until Prisma is seen to wait for it.
TEST_F(MixedLocks, PrismaWaitsForBallast) {
  for (const Scenario& scenario : Scenarios()) {
    // With the second, Prisma gives up, and the session that it leaves behind still waits.
    if (scenario.name != "pending" && scenario.name != "concurrent") continue;
    const Mixture mixture{scenario, false, 1, 1};
    Prismas prismas;
    Fault fault{Side::kToServer, 2, false, false, false, [&] {
                  prismas = StartPrismas(mixture);
                  EXPECT_TRUE(AwaitWaiting(prismas, mixture.database));
                }};
    {
      const Proxy proxy(mixture.database.target(), fault);
      Process deploy(scenario.folder->path(), scenario.Deploy(),
                     proxy.Url(mixture.database.name()));
      EXPECT_EQ(deploy.Wait(), 0) << deploy.Output();
    }
    EXPECT_EQ(Applied(std::move(prismas), scenario.name), 0);
    ExpectComplete(scenario, mixture.database);
  }
}

INSTANTIATE_TEST_SUITE_P(Slow, MixedDeploys, ::testing::ValuesIn(Sizes({4}, {8, 32, 64})));

}  // namespace
}  // namespace ballast::testing
