// SPDX-License-Identifier: Apache-2.0
// Every message of a deploy, a rollback and a repair is a place where the wire can break or the
// program can die. After each: status tells the truth, the database is untouched, complete or at a
// named step, the next deploy completes or refuses with the remedy, and the end is that of an
// undisturbed run.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

#include "base/text.h"
#include "tests/faults/proxy.h"
#include "tests/faults/scenario.h"

namespace ballast::testing {
namespace {

enum class Blow { kCut, kGone, kKill, kTerminate };
constexpr Blow kBlows[] = {Blow::kCut, Blow::kGone, Blow::kKill, Blow::kTerminate};
constexpr const char* kBlowNames[] = {"cut", "gone", "kill", "terminate"};

bool TestsAllPoints() {
  const char* overrides = std::getenv("BALLAST_FAULTS");
  return overrides != nullptr && std::string(overrides) == "all";
}

struct Point {
  Blow blow = Blow::kCut;
  Side side = Side::kToServer;
  int at = 0;
  bool forward_first = false;

  std::string Name() const {
    return fmt::format("{} at {} {}{}", kBlowNames[static_cast<int>(blow)],
                       side == Side::kToServer ? "client message" : "server message", at,
                       forward_first ? ", after it" : ", before it");
  }
};

// Which points are tried: around each of the client's messages some of the blows, and some of the
// server's messages.
enum class Density {
  kFew,   // one blow around every second message, every sixtieth
  kMany,  // two blows, every thirteenth
  kAll
};

std::vector<Point> PointsOf(int to_server, int to_client, Density density) {
  if (TestsAllPoints()) density = Density::kAll;
  const int blows_apart = density == Density::kAll ? 1 : density == Density::kMany ? 2 : 8;
  const int messages_apart = density == Density::kAll ? 1 : density == Density::kMany ? 13 : 60;
  std::vector<Point> points;
  int turn = 0;
  for (const Blow blow : kBlows) {
    for (int at = 0; at < to_server; ++at) {
      if ((at + static_cast<int>(blow)) % blows_apart != 0) continue;
      points.push_back({blow, Side::kToServer, at, false});
      points.push_back({blow, Side::kToServer, at, true});
    }
    for (int at = 0; at < to_client; ++at) {
      if (turn++ % messages_apart == 0) points.push_back({blow, Side::kToClient, at, false});
    }
  }
  return points;
}

Fault FaultOf(const Point& point, const std::string& database, std::atomic<pid_t>* program) {
  Fault fault{point.side, point.at, point.forward_first, true, point.blow == Blow::kGone, {}};
  if (point.blow == Blow::kKill) {
    fault.act = [program] {
      while (*program == 0) std::this_thread::yield();
      kill(*program, SIGKILL);
    };
  }
  if (point.blow == Blow::kTerminate) {
    fault.cut = false;
    fault.act = [database] {
      (void)Admin().Query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database +
          "' AND backend_type = 'client backend'");
    };
  }
  return fault;
}

class Trial {
 public:
  Trial(const Scenario& scenario, const Point& point)
      : scenario_(scenario), point_(point), database_(scenario.NewDatabase()) {}

  void Run() {
    std::atomic<pid_t> program{0};
    {
      Proxy proxy(database_.target(), FaultOf(point_, database_.name(), &program));
      std::vector<std::string> words = scenario_.Deploy();
      // Where nothing lets it in again, it need not look for long.
      if (point_.blow == Blow::kGone) words.insert(words.end(), {"--lock-timeout", "50ms"});
      Process deploy(scenario_.folder->path(), words, proxy.Url(database_.name()));
      program = deploy.pid();
      status_ = deploy.Wait();
      output_ = deploy.Output();
    }
    AwaitAlone(database_.name());
    now_ = Look();
    CheckWhatWasSaid();
    CheckPlace();
    CheckStatus();
    Continue();
  }

  void CheckDump() const {
    if (!scenario_.dump) return;
    EXPECT_EQ(DumpForComparison(database_.target()), scenario_.dump) << Where();
  }

 private:
  std::string Where() const {
    return fmt::format("{}, {}\nstatus {}\n{}\nrows:\n{}", scenario_.name, point_.Name(), status_,
                       output_, now_.rows);
  }

