// SPDX-License-Identifier: Apache-2.0
// Compares key figures of a project and a database with thresholds: duration and success rate of
// deploys, drift. For `log --summary`, metrics and the dashboard.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/metrics_text.h"
#include "report/run_report.h"

namespace ballast::report {

enum class Level { kOk, kWarn, kAlert, kUnknown };
std::string_view NameOf(Level level);  // "ok", "warning", "alert", "unknown"

struct Threshold {
  double warn = 0;
  double alert = 0;
};

// Times in seconds, success rate in percent.
struct Thresholds {
  Threshold fresh_deploy{60, 300};         // of a release on a fresh database
  Threshold apply{30, 180};                // stage "apply" of a deploy
  Threshold success_rate{98, 90};          // of deploys in the window; lower is worse
  Threshold package_generation{120, 300};  // release create
  Threshold drift{1, 1};                   // objects
  Threshold package_age{14, 60};           // in days, of a package that lacks migrations
  double window = 30.0 * 24 * 3600;        // in seconds; for the success rate and the slowest runs
};

// The state of a database and a project apart from their runs.
struct CurrentState {
  std::optional<int> drift;  // number of objects; empty: not compared
  // Age of the package in days if the history has migrations that it does not cover, else 0; empty:
  // there is no package.
  std::optional<double> package_age;
  std::string package_detail;
};

struct KeyFigure {
  std::string name;             // "fresh_deploy_seconds", …
  std::string unit;             // "seconds", "percent", "objects" or "days"
  std::optional<double> value;  // empty: not known
  Threshold threshold;
  Level level = Level::kUnknown;
  std::string detail;  // the source of the value: "v1.1.0, 2026-11-26T20:11:14.123Z"; can be empty
};

// All figures, in a fixed order. `runs` are those of the window, in any order; of durations the
// longest is used. Refusals count as failures in the success rate; runs with nothing to do are
// ignored.
std::vector<KeyFigure> ComputeKeyFigures(const std::vector<RunReport>& runs,
                                         const CurrentState& state, const Thresholds& thresholds);

// The worst level; kUnknown counts as kOk.
Level WorstOf(const std::vector<KeyFigure>& figures);

// Adds ballast_key_figure, ballast_key_figure_threshold and ballast_key_figure_state (0 ok, 1
// warning, 2 alert). Unknown figures have only their thresholds.
void AddKeyFigureMetrics(const std::vector<KeyFigure>& figures, const Labels& labels,
                         MetricsText& metrics);

}  // namespace ballast::report
