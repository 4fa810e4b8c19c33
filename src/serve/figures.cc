// SPDX-License-Identifier: Apache-2.0
#include "serve/figures.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iterator>

#include "base/text.h"

namespace ballast::serve {
namespace {

std::time_t SecondsOf(const std::string& time) {
  std::tm parts{};
  return strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr ? 0 : timegm(&parts);
}

// The age of a package that lacks migrations of its project.
void FillAge(const PackageState& package, report::CurrentState& state) {
  if (package.version.empty()) return;
  const size_t newer = package.newer_migrations.size();
  const double age = std::difftime(std::time(nullptr), SecondsOf(package.generated_at)) / 86400;
  const double found = newer == 0 ? 0 : std::max(0.0, age);
  if (state.package_age && *state.package_age >= found) return;
  state.package_age = found;
  state.package_detail =
      newer == 0 ? package.version + " covers every migration"
                 : fmt::format("{} lacks {}", package.version, Counted(newer, "newer migration"));
}

// Of a database that does not answer, what was known last counts. Not known if one that was not
// compared could have the largest.
std::optional<int> LargestDrift(const StateView& view) {
  int largest = 0;
  bool all = !view.databases.empty();
  for (const DatabasePtr& database : view.databases) {
    largest = std::max(largest, static_cast<int>(database->last_drift.value_or(0)));
    all = all && database->last_drift.has_value();
  }
  return all || largest > 0 ? std::optional(largest) : std::nullopt;
}

}  // namespace

std::vector<report::KeyFigure> FiguresOf(const StateView& view,
                                         const std::vector<report::RunReport>& runs,
                                         const report::Thresholds& thresholds) {
  report::CurrentState state;
  state.drift = LargestDrift(view);
  for (const PackagePtr& package : view.packages) FillAge(*package, state);
  const std::time_t begin = std::time(nullptr) - static_cast<std::time_t>(thresholds.window);
  const std::string since = fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(begin));
  std::vector<report::RunReport> recent;
  std::copy_if(runs.begin(), runs.end(), std::back_inserter(recent),
               [&](const report::RunReport& run) { return run.started_at >= since; });
  return report::ComputeKeyFigures(recent, state, thresholds);
}

}  // namespace ballast::serve
