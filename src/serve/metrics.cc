// SPDX-License-Identifier: Apache-2.0
#include "serve/metrics.h"

#include <utility>

#include "base/version.h"
#include "report/metrics_text.h"
#include "report/run_metrics.h"

namespace ballast::serve {
namespace {

using report::Labels;
using report::MetricsText;

// Only for a database that answers: zeros would end the alerts of one that does not.
void AddCounts(const DatabaseState& state, const Labels& labels, MetricsText& metrics) {
  const auto add = [&](std::string_view name, std::string_view help, size_t count) {
    metrics.Add(name, help, labels, static_cast<double>(count));
  };
  add("ballast_database_pending_migrations", "Migrations that a deploy would run.",
      state.pending.size());
  add("ballast_database_failed_migrations", "Failed migrations that block a deploy.",
      state.failed.size());
  if (!state.compared) return;
  add("ballast_database_drift_objects", "Objects that differ from the proven state.",
      state.drift.size());
  add("ballast_database_additions", "Objects that the release does not manage.",
      state.addition_objects.size());
}

void AddDatabase(const StateView& view, size_t index, MetricsText& metrics) {
  const DatabaseState& state = *view.databases[index];
  const bool known = view.KnownAt(index);
  const Labels labels = {{"name", state.name}, {"project", state.project_label}};
  const auto add = [&](std::string_view name, std::string_view help, double value) {
    metrics.Add(name, help, labels, value);
  };
  add("ballast_database_ready", "1 if the database is current and as proven, else 0.",
      view.ReadyAt(index));
  add("ballast_database_reachable", "1 if the database answers or was not asked, else 0.",
      view.ReachableAt(index));
  add("ballast_database_observed", "1 if the last observation of the database succeeded, else 0.",
      known);
  if (known) AddCounts(state, labels, metrics);
  if (!state.looked_at) return;
  const std::chrono::duration<double> at = state.looked_at->time_since_epoch();
  add("ballast_database_last_look_timestamp_seconds", "End of the last observation, in Unix time.",
      at.count());
  add("ballast_database_look_duration_seconds", "Duration of the last observation.",
      static_cast<double>(state.took.count()) / 1000);
}

void AddPackages(const StateView& view, MetricsText& metrics) {
  for (const PackagePtr& package : view.packages) {
    if (!package->present && !package->error) continue;
    const Labels labels = {{"project", package->project_label}, {"version", package->version}};
    metrics.Add("ballast_package_intact",
                "1 if every byte of the package matches its manifest, else 0.", labels,
                package->Intact());
    metrics.Add("ballast_package_newer_migrations",
                "Migrations of the project that the package does not cover.", labels,
                static_cast<double>(package->newer_migrations.size()));
  }
}

// ballast_key_figure_state under the name that the first versions of `serve` gave it.
void AddLevels(const std::vector<report::KeyFigure>& figures, MetricsText& metrics) {
  for (const report::KeyFigure& figure : figures) {
    if (!figure.value) continue;
    metrics.Add("ballast_key_figure_level", "The same as ballast_key_figure_state.",
                {{"figure", figure.name}}, static_cast<double>(figure.level));
  }
}

void AddCounters(const ServerCounters& counters, MetricsText& metrics) {
  metrics.Add("ballast_serve_requests_total", "Requests that were answered.", {},
              static_cast<double>(counters.requests.load()));
  metrics.Add("ballast_serve_refused_total", "Requests and connections that were refused.", {},
              static_cast<double>(counters.refused.load()));
  metrics.Add("ballast_serve_reports_total", "Run reports that were accepted.", {},
              static_cast<double>(counters.reports.load()));
  metrics.Add("ballast_serve_streams", "Open event streams.", {},
              static_cast<double>(counters.streams.load()));
}

}  // namespace

std::string RenderMetrics(const StateView& view, const std::vector<RunCount>& runs,
                          const std::vector<KnownRun>& last_runs,
                          const std::vector<report::KeyFigure>& figures,
                          const ServerCounters& counters) {
  MetricsText metrics;
  metrics.Add("ballast_serve_info", "The program that answers.",
              {{"version", std::string(kVersion)}}, 1);
  metrics.Add("ballast_ready", "1 if GET /readyz answers 200, else 0.", {}, view.Reasons().empty());
  for (size_t i = 0; i < view.databases.size(); ++i) {
    AddDatabase(view, i, metrics);
  }
  AddPackages(view, metrics);
  for (const RunCount& run : runs) {
    metrics.Add("ballast_runs_total", "Runs of ballast that are known, by outcome.",
                {{"name", run.database}, {"command", run.command}, {"outcome", run.outcome}},
                static_cast<double>(run.count));
  }
  for (const KnownRun& run : last_runs) {
    Labels labels = {{"name", run.name}};
    const Labels own = report::LabelsOf(run.report);
    labels.insert(labels.end(), own.begin(), own.end());
    report::AddSuccess(run.report, labels, metrics);
    report::AddDuration(run.report, labels, metrics);
  }
  report::AddKeyFigureMetrics(figures, {}, metrics);
  AddLevels(figures, metrics);
  AddCounters(counters, metrics);
  return metrics.Text();
}

}  // namespace ballast::serve
