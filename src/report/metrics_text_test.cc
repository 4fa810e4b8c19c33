// SPDX-License-Identifier: Apache-2.0
#include "report/metrics_text.h"

#include <gtest/gtest.h>

#include <limits>

#include "report/run_metrics.h"

namespace ballast::report {
namespace {

TEST(MetricsTextTest, PrintsSamplesOfOneNameTogether) {
  MetricsText metrics;
  metrics.Add("a", "First.", {{"x", "1"}, {"y", "2"}}, 0.25);
  metrics.Add("b_total", "Second\\line\nbreak.", {}, 7);
  metrics.Add("a", "Ignored.", {{"x", "quote \" backslash \\ line\nbreak"}}, -1);
  EXPECT_EQ(metrics.Text(),
            "# HELP a First.\n# TYPE a gauge\n"
            "a{x=\"1\",y=\"2\"} 0.25\n"
            "a{x=\"quote \\\" backslash \\\\ line\\nbreak\"} -1\n"
            "# HELP b_total Second\\\\line\\nbreak.\n# TYPE b_total counter\n"
            "b_total 7\n");
}

TEST(MetricsTextTest, PrintsSpecialNumbersAsPrometheusReadsThem) {
  MetricsText metrics;
  const double infinity = std::numeric_limits<double>::infinity();
  metrics.Add("a", "", {}, infinity);
  metrics.Add("a", "", {}, -infinity);
  metrics.Add("a", "", {}, std::numeric_limits<double>::quiet_NaN());
  metrics.Add("a", "", {}, 1e300);
  EXPECT_EQ(metrics.Text(), "# TYPE a gauge\na +Inf\na -Inf\na Nan\na 1e+300\n");
}

TEST(RunMetricsTest, NameOutcomeStagesAndTheSlowestMigration) {
  RunReport run;
  run.run = "r";
  run.command = "deploy";
  run.outcome = Outcome::kRefused;
  run.duration_ms = 1500;
  run.project = "shop";
  run.target = Target{"h", 5432, "db", "public", "app", ""};
  run.release = "v1";
  run.stages = {{"apply", 250}};
  run.migrations = {{"1_a", 10}, {"2_b", 200}, {"3_c", 5}};
  run.drift = {"x", "y"};
  MetricsText metrics;
  AddRunMetrics(run, ObjectCountsOf(run), 1700000000, metrics);
  const std::string text = metrics.Text();
  const std::string labels =
      R"({project="shop",database="db",schema="public",server="h:5432",command="deploy")";
  for (const std::string& line :
       {"ballast_run_success" + labels + "} 0\n",
        "ballast_run_timestamp_seconds" + labels + "} 1700000000\n",
        "ballast_run_outcome" + labels + R"(,outcome="refused"} 1)" + "\n",
        "ballast_run_outcome" + labels + R"(,outcome="done"} 0)" + "\n",
        "ballast_run_duration_seconds" + labels + "} 1.5\n",
        "ballast_run_stage_duration_seconds" + labels + R"(,stage="apply"} 0.25)" + "\n",
        "ballast_run_slowest_migration_duration_seconds" + labels + R"(,migration="2_b"} 0.2)" +
            "\n",
        "ballast_drift_objects" + labels + "} 2\n",
        "ballast_release_info" + labels + R"(,release="v1"} 1)" + "\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(RunMetricsTest, ObjectsAreCountedOnlyWhereTheyWereCompared) {
  struct Case {
    const char* what;
    RunReport run;
    std::optional<size_t> drift;
  };
  RunReport none;
  none.command = "deploy";
  none.target = Target{"h", 5432, "db", "public", "app", ""};
  RunReport equal = none;
  equal.fingerprint_expected = equal.fingerprint_actual = "3f9c";
  RunReport drifted = none;
  drifted.drift = {"x", "y"};
  RunReport with_additions = equal;
  with_additions.fingerprint_actual = "77aa";
  with_additions.additions = {"z"};
  RunReport repaired = drifted;
  repaired.command = "repair";
  RunReport refused = repaired;
  refused.outcome = Outcome::kRefused;
  for (const Case& c : {Case{"nothing compared", none, std::nullopt}, Case{"equal", equal, 0},
                        Case{"drift", drifted, 2}, Case{"additions", with_additions, 0},
                        Case{"repaired", repaired, 0}, Case{"repair refused", refused, 2}}) {
    const auto counts = ObjectCountsOf(c.run);
    ASSERT_EQ(counts.has_value(), c.drift.has_value()) << c.what;
    if (counts) {
      EXPECT_EQ(counts->drift, *c.drift) << c.what;
    }
  }
}

TEST(RunMetricsTest, TheCountsOfTheLastComparisonAreFoundInItsText) {
  RunReport run;
  run.command = "deploy";
  run.project = "a \"b\"";
  run.target = Target{"h", 5432, "db", "public", "app", ""};
  MetricsText metrics;
  AddRunMetrics(run, ObjectCounts{3, 14}, 1700000000, metrics);
  RunReport next = run;
  next.command = "repair";
  const auto counts = ObjectCountsIn(metrics.Text(), next);
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->drift, 3U);
  EXPECT_EQ(counts->additions, 14U);
  next.target->schema = "other";
  EXPECT_FALSE(ObjectCountsIn(metrics.Text(), next));
  EXPECT_FALSE(ObjectCountsIn("", run));
  EXPECT_FALSE(ObjectCountsIn("ballast_drift_objects{", run));
}

TEST(RunMetricsTest, ARunWithoutATargetKeepsTheLinesOfTheCounts) {
  RunReport run;
  run.command = "deploy";
  run.project = "a\nb";
  run.target = Target{"h", 5432, "db", "public", "app", ""};
  MetricsText metrics;
  AddRunMetrics(run, ObjectCounts{3, 14}, 1700000000, metrics);
  const std::string kept = ObjectLinesIn(metrics.Text());
  for (const char* name : {"ballast_drift_objects", "ballast_additions"}) {
    EXPECT_NE(kept.find(std::string("# TYPE ") + name + " gauge\n"), std::string::npos) << kept;
    EXPECT_NE(kept.find(std::string("\n") + name + "{project="), std::string::npos) << kept;
  }
  EXPECT_EQ(kept.find("ballast_run"), std::string::npos) << kept;
  EXPECT_EQ(ObjectLinesIn(kept), kept);
  EXPECT_EQ(ObjectLinesIn("ballast_drift_objects_total 1\n"), "");
}

TEST(RunMetricsTest, AFleetHasItsTargetsByOutcome) {
  RunReport run;
  run.command = "fleet deploy";
  run.project = "shop";
  run.targets = FleetTargets{.applied = 8, .failed = 1};
  MetricsText metrics;
  AddRunMetrics(run, ObjectCountsOf(run), 1700000000, metrics);
  const std::string text = metrics.Text();
  const std::string labels =
      R"({project="shop",database="",schema="",server="",command="fleet deploy")";
  for (const std::string& line :
       {"ballast_run_targets" + labels + R"(,outcome="applied"} 8)" + "\n",
        "ballast_run_targets" + labels + R"(,outcome="failed"} 1)" + "\n",
        "ballast_run_targets" + labels + R"(,outcome="not_started"} 0)" + "\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
  // Its duration is not known.
  EXPECT_EQ(text.find("ballast_run_duration_seconds"), std::string::npos) << text;
}

}  // namespace
}  // namespace ballast::report