  DatabaseContent Look() const {
    postgres::Session session = std::move(*database_.Connect());
    return ReadContent(session);
  }

  bool Open() const { return Has(now_.rows, "|open"); }

  void CheckWhatWasSaid() const {
    const bool changed = now_ != scenario_.before;
    if (point_.blow == Blow::kKill && status_ == 128 + SIGKILL) return;
    if (status_ == 0) {
      EXPECT_EQ(now_, scenario_.complete) << Where();
    } else if (status_ == 3) {
      EXPECT_FALSE(changed) << "said that nothing was changed\n" << Where();
    } else {
      EXPECT_EQ(status_, 4) << Where();
    }
    if (Has(output_, "B700")) {
      EXPECT_EQ(point_.blow, Blow::kGone) << "another connection could tell\n" << Where();
      EXPECT_TRUE(Has(output_, "ballast status")) << Where();
    }
  }

  // Rows in between are a beginning of the complete ones; an upgrade adds to those before until its
  // end replaces them.
  void CheckPlace() const {
    if (now_ == scenario_.before || now_ == scenario_.complete) return;
    EXPECT_FALSE(scenario_.atomic) << Where();
    const std::string done = Open() ? now_.rows.substr(0, now_.rows.find("|open")) : now_.rows;
    EXPECT_TRUE(scenario_.complete.rows.starts_with(done) ||
                done.starts_with(scenario_.before.rows))
        << Where();
  }

  void CheckStatus() {
    Process look(scenario_.folder->path(),
                 {"status", "--strategy", scenario_.strategy, "--output", "json"}, database_.Url());
    const int status = look.Wait();
    const std::string said = look.Output();
    const bool complete = now_ == scenario_.complete;
    EXPECT_EQ(status, complete ? scenario_.complete_status : scenario_.before_status)
        << Where() << said;
    if (!scenario_.complete_found.empty()) {
      EXPECT_EQ(Has(said, "\"found\": \"" + scenario_.complete_found + "\""), complete)
          << Where() << said;
    }
    EXPECT_EQ(!Has(said, "\"failed\": []"), Open()) << Where() << said;
    EXPECT_EQ(Look(), now_) << "status changed something\n" << Where();
  }

  void Continue() {
    if (Open()) FollowRemedy();
    Process deploy(scenario_.folder->path(), scenario_.Deploy(), database_.Url());
    const int status = deploy.Wait();
    EXPECT_EQ(status, 0) << Where() << "then:\n" << deploy.Output();
    DatabaseContent end = Look();
    end.rows = WithoutRolledBack(end.rows);
    EXPECT_EQ(end.catalog, scenario_.complete.catalog) << Where();
    EXPECT_EQ(end.rows, scenario_.complete.rows) << Where();
    EXPECT_EQ(end.values, scenario_.complete.values) << Where();
  }

  static std::string WithoutRolledBack(const std::string& rows) {
    std::vector<std::string> kept;
    for (const std::string& row : Split(rows, '\n')) {
      if (!row.ends_with("|rolled back")) kept.push_back(row);
    }
    return Join(kept, "\n");
  }

  // What can be resumed is; else, as the refusal says: look what is there, then resolve.
  void FollowRemedy() {
    Process refused(scenario_.folder->path(), scenario_.Deploy(), database_.Url());
    if (refused.Wait() == 0) return;  // a step that may simply run again was resumed
    EXPECT_EQ(refused.Wait(), 1) << Where();
    EXPECT_TRUE(Has(refused.Output(), "P3009")) << Where() << refused.Output();
    EXPECT_TRUE(Has(refused.Output(), "ballast resolve")) << Where() << refused.Output();
    const size_t end = now_.rows.find("|open");
    const size_t begin = now_.rows.rfind('\n', end) + 1;
    const std::string name = now_.rows.substr(begin, end - begin);
    const std::string choice = Exists(name) ? "--applied" : "--rolled-back";
    Process resolve(scenario_.folder->path(), {"resolve", choice, name}, database_.Url());
    EXPECT_EQ(resolve.Wait(), 0) << Where() << resolve.Output();
  }

