// SPDX-License-Identifier: Apache-2.0
#include "serve/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <set>
#include <utility>

#include "base/version.h"
#include "report/run_metrics.h"

namespace ballast::serve {
namespace {

using Labels = std::map<std::string, std::string>;

class Families {
 public:
  explicit Families(prometheus::Registry& registry) : registry_(registry) {}

  void Gauge(const char* name, const char* help, const Labels& labels, double value) {
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
    family.Add(labels).Set(value);
  }
  void Counter(const char* name, const char* help, const Labels& labels, double value) {
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
    family.Add(labels).Increment(value);
  }

 private:
  prometheus::Registry& registry_;
};

// The families of databases, registered once and filled for each.
class DatabaseFamilies {
 public:
  explicit DatabaseFamilies(prometheus::Registry& registry)
      : ready_(Make(registry, "ballast_database_ready",
                    "1 if the database is current and as proven, else 0.")),
        reachable_(Make(registry, "ballast_database_reachable",
                        "1 if the last look at the database succeeded, else 0.")),
        pending_(Make(registry, "ballast_database_pending_migrations",
                      "Migrations that a deploy would run.")),
        failed_(Make(registry, "ballast_database_failed_migrations",
                     "Failed migrations that block a deploy.")),
        drift_(Make(registry, "ballast_database_drift_objects",
                    "Objects that differ from the proven state.")),
        additions_(Make(registry, "ballast_database_additions", "Objects of others.")),
        looked_(Make(registry, "ballast_database_last_look_timestamp_seconds",
                     "When the last look ended, in Unix time.")),
        took_(Make(registry, "ballast_database_look_duration_seconds",
                   "Duration of the last look.")) {}

  void Add(const DatabaseState& state, bool ready, bool stale) {
    const Labels labels = {{"name", state.name}, {"project", state.project}};
    Set(ready_, labels, ready ? 1 : 0);
    Set(reachable_, labels, !stale && !state.error && state.looked_at ? 1 : 0);
    Set(pending_, labels, static_cast<double>(state.pending.size()));
    Set(failed_, labels, static_cast<double>(state.failed.size()));
    Set(drift_, labels, static_cast<double>(state.drift.size()));
    Set(additions_, labels, static_cast<double>(state.additions.size()));
    if (!state.looked_at) return;
    const std::chrono::duration<double> at = state.looked_at->time_since_epoch();
    Set(looked_, labels, at.count());
    Set(took_, labels, static_cast<double>(state.took.count()) / 1000);
  }

 private:
  using Family = prometheus::Family<prometheus::Gauge>;

  static Family& Make(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }
  static void Set(Family& family, const Labels& labels, double value) {
    family.Add(labels).Set(value);
  }

