// SPDX-License-Identifier: Apache-2.0
#include "serve/last_runs.h"

#include <gtest/gtest.h>

#include <chrono>

namespace ballast::serve {
namespace {

KnownRun RunAt(const std::string& name, const std::string& host, const std::string& schema,
               report::Outcome outcome = report::Outcome::kDone) {
  KnownRun run;
  run.name = name;
  run.report.command = "deploy";
  run.report.project = "shop";
  run.report.outcome = outcome;
  if (!host.empty()) run.report.target = report::Target{host, 5432, "app", schema, "r", ""};
  return run;
}

std::vector<std::string> Kept(const std::vector<KnownRun>& runs) {
  std::vector<std::string> kept;
  for (const KnownRun& run : LastRuns(runs)) {
    const auto& target = run.report.target;
    kept.push_back(run.name + " " + (target ? target->host + " " + target->schema : ""));
  }
  return kept;
}

TEST(LastRunsTest, AreOfEachDatabaseAlsoOnTwoServers) {
  EXPECT_EQ(
      Kept({RunAt("eu", "a", "public"), RunAt("us", "b", "public"), RunAt("eu", "a", "public"),
            RunAt("", "c", "public"), RunAt("", "d", "public"), RunAt("", "c", "public")}),
      (std::vector<std::string>{"eu a public", "us b public", " c public", " d public"}));
}

TEST(LastRunsTest, SupersedeThoseThatDidNotKnowTheirDatabase) {
  using report::Outcome;
  const KnownRun good = RunAt("", "a", "public");
  // Newest first: the failures are over.
  EXPECT_EQ(Kept({good, RunAt("", "a", "", Outcome::kFailed), RunAt("", "", "", Outcome::kFailed)}),
            (std::vector<std::string>{" a public"}));
  EXPECT_EQ(Kept({RunAt("eu", "a", "public"), RunAt("eu", "a", "", Outcome::kFailed),
                  RunAt("", "", "", Outcome::kFailed)}),
            (std::vector<std::string>{"eu a public"}));
  // They are the newest ones, or of other databases.
  EXPECT_EQ(
      Kept({RunAt("", "a", "", Outcome::kFailed), good, RunAt("", "b", "", Outcome::kFailed)}),
      (std::vector<std::string>{" a ", " a public", " b "}));
}

TEST(LastRunsTest, LeaveOutFailuresAfterWhichAnotherCommandSucceeded) {
  using report::Outcome;
  const auto run = [](const std::string& command, Outcome outcome, const std::string& name = "eu") {
    KnownRun made = RunAt(name, name, "public", outcome);
    made.report.command = command;
    return made;
  };
  const auto kept = [](const std::vector<KnownRun>& runs) {
    std::vector<std::string> commands;
    for (const KnownRun& last : LastRuns(runs)) {
      commands.push_back(last.name + " " + last.report.command);
    }
    return commands;
  };
  using List = std::vector<std::string>;
  const KnownRun refused = run("rollback", Outcome::kRefused);
  const KnownRun good = run("deploy", Outcome::kNothing);
  EXPECT_EQ(kept({good, refused}), List{"eu deploy"});
  // The success that cured it need not be the last run of its command.
  EXPECT_EQ(kept({run("deploy", Outcome::kFailed), good, refused}), List{"eu deploy"});
  // Nothing has succeeded since, or on another database only.
  EXPECT_EQ(kept({refused, good}), (List{"eu rollback", "eu deploy"}));
  EXPECT_EQ(kept({run("deploy", Outcome::kDone, "us"), refused}),
            (List{"us deploy", "eu rollback"}));
  // What succeeded stays, and so does what works on no database.
  EXPECT_EQ(kept({good, run("repair", Outcome::kDone)}), (List{"eu deploy", "eu repair"}));
  KnownRun package = run("release create", Outcome::kFailed);
  package.report.target.reset();
  EXPECT_EQ(kept({good, package}), (List{"eu deploy", "eu release create"}));
}

TEST(LastRunsTest, LeaveOutWhatIsOfNoDatabase) {
  KnownRun usage = RunAt("eu", "a", "public", report::Outcome::kRefused);
  usage.report.code = "B100";
  KnownRun script;
  script.report.command = "deploy";
  EXPECT_TRUE(LastRuns({usage, script}).empty());
}

// Refused before it knew its project: it counts until the command runs again, anywhere.
TEST(LastRunsTest, KeepAFailureThatKnowsNothing) {
  KnownRun refused;
  refused.report.command = "deploy";
  refused.report.outcome = report::Outcome::kRefused;
  refused.report.code = "B102";
  const KnownRun other = RunAt("", "b", "public");
  EXPECT_EQ(Kept({refused, other}), (std::vector<std::string>{" ", " b public"}));
  EXPECT_EQ(Kept({other, refused}), std::vector<std::string>{" b public"});
}

TEST(LastRunsTest, FailuresOfDatabasesThatAreNotWatchedExpire) {
  using report::Outcome;
  const auto is_forgotten = [](KnownRun run, const char* at) {
    run.report.started_at = at;
    return IsForgotten(run, "2026-11-20T00:00:00.000Z");
  };
  const KnownRun failed = RunAt("", "a", "public", Outcome::kFailed);
  EXPECT_TRUE(is_forgotten(failed, "2026-11-19T23:59:59.999Z"));
  EXPECT_FALSE(is_forgotten(failed, "2026-11-20T00:00:00.000Z"));
  EXPECT_FALSE(is_forgotten(RunAt("eu", "a", "public", Outcome::kFailed), "2026-01-01T00:00:00Z"));
  EXPECT_FALSE(is_forgotten(RunAt("", "a", "public"), "2026-01-01T00:00:00Z"));
}

// A store keeps 20,000 runs, and each can be of a database of its own.
TEST(LastRunsTest, DoNotTakeLongerForManyDatabases) {
  std::vector<KnownRun> runs;
  for (int i = 0; i < 20'000; ++i) {
    runs.push_back(RunAt("", "host" + std::to_string(i), i % 2 == 0 ? "public" : "",
                         i % 3 == 0 ? report::Outcome::kDone : report::Outcome::kFailed));
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(LastRuns(runs).size(), runs.size());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

}  // namespace
}  // namespace ballast::serve
