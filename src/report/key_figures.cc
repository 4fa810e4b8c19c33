// SPDX-License-Identifier: Apache-2.0
#include "report/key_figures.h"

#include <fmt/format.h>

#include <algorithm>

namespace ballast::report {
namespace {

enum class Worse { kHigher, kLower };

Level LevelOf(double value, const Threshold& threshold, Worse worse) {
  const auto past = [&](double limit) {
    return worse == Worse::kHigher ? value >= limit : value < limit;
  };
  if (past(threshold.alert)) return Level::kAlert;
  return past(threshold.warn) ? Level::kWarn : Level::kOk;
}

// The longest of some times, and where it is from.
class Slowest {
 public:
  void Add(double ms, const RunReport& run) {
    if (ms_ && *ms_ >= ms) return;
    ms_ = ms;
    detail_ =
        run.release.empty() ? run.started_at : fmt::format("{}, {}", run.release, run.started_at);
  }
  void Into(KeyFigure& figure) const {
    if (!ms_) return;
    figure.value = *ms_ / 1000;
    figure.detail = detail_;
  }

 private:
  std::optional<double> ms_;
  std::string detail_;
};

bool IsDeploy(const RunReport& run) {
  return run.command == "deploy";
}

void FreshDeploy(const std::vector<RunReport>& runs, KeyFigure& figure) {
  Slowest slowest;
  for (const RunReport& run : runs) {
    const bool counts = IsDeploy(run) && run.outcome == Outcome::kDone && run.found == "fresh" &&
                        run.strategy == "release";
    if (counts && run.duration_ms) slowest.Add(*run.duration_ms, run);
  }
  slowest.Into(figure);
}

void Apply(const std::vector<RunReport>& runs, KeyFigure& figure) {
  Slowest slowest;
  for (const RunReport& run : runs) {
    if (!IsDeploy(run)) continue;
    for (const Stage& stage : run.stages) {
      if (stage.name == "apply") slowest.Add(stage.duration_ms, run);
    }
  }
  slowest.Into(figure);
}

void SuccessRate(const std::vector<RunReport>& runs, KeyFigure& figure) {
  int deploys = 0;
  int failed = 0;
  for (const RunReport& run : runs) {
    if (!IsDeploy(run) || run.outcome == Outcome::kNothing) continue;
    ++deploys;
    failed += IsFailure(run.outcome) ? 1 : 0;
  }
  if (deploys == 0) return;
  figure.value = 100.0 * (deploys - failed) / deploys;
  figure.detail = fmt::format("{} of {} deploys", deploys - failed, deploys);
}

void PackageGeneration(const std::vector<RunReport>& runs, KeyFigure& figure) {
  Slowest slowest;
  for (const RunReport& run : runs) {
    const bool made = run.command == "release create" && !IsFailure(run.outcome) &&
                      !run.stages.empty();  // else nothing was made
    if (made && run.duration_ms) slowest.Add(*run.duration_ms, run);
  }
  slowest.Into(figure);
}

}  // namespace

std::string_view NameOf(Level level) {
  switch (level) {
    case Level::kOk:
      return "ok";
    case Level::kWarn:
      return "warning";
    case Level::kAlert:
      return "alert";
    case Level::kUnknown:
      break;
  }
  return "unknown";
}

std::vector<KeyFigure> ComputeKeyFigures(const std::vector<RunReport>& runs,
                                         const CurrentState& state, const Thresholds& thresholds) {
  std::vector<KeyFigure> figures = {
      {"fresh_deploy_seconds", "seconds", {}, thresholds.fresh_deploy, {}, {}},
      {"apply_seconds", "seconds", {}, thresholds.apply, {}, {}},
      {"deploy_success_percent", "percent", {}, thresholds.success_rate, {}, {}},
      {"package_generation_seconds", "seconds", {}, thresholds.package_generation, {}, {}},
      {"drift_objects", "objects", {}, thresholds.drift, {}, {}},
      {"package_age_days", "days", {}, thresholds.package_age, {}, {}}};
  FreshDeploy(runs, figures[0]);
  Apply(runs, figures[1]);
  SuccessRate(runs, figures[2]);
  PackageGeneration(runs, figures[3]);
  if (state.drift) figures[4].value = *state.drift;
  figures[5].value = state.package_age;
  figures[5].detail = state.package_detail;
  for (KeyFigure& figure : figures) {
    const Worse worse = figure.name == "deploy_success_percent" ? Worse::kLower : Worse::kHigher;
    figure.level = figure.value ? LevelOf(*figure.value, figure.threshold, worse) : Level::kUnknown;
  }
  return figures;
}

Level WorstOf(const std::vector<KeyFigure>& figures) {
  Level worst = Level::kOk;
  for (const KeyFigure& figure : figures) {
    if (figure.level != Level::kUnknown) worst = std::max(worst, figure.level);
  }
  return worst;
}

void AddKeyFigureMetrics(const std::vector<KeyFigure>& figures, const Labels& labels,
                         MetricsText& metrics) {
  const auto with = [&](const std::string& name, const std::string& value, Labels all) {
    all.emplace_back(name, value);
    return all;
  };
  for (const KeyFigure& figure : figures) {
    const Labels own = with("figure", figure.name, labels);
    metrics.Add("ballast_key_figure_threshold", "The thresholds of a key figure.",
                with("level", "warn", own), figure.threshold.warn);
    metrics.Add("ballast_key_figure_threshold", "The thresholds of a key figure.",
                with("level", "alert", own), figure.threshold.alert);
    if (!figure.value) continue;
    metrics.Add("ballast_key_figure", "A key figure: seconds, percent, objects or days.", own,
                *figure.value);
    metrics.Add("ballast_key_figure_state",
                "0: ok, 1: past the warning threshold, 2: past the alert threshold.", own,
                static_cast<double>(figure.level));
  }
}

}  // namespace ballast::report