  Family& ready_;
  Family& reachable_;
  Family& pending_;
  Family& failed_;
  Family& drift_;
  Family& additions_;
  Family& looked_;
  Family& took_;
};

void AddPackages(const BoardView& view, prometheus::Registry& registry) {
  auto& intact = prometheus::BuildGauge()
                     .Name("ballast_package_intact")
                     .Help("1 if every byte of the package is as its manifest says, else 0.")
                     .Register(registry);
  auto& newer = prometheus::BuildGauge()
                    .Name("ballast_package_newer_migrations")
                    .Help("Migrations of the project that the package does not cover.")
                    .Register(registry);
  for (const PackagePtr& package : view.packages) {
    if (!package->present && !package->error) continue;
    const Labels labels = {{"project", package->project}, {"version", package->version}};
    intact.Add(labels).Set(package->Intact() ? 1 : 0);
    newer.Add(labels).Set(static_cast<double>(package->newer_migrations.size()));
  }
}

// Under the names and labels of report::AddRunMetrics.
void AddLastRuns(const std::vector<report::RunReport>& runs, prometheus::Registry& registry) {
  auto& success = prometheus::BuildGauge()
                      .Name("ballast_run_success")
                      .Help("1 if the last run ended as it should, else 0.")
                      .Register(registry);
  auto& duration = prometheus::BuildGauge()
                       .Name("ballast_run_duration_seconds")
                       .Help("Duration of the last run.")
                       .Register(registry);
  for (const report::RunReport& run : runs) {
    Labels labels = {{"command", run.command}};
    for (const auto& [name, value] : report::TargetLabels(run)) labels[name] = value;
    success.Add(labels).Set(report::IsFailure(run.outcome) ? 0 : 1);
    duration.Add(labels).Set(run.duration_ms / 1000);
  }
}

// Under the names of report::AddKeyFigureMetrics, for all databases together.
void AddFigures(const std::vector<report::KeyFigure>& figures, prometheus::Registry& registry) {
  auto& values = prometheus::BuildGauge()
                     .Name("ballast_key_figure")
                     .Help("The key figures; docs/operations.md lists them with their units.")
                     .Register(registry);
  auto& levels = prometheus::BuildGauge()
                     .Name("ballast_key_figure_level")
                     .Help("0: ok, 1: past the warning threshold, 2: past the alert threshold.")
                     .Register(registry);
  auto& thresholds = prometheus::BuildGauge()
                         .Name("ballast_key_figure_threshold")
                         .Help("The thresholds of the key figures.")
                         .Register(registry);
  auto& states = prometheus::BuildGauge()
                     .Name("ballast_key_figure_state")
                     .Help("The same as ballast_key_figure_level.")
                     .Register(registry);
  for (const report::KeyFigure& figure : figures) {
    thresholds.Add({{"figure", figure.name}, {"level", "warn"}}).Set(figure.threshold.warn);
    thresholds.Add({{"figure", figure.name}, {"level", "alert"}}).Set(figure.threshold.alert);
    if (!figure.value) continue;
    values.Add({{"figure", figure.name}}).Set(*figure.value);
    const double level = figure.level == report::Level::kAlert  ? 2
                         : figure.level == report::Level::kWarn ? 1
                                                                : 0;
    levels.Add({{"figure", figure.name}}).Set(level);
    states.Add({{"figure", figure.name}}).Set(level);
  }
}

}  // namespace

std::vector<report::RunReport> LastRuns(const std::vector<report::RunReport>& runs) {
  std::set<std::pair<report::Labels, std::string>> seen;
  std::vector<report::RunReport> last;
  for (const report::RunReport& run : runs) {
    if (seen.emplace(report::TargetLabels(run), run.command).second) last.push_back(run);
  }
  return last;
}

std::string RenderMetrics(const BoardView& view, const std::vector<RunCount>& runs,
                          const std::vector<report::RunReport>& last_runs,
                          const std::vector<report::KeyFigure>& figures,
                          const ServerCounters& counters) {
  prometheus::Registry registry;
  Families families(registry);
  families.Gauge("ballast_serve_info", "The program that answers.",
                 {{"version", std::string(kVersion)}}, 1);
  families.Gauge("ballast_ready", "1 if GET /readyz answers 200, else 0.", {},
                 view.Reasons().empty() ? 1 : 0);
  DatabaseFamilies databases(registry);
  for (size_t i = 0; i < view.databases.size(); ++i) {
    databases.Add(*view.databases[i], view.ReadyAt(i), view.staleness[i].stale);
  }
  AddPackages(view, registry);
  auto& counted = prometheus::BuildCounter()
                      .Name("ballast_runs_total")
                      .Help("Runs of ballast that are known, by outcome.")
                      .Register(registry);
  for (const RunCount& run : runs) {
    counted.Add({{"name", run.database}, {"command", run.command}, {"outcome", run.outcome}})
        .Increment(static_cast<double>(run.count));
  }
  AddLastRuns(last_runs, registry);
  AddFigures(figures, registry);
  families.Counter("ballast_serve_requests_total", "Requests that were answered.", {},
                   static_cast<double>(counters.requests.load()));
  families.Counter("ballast_serve_refused_total", "Requests and connections that were refused.", {},
                   static_cast<double>(counters.refused.load()));
  families.Counter("ballast_serve_reports_total", "Run reports that were taken.", {},
                   static_cast<double>(counters.reports.load()));
  families.Gauge("ballast_serve_streams", "Open event streams.", {},
                 static_cast<double>(counters.streams.load()));
  return prometheus::TextSerializer().Serialize(registry.Collect());
}

}  // namespace ballast::serve
