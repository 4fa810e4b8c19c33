// SPDX-License-Identifier: Apache-2.0
#include "serve/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace ballast::serve {
namespace {

bool IsDeploy(const report::RunReport& run) {
  return run.command == "deploy" && run.outcome == report::Outcome::kDone;
}

std::string AboutRun(const report::RunReport& run) {
  std::string about = run.target ? run.target->database : run.project;
  if (!run.release.empty()) about += (about.empty() ? "" : ", ") + run.release;
  return about + (about.empty() ? "" : ", ") + run.started_at;
}

// The slowest of the runs that `wanted` picks.
template <class Wanted, class Seconds>
void TakeSlowest(const std::vector<report::RunReport>& runs, Wanted wanted, Seconds seconds,
                 Figure& figure) {
  for (const report::RunReport& run : runs) {
    if (!wanted(run)) continue;
    const double took = seconds(run);
    if (figure.value && *figure.value >= took) continue;
    figure.value = took;
    figure.about = AboutRun(run);
  }
}

double WholeSeconds(const report::RunReport& run) { return run.duration_ms / 1000; }

double ApplySeconds(const report::RunReport& run) {
  double milliseconds = 0;
  for (const report::Stage& stage : run.stages) {
    if (stage.name == "apply") milliseconds += stage.duration_ms;
  }
  return milliseconds / 1000;
}

void TakeSuccess(const std::vector<report::RunReport>& runs, Figure& figure) {
  size_t all = 0, failed = 0;
  for (const report::RunReport& run : runs) {
    if (run.command != "deploy") continue;
    ++all;
    if (report::IsFailure(run.outcome)) ++failed;
  }
  if (all == 0) return;
  figure.value = 100.0 * static_cast<double>(all - failed) / static_cast<double>(all);
  figure.about = fmt::format("{} of {} deploys", all - failed, all);
}

void TakeDrift(const BoardView& view, Figure& figure) {
  for (const DatabasePtr& database : view.databases) {
    if (database->found.empty()) continue;
    const auto count = static_cast<double>(database->drift.size());
    if (figure.value && *figure.value >= count) continue;
    figure.value = count;
    figure.about = database->name;
  }
}

std::optional<double> DaysSince(const std::string& time) {
  std::tm parts{};
  if (strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return std::nullopt;
  const std::time_t then = timegm(&parts);
  return std::max(0.0, std::difftime(std::time(nullptr), then) / 86400);
}

// How old a package is that lacks migrations of its project.
void TakeAge(const BoardView& view, Figure& figure) {
  for (const PackagePtr& package : view.packages) {
    if (package->version.empty()) continue;
    const auto days = DaysSince(package->generated_at);
    const double age = package->newer_migrations.empty() ? 0 : days.value_or(0);
    if (figure.value && *figure.value >= age) continue;
    figure.value = age;
    figure.about = package->newer_migrations.empty()
                       ? package->version + " covers every migration"
                       : fmt::format("{} lacks {} newer migration{}", package->version,
                                     package->newer_migrations.size(),
                                     package->newer_migrations.size() == 1 ? "" : "s");
  }
}

}  // namespace

std::string_view NameOf(FigureState state) {
  switch (state) {
    case FigureState::kUnknown:
      return "unknown";
    case FigureState::kOk:
      return "ok";
    case FigureState::kWarning:
      return "warning";
    case FigureState::kAlert:
      return "alert";
  }
  return "";
}

FigureState Figure::State() const {
  if (!value) return FigureState::kUnknown;
  const auto past = [&](double limit) {
    return lower_is_worse ? *value < limit : *value >= limit;
  };
  if (past(alert)) return FigureState::kAlert;
  return past(warning) ? FigureState::kWarning : FigureState::kOk;
}

std::vector<Figure> FiguresOf(const BoardView& view, const std::vector<report::RunReport>& runs) {
  Figure fresh{"fresh_deploy_seconds", "Deploy to an empty database", "s", {}, 60, 300, false, ""};
  TakeSlowest(
      runs, [](const auto& run) { return IsDeploy(run) && run.found == "fresh"; }, WholeSeconds,
      fresh);
  Figure apply{"apply_seconds", "Applying migrations", "s", {}, 30, 180, false, ""};
  TakeSlowest(
      runs, [](const auto& run) { return IsDeploy(run) && run.found != "fresh"; }, ApplySeconds,
      apply);
  Figure success{"deploy_success_percent", "Deploys that succeed", "%", {}, 98, 90, true, ""};
  TakeSuccess(runs, success);
  Figure package{"package_generation_seconds", "Making a package", "s", {}, 120, 300, false, ""};
  TakeSlowest(
      runs,
      [](const auto& run) { return run.command == "release create" && !report::IsFailure(run.outcome); },
      WholeSeconds, package);
  Figure drift{"drift_objects", "Objects that have drifted", "objects", {}, 1, 1, false, ""};
  TakeDrift(view, drift);
  Figure age{"package_age_days", "Age of a package that lacks migrations", "days", {}, 14, 60,
             false, ""};
  TakeAge(view, age);
  return {fresh, apply, success, package, drift, age};
}

}  // namespace ballast::serve
