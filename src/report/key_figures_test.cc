// SPDX-License-Identifier: Apache-2.0
#include "report/key_figures.h"

#include <gtest/gtest.h>

namespace ballast::report {
namespace {

RunReport Deploy(double seconds, Outcome outcome = Outcome::kDone) {
  RunReport run;
  run.run = "r";
  run.command = "deploy";
  run.strategy = "release";
  run.found = "fresh";
  run.release = "v1";
  run.started_at = "2026-11-26T20:11:14.123Z";
  run.duration_ms = seconds * 1000;
  run.outcome = outcome;
  run.stages = {{"load", 1}, {"apply", seconds * 500}};
  return run;
}

const KeyFigure& Named(const std::vector<KeyFigure>& figures, const std::string& name) {
  for (const KeyFigure& figure : figures) {
    if (figure.name == name) return figure;
  }
  ADD_FAILURE() << name;
  return figures.front();
}

TEST(KeyFiguresTest, WithoutRunsNothingIsKnown) {
  const std::vector<KeyFigure> figures = ComputeKeyFigures({}, {}, {});
  EXPECT_EQ(figures.size(), 6u);
  for (const KeyFigure& figure : figures) {
    EXPECT_FALSE(figure.value) << figure.name;
    EXPECT_EQ(figure.level, Level::kUnknown) << figure.name;
  }
  EXPECT_EQ(WorstOf(figures), Level::kOk);
}

TEST(KeyFiguresTest, LevelsBeginAtTheirThresholds) {
  struct Case {
    double seconds;
    Level fresh;
    Level apply;  // half of it
  };
  for (const Case& c :
       {Case{59.9, Level::kOk, Level::kOk}, Case{60, Level::kWarn, Level::kWarn},
        Case{299, Level::kWarn, Level::kWarn}, Case{300, Level::kAlert, Level::kWarn},
        Case{360, Level::kAlert, Level::kAlert}}) {
    const auto figures = ComputeKeyFigures({Deploy(1), Deploy(c.seconds), Deploy(2)}, {}, {});
    EXPECT_EQ(Named(figures, "fresh_deploy_seconds").level, c.fresh) << c.seconds;
    EXPECT_EQ(Named(figures, "fresh_deploy_seconds").value, c.seconds);
    EXPECT_EQ(Named(figures, "apply_seconds").level, c.apply) << c.seconds;
    EXPECT_EQ(Named(figures, "apply_seconds").detail, "v1, 2026-11-26T20:11:14.123Z");
  }
}

TEST(KeyFiguresTest, OnlyFreshReleasesCountAsFreshDeploys) {
  RunReport behind = Deploy(400);
  behind.found = "behind";
  RunReport development = Deploy(400);
  development.strategy = "development";
  const auto figures =
      ComputeKeyFigures({behind, development, Deploy(400, Outcome::kFailed)}, {}, {});
  EXPECT_FALSE(Named(figures, "fresh_deploy_seconds").value);
}

TEST(KeyFiguresTest, TheSuccessRateIsWorseWhenLower) {
  std::vector<RunReport> runs(97, Deploy(1));
  const auto level = [&] {
    return Named(ComputeKeyFigures(runs, {}, {}), "deploy_success_percent").level;
  };
  EXPECT_EQ(level(), Level::kOk);
  runs.push_back(Deploy(1, Outcome::kRefused));
  EXPECT_EQ(level(), Level::kOk);  // 98.98
  runs.push_back(Deploy(1, Outcome::kFailed));
  runs.push_back(Deploy(1, Outcome::kPartial));
  EXPECT_EQ(level(), Level::kWarn);  // 97
  for (int i = 0; i < 8; ++i) runs.push_back(Deploy(1, Outcome::kInterrupted));
  EXPECT_EQ(level(), Level::kAlert);
  runs = {Deploy(1, Outcome::kNothing)};
  EXPECT_EQ(level(), Level::kUnknown);
}

TEST(KeyFiguresTest, PackagesDriftAndAgeHaveFigures) {
  RunReport made;
  made.run = "r";
  made.command = "release create";
  made.duration_ms = 150'000;
  made.outcome = Outcome::kNothing;
  RunReport unchanged = made;
  unchanged.duration_ms = 900'000;
  made.stages = {{"replay", 1}};
  CurrentState state;
  state.drift = 0;
  state.package_age = 20;
  state.package_detail = "v1 lacks 3 newer migrations";
  const auto figures = ComputeKeyFigures({made, unchanged}, state, {});
  EXPECT_EQ(Named(figures, "package_generation_seconds").value, 150);
  EXPECT_EQ(Named(figures, "package_generation_seconds").level, Level::kWarn);
  EXPECT_EQ(Named(figures, "drift_objects").level, Level::kOk);
  EXPECT_EQ(Named(figures, "package_age_days").level, Level::kWarn);
  EXPECT_EQ(Named(figures, "package_age_days").detail, "v1 lacks 3 newer migrations");
  EXPECT_EQ(WorstOf(figures), Level::kWarn);
  MetricsText metrics;
  AddKeyFigureMetrics(figures, {{"project", "shop"}}, metrics);
  EXPECT_NE(metrics.Text().find(
                "ballast_key_figure_state{project=\"shop\",figure=\"package_age_days\"} 1\n"),
            std::string::npos);
}

}  // namespace
}  // namespace ballast::report
