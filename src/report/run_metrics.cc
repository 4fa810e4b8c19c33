// SPDX-License-Identifier: Apache-2.0
#include "report/run_metrics.h"

#include <algorithm>

namespace ballast::report {
namespace {

Labels With(Labels labels, std::string name, std::string value) {
  labels.emplace_back(std::move(name), std::move(value));
  return labels;
}

void AddTimes(const RunReport& run, const Labels& labels, MetricsText& metrics) {
  for (const Stage& stage : run.stages) {
    metrics.Add("ballast_run_stage_duration_seconds", "Duration of a stage of the last run.",
                With(labels, "stage", stage.name), stage.duration_ms / 1000);
  }
  metrics.Add("ballast_run_migrations", "Migrations that the last run applied.", labels,
              static_cast<double>(run.migrations.size()));
  const auto slowest = std::max_element(
      run.migrations.begin(), run.migrations.end(),
      [](const MigrationTime& a, const MigrationTime& b) { return a.duration_ms < b.duration_ms; });
  if (slowest == run.migrations.end() || !slowest->duration_ms) return;
  metrics.Add("ballast_run_slowest_migration_duration_seconds",
              "Duration of the slowest migration of the last run.",
              With(labels, "migration", slowest->name), *slowest->duration_ms / 1000);
}

}  // namespace

Labels TargetLabels(const RunReport& run) {
  Labels labels = {{"project", run.project}};
  labels.emplace_back("database", run.target ? run.target->database : "");
  labels.emplace_back("schema", run.target ? run.target->schema : "");
  labels.emplace_back("server",
                      run.target ? run.target->host + ":" + std::to_string(run.target->port) : "");
  return labels;
}

Labels LabelsOf(const RunReport& run) {
  return With(TargetLabels(run), "command", run.command);
}

void AddSuccess(const RunReport& run, const Labels& labels, MetricsText& metrics) {
  metrics.Add("ballast_run_success", "1 if the last run succeeded, else 0.", labels,
              IsFailure(run.outcome) ? 0 : 1);
}

void AddDuration(const RunReport& run, const Labels& labels, MetricsText& metrics) {
  if (!run.duration_ms) return;
  metrics.Add("ballast_run_duration_seconds", "Duration of the last run.", labels,
              *run.duration_ms / 1000);
}

void AddRunMetrics(const RunReport& run, double ended, MetricsText& metrics) {
  const Labels labels = LabelsOf(run);
  metrics.Add("ballast_run_timestamp_seconds", "When the last run ended, in Unix time.", labels,
              ended);
  AddSuccess(run, labels, metrics);
  for (const char* outcome : {"done", "nothing", "refused", "failed", "partial", "interrupted"}) {
    metrics.Add("ballast_run_outcome", "1 for the outcome of the last run.",
                With(labels, "outcome", outcome), NameOf(run.outcome) == outcome ? 1 : 0);
  }
  AddDuration(run, labels, metrics);
  AddTimes(run, labels, metrics);
  if (run.target) {
    metrics.Add("ballast_drift_objects",
                "Objects that differ from the proven state, as the last run found them.", labels,
                static_cast<double>(run.drift.size()));
    metrics.Add("ballast_additions",
                "Objects that the release does not manage, as the last run found them.", labels,
                static_cast<double>(run.additions.size()));
  }
  if (run.targets) {
    for (const auto& [outcome, count] : CountsOf(*run.targets)) {
      metrics.Add("ballast_run_targets", "Targets of the last run of a fleet, by outcome.",
                  With(labels, "outcome", std::string(outcome)), count);
    }
  }
  if (!run.release.empty()) {
    metrics.Add("ballast_release_info", "The release of the last run; always 1.",
                With(labels, "release", run.release), 1);
  }
}

}  // namespace ballast::report
