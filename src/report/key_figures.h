// SPDX-License-Identifier: Apache-2.0
// Key figures of a project and a database against thresholds: how long deploys take, how many
// succeed, what drifts. For `log --summary`, metrics and the dashboard.
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

// Times are in seconds, the success rate in percent.
struct Thresholds {
  Threshold fresh_deploy{60, 300};         // of a release on a fresh database
  Threshold apply{30, 180};                // stage "apply" of a deploy
  Threshold success_rate{98, 90};          // of the deploys of the window; lower is worse
  Threshold package_generation{120, 300};  // release create
  Threshold drift{1, 1};                   // objects
  Threshold package_age{14, 60};           // days, of a package that lacks migrations
  double window = 30.0 * 24 * 3600;        // of the success rate and of the slowest runs
};

// What is known of a database and a project besides their runs.
struct CurrentState {
  std::optional<int> drift;  // objects; empty: not compared
  // Days since the package was made, if the history has migrations that it does not cover, else 0;
  // empty: there is no package.
  std::optional<double> package_age;
  std::string package_detail;
};

struct KeyFigure {
  std::string name;             // "fresh_deploy_seconds", …
  std::string unit;             // "seconds", "percent", "objects" or "days"
  std::optional<double> value;  // empty: not known
  Threshold threshold;
  Level level = Level::kUnknown;
  std::string detail;  // what the value is from: "v1.1.0, 2026-11-26T20:11:14.123Z"; may be empty
};

// In a fixed order, every figure. `runs` are those of the window, in any order; of times the
// slowest counts. Refusals count as failures in the success rate; runs with nothing to do do not
// count.
std::vector<KeyFigure> ComputeKeyFigures(const std::vector<RunReport>& runs,
                                         const CurrentState& state, const Thresholds& thresholds);

// The worst of them; kUnknown counts as kOk.
Level WorstOf(const std::vector<KeyFigure>& figures);

// ballast_key_figure, ballast_key_figure_threshold and ballast_key_figure_state (0 ok, 1
// warning, 2 alert); figures that are not known are left out.
void AddKeyFigureMetrics(const std::vector<KeyFigure>& figures, const Labels& labels,
                         MetricsText& metrics);

}  // namespace ballast::report
