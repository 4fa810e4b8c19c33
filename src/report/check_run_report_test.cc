// SPDX-License-Identifier: Apache-2.0
#include "report/check_run_report.h"

#include <gtest/gtest.h>

#include <limits>

namespace ballast::report {
namespace {

constexpr char kNow[] = "2026-11-27T12:00:00.000Z";

RunReport ValidReport() {
  RunReport report;
  report.run = "0e2b1c6e-7c7f-4d0e-9d55-2f9f3f1f7c11";
  report.command = "deploy";
  report.started_at = "2026-11-26T20:11:14.123Z";
  report.duration_ms = 1500;
  return report;
}

TEST(CheckRunReportTest, TimesHaveOneForm) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-11-26T20:11:14Z", "2026-11-26T20:11:14.000Z"},
      {"2026-11-26T20:11:14.5Z", "2026-11-26T20:11:14.500Z"},
      {"2026-11-26T20:11:14.123456Z", "2026-11-26T20:11:14.123Z"},
      {"2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000Z"}};
  for (const auto& [text, normal] : cases) EXPECT_EQ(NormalTime(text), normal) << text;
  for (const char* text :
       {"", "yesterday", "2026-11-26", "2026-11-26T20:11:14", "2026-11-26 20:11:14Z",
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-26T24:00:00Z",
        "2026-11-26T20:11:14.Z", "2026-11-26T20:11:14.1x3Z", "2026-11-26T20:11:14+01:00"}) {
    EXPECT_EQ(NormalTime(text), std::nullopt) << text;
  }
}

TEST(CheckRunReportTest, NamesTheWrongField) {
  struct Case {
    const char* name;
    void (*change)(RunReport&);
  };
  for (const Case& c : {
           Case{"run", [](RunReport& r) { r.run = "../../x"; }},
           Case{"run", [](RunReport& r) { r.run.back() = 'g'; }},
           Case{"duration_ms", [](RunReport& r) { r.duration_ms = -5; }},
           Case{"duration_ms", [](RunReport& r) { r.duration_ms = 1e308; }},
           Case{"duration_ms",
                [](RunReport& r) { r.duration_ms = std::numeric_limits<double>::quiet_NaN(); }},
           Case{"stages.duration_ms",
                [](RunReport& r) {
                  r.stages = {{"apply", -1}};
                }},
           Case{"migrations.duration_ms",
                [](RunReport& r) {
                  r.migrations = {{"a", 1e13}};
                }},
           Case{"target.port", [](RunReport& r) { r.target.emplace().port = 70000; }},
           Case{"started_at", [](RunReport& r) { r.started_at = "yesterday"; }},
       }) {
    RunReport report = ValidReport();
    c.change(report);
    const auto wrong = CheckRunReport(report, kNow);
    ASSERT_TRUE(wrong.has_value()) << c.name;
    EXPECT_EQ(wrong->name, c.name);
  }
}

TEST(CheckRunReportTest, AClockThatIsAheadDoesNotCount) {
  RunReport report = ValidReport();
  EXPECT_EQ(CheckRunReport(report, kNow), std::nullopt);
  EXPECT_EQ(report.started_at, "2026-11-26T20:11:14.123Z");
  report.started_at = "2999-01-01T00:00:00Z";
  EXPECT_EQ(CheckRunReport(report, kNow), std::nullopt);
  EXPECT_EQ(report.started_at, kNow);
  report.started_at.clear();
  EXPECT_EQ(CheckRunReport(report, kNow), std::nullopt);
  EXPECT_EQ(report.started_at, kNow);
}

TEST(CheckRunReportTest, TheReaderNamesAValueOfAWrongType) {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", ""},
      {R"({"run": "x", "command": "deploy"})", "outcome"},
      {R"({"run": "x", "command": "deploy", "outcome": "x"})", "outcome"},
      {R"({"run": "x", "command": "deploy", "outcome": "done", "duration_ms": "x"})",
       "duration_ms"},
      {R"({"run": "x", "command": "deploy", "outcome": "done", "recorded": 1.5})", "recorded"},
      {R"({"run": "x", "command": "deploy", "outcome": "done", "target": {"port": "x"}})",
       "target.port"},
      {R"({"run": "x", "command": "deploy", "outcome": "done", "stages": [1]})", "stages"},
      {R"({"run": "x", "outcome": "done"})", "command"},
      {R"({"command": "deploy", "outcome": "done"})", "run"}};
  for (const auto& [text, name] : cases) {
    std::string wrong;
    EXPECT_EQ(ParseRunReport(text, &wrong), std::nullopt) << text;
    EXPECT_EQ(wrong, name) << text;
  }
}

TEST(CheckRunReportTest, TextsAreShortAndHaveNoPasswords) {
  RunReport report = ValidReport();
  report.message = "cannot reach postgresql://u:sesame@h/d";
  report.command = std::string(498, 'x') + "ä" + std::string(9, 'x');
  report.project = std::string(500, 'x');
  report.target.emplace();
  report.target->database = "http://u:sesame@h";
  report.drift = {"table \"a\"", std::string(9000, 'x')};
  report.origin.variables = {{"CI_JOB_URL", "https://u:sesame@ci/1"}};
  TidyTexts(report);
  EXPECT_EQ(report.message, "cannot reach postgresql://u:***@h/d");
  EXPECT_EQ(report.command, std::string(497, 'x') + "…");
  EXPECT_EQ(report.project, std::string(500, 'x'));
  EXPECT_EQ(report.target->database, "http://u:***@h");
  EXPECT_EQ(report.drift[0], "table \"a\"");
  EXPECT_EQ(report.drift[1].size(), 500U);
  EXPECT_EQ(report.origin.variables[0].second, "https://u:***@ci/1");
  report.message =
      "PGPASSWORD=sesame psql \"host=h password='open sesame' user=u\" && curl "
      "https://hooks.slack.com/services/T0/B0/sesame; password= is empty";
  TidyTexts(report);
  EXPECT_EQ(report.message,
            "PGPASSWORD=*** psql \"host=h password='***' user=u\" && curl "
            "https://hooks.slack.com/***; password= is empty");
  report.message = std::string(9000, 'x');
  TidyTexts(report);
  EXPECT_EQ(report.message.size(), 5000U);
}

}  // namespace
}  // namespace ballast::report
