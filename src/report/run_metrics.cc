// SPDX-License-Identifier: Apache-2.0
#include "report/run_metrics.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/text.h"

namespace ballast::report {
namespace {

constexpr std::string_view kDriftObjects = "ballast_drift_objects";
constexpr std::string_view kAdditions = "ballast_additions";

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

// The value of the first sample of a metric with the labels of the target, command aside.
bool ReadCount(std::string_view text, std::string_view name, const RunReport& run, size_t* count) {
  MetricsText sample;
  sample.Add(name, "", TargetLabels(run), 0);
  std::string beginning = sample.Text();  // name{labels} 0
  beginning.resize(beginning.rfind('}'));
  beginning.erase(0, beginning.rfind('\n') + 1);
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (!line.starts_with(beginning)) continue;
    const std::string_view value = line.substr(line.rfind(' ') + 1);
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), *count);
    return failed == std::errc() && end == value.data() + value.size();
  }
  return false;
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

std::optional<ObjectCounts> ObjectCountsOf(const RunReport& run) {
  const bool equal =
      !run.fingerprint_expected.empty() && run.fingerprint_expected == run.fingerprint_actual;
  const bool repaired = run.command == "repair" && run.outcome == Outcome::kDone;
  if (equal || repaired) return ObjectCounts{0, run.additions.size()};
  const bool compared = !run.drift.empty() || !run.additions.empty() ||
                        (!run.fingerprint_expected.empty() && !run.fingerprint_actual.empty());
  if (!compared) return std::nullopt;
  return ObjectCounts{run.drift.size(), run.additions.size()};
}

std::optional<ObjectCounts> ObjectCountsIn(std::string_view text, const RunReport& run) {
  ObjectCounts counts;
  const bool found = ReadCount(text, kDriftObjects, run, &counts.drift) &&
                     ReadCount(text, kAdditions, run, &counts.additions);
  return found ? std::optional(counts) : std::nullopt;
}

std::string ObjectLinesIn(std::string_view text) {
  std::string lines;
  for (const std::string& line : Split(text, '\n')) {
    const std::string_view name =
        std::string_view(line).substr(line.starts_with("# ") ? line.find(' ', 2) + 1 : 0);
    for (const std::string_view known : {kDriftObjects, kAdditions}) {
      const bool same = name.starts_with(known) && name.size() > known.size() &&
                        (name[known.size()] == '{' || name[known.size()] == ' ');
      if (same) lines += line + '\n';
    }
  }
  return lines;
}

void AddRunMetrics(const RunReport& run, const std::optional<ObjectCounts>& known, double ended,
                   MetricsText& metrics) {
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
  if (run.target && known) {
    metrics.Add(kDriftObjects,
                "Objects that differ from the proven state, as the last comparison found them.",
                labels, static_cast<double>(known->drift));
    metrics.Add(kAdditions,
                "Objects that the release does not manage, as the last comparison found them.",
                labels, static_cast<double>(known->additions));
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
