// SPDX-License-Identifier: Apache-2.0
#include "report/run_report.h"

#include <gtest/gtest.h>

#include <thread>

#include "report/stage_timer.h"

namespace ballast::report {
namespace {

RunReport FullReport() {
  RunReport run;
  run.run = "663e8405-de06-4442-a1e9-7cc67da75f7d";
  run.command = "deploy";
  run.started_at = "2026-11-26T20:11:14.123Z";
  run.duration_ms = 412.5;
  run.outcome = Outcome::kPartial;
  run.code = "B701";
  run.message = "2_b failed";
  run.project = "prisma/schema.prisma";
  run.target = Target{"db.example.com", 5433, "shop", "public", "app", "15.14"};
  run.strategy = "release";
  run.found = "behind";
  run.release = "v1.1.0";
  run.release_before = "v1.0.0";
  run.recorded = 3;
  run.stages = {{"load", 1.5}, {"apply", 400}};
  run.migrations = {{"1_a", 0.25}, {"2_b", 399}};
  run.drift = {"table \"A\" is missing"};
  run.additions = {"index \"x\""};
  run.fingerprint_expected = "aa";
  run.fingerprint_actual = "bb";
  run.round_trips = 3;
  run.package = PackageMade{691, "2_b", "aa", true};
  run.origin = {"ci-7", "runner", "0.2.0", {{"GITHUB_RUN_ID", "17"}}};
  return run;
}

TEST(RunReportTest, IsTheSameAfterJson) {
  const RunReport run = FullReport();
  EXPECT_EQ(ParseRunReport(ToJson(run)), run);
  RunReport smallest;
  smallest.run = "r";
  smallest.command = "deploy";
  EXPECT_EQ(ParseRunReport(ToJson(smallest)), smallest);
}

TEST(RunReportTest, IsOneLineOfUtf8) {
  RunReport run = FullReport();
  run.message = "a\nb \xff";
  const std::string json = ToJson(run);
  EXPECT_EQ(json.find('\n'), std::string::npos);
  EXPECT_EQ(ParseRunReport(json)->message, "a\nb \xEF\xBF\xBD");
}

TEST(RunReportTest, TakesWhatLaterVersionsAdd) {
  const auto run = ParseRunReport(
      R"({"run":"r","command":"repair","outcome":"done","new":[1],"target":{"host":"h","zone":2}})");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->command, "repair");
  EXPECT_EQ(run->target->host, "h");
}

TEST(RunReportTest, RefusesWhatIsNoReport) {
  for (const char* text : {"", "[]", "{", "{}", R"({"run":"r","command":"deploy"})",
                           R"({"run":"r","command":"deploy","outcome":"well"})",
                           R"({"run":"","command":"deploy","outcome":"done"})",
                           R"({"run":1,"command":"deploy","outcome":"done"})",
                           R"({"run":"r","command":"deploy","outcome":"done","stages":[1]})",
                           R"({"run":"r","command":"deploy","outcome":"done","drift":"x"})"}) {
    EXPECT_FALSE(ParseRunReport(text)) << text;
  }
}

TEST(RunReportTest, OutcomesHaveNames) {
  for (const Outcome outcome : {Outcome::kDone, Outcome::kNothing, Outcome::kRefused,
                                Outcome::kFailed, Outcome::kPartial, Outcome::kInterrupted}) {
    EXPECT_EQ(OutcomeOf(NameOf(outcome)), outcome);
    const bool good = outcome == Outcome::kDone || outcome == Outcome::kNothing;
    EXPECT_EQ(IsFailure(outcome), !good);
  }
}

TEST(StageTimerTest, AddsStagesOfOneName) {
  std::vector<Stage> stages;
  {
    StageTimer timer(&stages);
    EXPECT_EQ(timer.RunningMilliseconds(), 0);
    timer.Begin("observe");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    timer.Begin("apply");
    timer.Begin("observe");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    EXPECT_GT(timer.RunningMilliseconds(), 1.9);
  }
  ASSERT_EQ(stages.size(), 2u);
  EXPECT_EQ(stages[0].name, "observe");
  EXPECT_GT(stages[0].duration_ms, 3.9);
  EXPECT_EQ(stages[1].name, "apply");
}

}  // namespace
}  // namespace ballast::report