  // Whether the script's object is there whole; half an index is dropped.
  bool Exists(const std::string& name) const {
    postgres::Session session = std::move(*database_.Connect());
    const char* question =
        Has(name, "concurrent")
            ? "SELECT coalesce((SELECT indisvalid FROM pg_index WHERE indexrelid = "
              "to_regclass('\"A_v_idx\"')), false)"
        : Has(name, "own") ? "SELECT to_regclass('\"Own\"') IS NOT NULL"
                           : "SELECT exists(SELECT 1 FROM pg_enum WHERE enumlabel = 'y')";
    const auto answer = session.QueryValue(question);
    const bool there = answer && answer->value_or("") == "t";
    if (!there && Has(name, "concurrent")) (void)session.Query("DROP INDEX IF EXISTS \"A_v_idx\"");
    return there;
  }

  const Scenario& scenario_;
  const Point& point_;
  scratch::ScratchDatabase database_;
  int status_ = 0;
  std::string output_;
  DatabaseContent now_;
};

struct Trials {
  size_t scene = 0;
  Density density = Density::kMany;

  friend void PrintTo(const Trials& trials, std::ostream* out) { *out << trials.scene; }
};

class CrashTest : public ::testing::TestWithParam<Trials> {
 protected:
  void SetUp() override { BALLAST_NEEDS_SERVER(); }
};

class ChangeCrashTest : public CrashTest {};

void TryMessages(const Scenario& scenario, Density density) {
  int to_server = 0;
  int to_client = 0;
  {
    const scratch::ScratchDatabase database = scenario.NewDatabase();
    Proxy proxy(database.target(), {});
    Process deploy(scenario.folder->path(), scenario.Deploy(), proxy.Url(database.name()));
    ASSERT_EQ(deploy.Wait(), 0) << deploy.Output();
    to_server = proxy.messages(Side::kToServer);
    to_client = proxy.messages(Side::kToClient);
  }
  const std::vector<Point> points = PointsOf(to_server, to_client, density);
  size_t number = 0;
  for (const Point& point : points) {
    Trial trial(scenario, point);
    trial.Run();
    if (number++ % 16 == 0) trial.CheckDump();
    if (::testing::Test::HasFailure()) break;
  }
  std::cout << fmt::format("{}: {} points of {} + {} messages\n", scenario.name, points.size(),
                           to_server, to_client);
}

TEST_P(CrashTest, LeavesADatabaseThatTheNextDeployCompletes) {
  TryMessages(Scenarios()[GetParam().scene], GetParam().density);
}

// Untouched or complete, and the same command completes it.
TEST_P(ChangeCrashTest, LeavesADatabaseThatTheSameCommandCompletes) {
  TryMessages(ChangeScenes()[GetParam().scene], GetParam().density);
}

std::vector<Trials> ManyOf(size_t scenes) {
  std::vector<Trials> all;
  for (size_t scene = 0; scene < scenes; ++scene) all.push_back({scene, Density::kMany});
  return all;
}

constexpr const char* kSceneNames[] = {"Release",        "Development",       "History",
                                       "Pending",        "Upgrade",           "Concurrent",
                                       "UpgradeInSteps", "DevelopmentInSteps"};
constexpr auto kSceneName = [](const auto& info) { return kSceneNames[info.param.scene]; };
INSTANTIATE_TEST_SUITE_P(Few, CrashTest, ::testing::Values(Trials{0, Density::kFew}), kSceneName);
INSTANTIATE_TEST_SUITE_P(Slow, CrashTest, ::testing::ValuesIn(ManyOf(std::size(kSceneNames))),
                         kSceneName);

constexpr const char* kChangeNames[] = {"Rollback", "Repair", "RepairInSteps", "HistoryRollback",
                                        "ForwardWithKeptData"};
constexpr auto kChangeName = [](const auto& info) { return kChangeNames[info.param.scene]; };
INSTANTIATE_TEST_SUITE_P(Few, ChangeCrashTest, ::testing::Values(Trials{0, Density::kFew}),
                         kChangeName);
INSTANTIATE_TEST_SUITE_P(Slow, ChangeCrashTest,
                         ::testing::ValuesIn(ManyOf(std::size(kChangeNames))), kChangeName);

}  // namespace
}  // namespace ballast::testing
