// SPDX-License-Identifier: Apache-2.0
#include "serve/metrics.h"

#include <gtest/gtest.h>

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

TEST(MetricsTest, NameTheDatabaseTheServerAndTheProject) {
  StateView view;
  auto state = std::make_shared<DatabaseState>();
  state->name = "eu";
  state->project_label = "shop";
  state->found = plan::Found::kCurrent;
  state->looked_at = Clock::now();
  view.databases.push_back(state);
  view.staleness.emplace_back();
  auto package = std::make_shared<PackageState>();
  package->project_label = "shop";
  package->error = MakeError(ErrorCode::kPackageMissing, "there is no package");
  view.packages.push_back(package);
  const ServerCounters counters;
  const std::string text = RenderMetrics(view, {{"eu", "deploy", "failed", 3}},
                                         LastRuns({RunAt("eu", "a", "public")}), {}, counters);
  for (
      const char* line :
      {R"(ballast_database_ready{name="eu",project="shop"} 1)",
       R"(ballast_package_intact{project="shop",version=""} 0)",
       R"(ballast_runs_total{name="eu",command="deploy",outcome="failed"} 3)",
       R"(ballast_run_success{name="eu",project="shop",database="app",schema="public",server="a:5432",command="deploy"} 1)"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << '\n' << text;
  }
}

}  // namespace
}  // namespace ballast::serve
