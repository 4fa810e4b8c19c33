// SPDX-License-Identifier: Apache-2.0
#include "serve/state_registry.h"

#include <gtest/gtest.h>

#include <thread>

namespace ballast::serve {
namespace {

Settings TwoDatabases() {
  Settings settings;
  for (const char* name : {"a", "b"}) {
    TargetSpec spec;
    spec.name = name;
    settings.targets.push_back(spec);
  }
  return settings;
}

DatabaseState StateOf(const std::string& name, std::optional<plan::Found> found) {
  DatabaseState state;
  state.name = name;
  state.found = found;
  state.looked_at = Clock::now();
  return state;
}

TEST(BoardTest, KnowsNothingAtFirst) {
  const Settings settings = TwoDatabases();
  const StateRegistry registry(settings);
  const StateView view = registry.View();
  ASSERT_EQ(view.databases.size(), 2u);
  EXPECT_FALSE(view.ReadyAt(0));
  EXPECT_EQ(view.Reasons(),
            (std::vector<std::string>{"a: not observed yet", "b: not observed yet"}));
}

TEST(BoardTest, NotifiesOfVisibleChanges) {
  const Settings settings = TwoDatabases();
  StateRegistry registry(settings);
  EXPECT_TRUE(registry.Put(0, StateOf("a", plan::Found::kCurrent)));
  const uint64_t version = registry.version();
  EXPECT_FALSE(registry.Put(0, StateOf("a", plan::Found::kCurrent)));
  EXPECT_EQ(registry.version(), version);
  DatabaseState drifted = StateOf("a", plan::Found::kCurrent);
  drifted.drift = drifted.differences = {"index i is missing"};
  EXPECT_TRUE(registry.Put(0, drifted));
  EXPECT_GT(registry.version(), version);
  EXPECT_EQ(registry.View().Reasons().front(), "a: 1 object is not as proven");
}

TEST(BoardTest, IsReadyWhenAllIsCurrentAndPackagesAreIntact) {
  const Settings settings = TwoDatabases();
  StateRegistry registry(settings);
  registry.Put(0, StateOf("a", plan::Found::kCurrent));
  registry.Put(1, StateOf("b", plan::Found::kAhead));
  EXPECT_TRUE(registry.View().Reasons().empty());
  PackageState package;
  package.present = true;
  package.error = MakeError(ErrorCode::kPackageEdited, "a file was changed");
  registry.Put(package);
  EXPECT_EQ(registry.View().Reasons(), (std::vector<std::string>{"package: a file was changed"}));
}

TEST(BoardTest, ReportsWhatADatabaseWaitsFor) {
  struct Case {
    plan::Found found;
    size_t pending;
    const char* reason;
  };
  for (const Case& c : {Case{plan::Found::kBehind, 1, "1 migration is not applied"},
                        Case{plan::Found::kBehind, 3, "3 migrations are not applied"},
                        Case{plan::Found::kNotManaged, 0,
                             "the database is not managed: its migrations table has no rows"},
                        Case{plan::Found::kOtherStrategy, 0,
                             "the migrations table has the rows of the other strategy; a deploy "
                             "converts them"}}) {
    DatabaseState state = StateOf("a", c.found);
    state.pending.resize(c.pending);
    EXPECT_EQ(state.Reasons(), (std::vector<std::string>{c.reason}));
  }
}

TEST(BoardTest, SharesEqualCatalogs) {
  const Settings settings = TwoDatabases();
  StateRegistry registry(settings);
  for (const size_t index : {0, 1}) {
    DatabaseState state = StateOf("x", plan::Found::kCurrent);
    state.catalog = std::make_shared<const std::string>("{\"tables\": []}");
    registry.Put(index, state);
  }
  const StateView view = registry.View();
  EXPECT_EQ(view.databases[0]->catalog, view.databases[1]->catalog);
  // It stays known of a database that does not answer.
  DatabaseState gone = StateOf("x", std::nullopt);
  gone.error = MakeError(ErrorCode::kCannotReach, "no answer");
  registry.Put(0, gone);
  EXPECT_NE(registry.View().databases[0]->catalog, nullptr);
}

DatabaseState WithObstacle(Obstacle obstacle) {
  DatabaseState state = StateOf("a", std::nullopt);
  // The clock of the machine may be set.
  state.looked_at = Clock::now() - std::chrono::hours(1);
  state.obstacle = obstacle;
  state.error = MakeError(ErrorCode::kLockTimeout, "no result");
  if (obstacle == Obstacle::kLock) state.lock_wait = "waiting for a lock";
  return state;
}

TEST(BoardTest, KeepsTheStateWhileALockIsHeld) {
  const Settings settings = TwoDatabases();
  StateRegistry registry(settings);
  registry.Put(1, StateOf("b", plan::Found::kCurrent));
  // Nothing is known yet.
  registry.Put(0, WithObstacle(Obstacle::kLock));
  EXPECT_FALSE(registry.View().ReadyAt(0));
  const DatabaseState current = StateOf("a", plan::Found::kCurrent);
  const auto now = StateRegistry::Steady::now();
  const auto later = [&](int seconds) { return now + std::chrono::seconds(seconds); };
  registry.Put(0, current, now);
  EXPECT_TRUE(registry.Put(0, WithObstacle(Obstacle::kLock), later(200)));
  EXPECT_FALSE(registry.Put(0, WithObstacle(Obstacle::kLock), later(290)));
  EXPECT_TRUE(registry.View().ReadyAt(0));
  EXPECT_TRUE(registry.View().KnownAt(0));
  EXPECT_EQ(registry.At(0)->looked_at, current.looked_at);
  EXPECT_EQ(registry.At(0)->lock_wait, "waiting for a lock");
  // Until a limit.
  EXPECT_TRUE(registry.Put(0, WithObstacle(Obstacle::kLock), later(301)));
  EXPECT_FALSE(registry.View().ReadyAt(0));
  EXPECT_TRUE(registry.Put(0, current));
  EXPECT_TRUE(registry.At(0)->lock_wait.empty());
  registry.Put(0, WithObstacle(Obstacle::kServer));
  EXPECT_FALSE(registry.View().ReadyAt(0));
}

TEST(BoardTest, RemembersTheDriftOfADatabaseThatDoesNotAnswer) {
  const Settings settings = TwoDatabases();
  StateRegistry registry(settings);
  DatabaseState drifted = StateOf("a", plan::Found::kCurrent);
  drifted.last_drift = 2;
  registry.Put(0, drifted);
  for (int i = 0; i < 2; ++i) {
    registry.Put(0, WithObstacle(Obstacle::kServer));
    EXPECT_EQ(registry.At(0)->last_drift, 2u);
  }
}

// Two databases of one project, one of which deploys by a strategy without packages.
TEST(BoardTest, APackageThatOneStrategyNeedsIsMissing) {
  const Settings settings = TwoDatabases();
  StateRegistry registry(settings);
  PackageState missing;
  missing.error = MakeError(ErrorCode::kPackageMissing, "there is none");
  EXPECT_FALSE(registry.Put(missing, "release"));
  EXPECT_FALSE(registry.Put(PackageState(), "history"));
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(registry.Put(missing, "release"));
    EXPECT_FALSE(registry.Put(PackageState(), "history"));
    const StateView view = registry.View();
    ASSERT_EQ(view.packages.size(), 1u);
    EXPECT_FALSE(view.packages[0]->Intact());
  }
  EXPECT_TRUE(registry.Put(PackageState(), "release"));
  EXPECT_TRUE(registry.View().packages[0]->Intact());
}

TEST(BoardTest, AnObservationThatWaitsOnThisSideIsNoSilence) {
  const Settings settings = TwoDatabases();
  StateRegistry registry(settings);
  registry.Put(0, StateOf("a", plan::Found::kCurrent));
  registry.Begin(0);
  registry.Suspend(0);
  EXPECT_EQ(registry.View().staleness[0].age.count(), 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_EQ(registry.View().staleness[0].age.count(), 0);
  registry.Begin(0);
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_GT(registry.View().staleness[0].age.count(), 0);
}

TEST(BoardTest, WakesWaitingClients) {
  const Settings settings = TwoDatabases();
  StateRegistry registry(settings);
  const uint64_t seen = registry.version();
  EXPECT_EQ(registry.Await(seen, std::chrono::milliseconds(1)), seen);
  registry.NotifyRuns();
  EXPECT_NE(registry.Await(seen, std::chrono::hours(1)), seen);
}

}  // namespace
}  // namespace ballast::serve
