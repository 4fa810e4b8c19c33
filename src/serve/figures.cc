// SPDX-License-Identifier: Apache-2.0
#include "serve/figures.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace ballast::serve {
namespace {

void TakeLarger(std::optional<int>& kept, size_t found) {
  kept = std::max(kept.value_or(0), static_cast<int>(found));
}

}  // namespace

std::vector<report::KeyFigure> FiguresOf(const BoardView& view,
                                         const std::vector<report::RunReport>& runs,
                                         const report::Thresholds& thresholds) {
  report::CurrentState state;
  for (const DatabasePtr& database : view.databases) {
    if (!database->error && !database->found.empty()) {
      TakeLarger(state.drift, database->drift.size());
    }
  }
  for (const PackagePtr& package : view.packages) {
    if (!package->version.empty()) TakeLarger(state.package_age, package->newer_migrations.size());
  }
  const std::time_t begin = std::time(nullptr) - static_cast<std::time_t>(thresholds.window);
  const std::string since = fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(begin));
  std::vector<report::RunReport> recent;
  std::copy_if(runs.begin(), runs.end(), std::back_inserter(recent),
               [&](const report::RunReport& run) { return run.started_at >= since; });
  return report::ComputeKeyFigures(recent, state, thresholds);
}

}  // namespace ballast::serve
