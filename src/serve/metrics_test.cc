// SPDX-License-Identifier: Apache-2.0
#include "serve/metrics.h"

#include <gtest/gtest.h>

namespace ballast::serve {
namespace {

KnownRun DeployOf(const std::string& name) {
  KnownRun run;
  run.name = name;
  run.report.command = "deploy";
  run.report.project = "shop";
  run.report.target = report::Target{"a", 5432, "app", "public", "r", ""};
  return run;
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
  const std::string text =
      RenderMetrics(view, {{"eu", "deploy", "failed", 3}}, {DeployOf("eu")}, {}, counters);
  for (
      const char* line :
      {R"(ballast_database_ready{name="eu",project="shop"} 1)",
       R"(ballast_package_intact{project="shop",version=""} 0)",
       R"(ballast_runs_total{name="eu",command="deploy",outcome="failed"} 3)",
       R"(ballast_run_success{name="eu",project="shop",database="app",schema="public",server="a:5432",command="deploy"} 1)"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << '\n' << text;
  }
}

// The states of a database whose observation did not succeed: who answers is not unreachable.
TEST(MetricsTest, TellUnreachableDatabasesFromOthersThatAreNotObserved) {
  const struct {
    Obstacle obstacle;
    const char* reachable;
  } cases[] = {{Obstacle::kServer, "0"}, {Obstacle::kSettings, "1"}, {Obstacle::kLock, "1"}};
  for (const auto& c : cases) {
    StateView view;
    auto state = std::make_shared<DatabaseState>();
    state->name = "eu";
    state->error = MakeError(ErrorCode::kPackageEdited, "a file was changed");
    state->obstacle = c.obstacle;
    state->looked_at = Clock::now();
    view.databases.push_back(state);
    view.staleness.emplace_back();
    const ServerCounters counters;
    const std::string text = RenderMetrics(view, {}, {}, {}, counters);
    const std::string labels = R"({name="eu",project=""} )";
    EXPECT_NE(text.find("ballast_database_reachable" + labels + c.reachable), std::string::npos)
        << text;
    EXPECT_NE(text.find("ballast_database_observed" + labels + "0"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace ballast::serve
