// SPDX-License-Identifier: Apache-2.0
#include "commands/init_monitoring.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/text.h"

namespace ballast::commands {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kRules =
    R"(# Alert rules for Prometheus: name this file under `rule_files` in prometheus.yml.
# The metrics are those of `ballast deploy --metrics-file`, `ballast log --summary --metrics-file` and
# `ballast serve`; docs/operations.md of ballast describes them. The thresholds of the key figures are
# those of [thresholds] in ballast.toml.
groups:
  - name: ballast
    rules:
      - alert: BallastRunFailed
        expr: ballast_run_success == 0
        labels:
          severity: critical
        annotations:
          summary: 'ballast {{ $labels.command }}{{ with $labels.project }} of {{ . }}{{ end }} failed{{ with $labels.database }} on {{ . }}{{ end }}'
          description: 'See what happened: ballast log --failures'
      - alert: BallastKeyFigureAlert
        expr: ballast_key_figure_state == 2
        labels:
          severity: critical
        annotations:
          summary: '{{ $labels.figure }}{{ with $labels.project }} of {{ . }}{{ end }} is past its alert threshold'
          description: 'See all key figures: ballast log --summary'
      - alert: BallastKeyFigureWarning
        expr: ballast_key_figure_state == 1
        labels:
          severity: warning
        annotations:
          summary: '{{ $labels.figure }}{{ with $labels.project }} of {{ . }}{{ end }} is past its warning threshold'
          description: 'See all key figures: ballast log --summary'
      - alert: BallastDrift
        expr: ballast_drift_objects > 0
        labels:
          severity: warning
        annotations:
          summary: '{{ if eq $value 1.0 }}1 object of {{ $labels.database }} is{{ else }}{{ $value }} objects of {{ $labels.database }} are{{ end }} not as proven'
          description: 'See which, and decide: ballast status'
      - alert: BallastDatabaseUnreachable
        expr: ballast_database_reachable == 0
        for: 1m
        labels:
          severity: critical
        annotations:
          summary: '{{ or $labels.name $labels.database }} does not answer'
          description: 'See why on the dashboard, or GET /readyz; without ballast serve: ballast status'
      - alert: BallastDatabaseNotObserved
        # It answers, but its project, package, credentials, privileges or a lock do not allow it.
        expr: ballast_database_observed == 0 and ballast_database_reachable == 1
        for: 5m
        labels:
          severity: warning
        annotations:
          summary: '{{ $labels.name }} has not been observed for 5 minutes, although it can be reached'
          description: 'See why on the dashboard, or GET /readyz'
      - alert: BallastDatabaseDrift
        # A database that goes away keeps its last known drift for an hour.
        expr: last_over_time(ballast_database_drift_objects[1h]) > 0
        labels:
          severity: warning
        annotations:
          summary: '{{ if eq $value 1.0 }}1 object of {{ $labels.name }} is{{ else }}{{ $value }} objects of {{ $labels.name }} are{{ end }} not as proven'
          description: 'See which, and decide: ballast status'
      - alert: BallastDatabaseBehind
        expr: ballast_database_ready == 0 and ballast_database_observed == 1
        for: 15m
        labels:
          severity: warning
        annotations:
          summary: '{{ $labels.name }} has not been current for 15 minutes'
          description: 'See what it waits for on the dashboard, or GET /readyz'
      - alert: BallastServeDown
        # A target of Prometheus that does not answer, or no longer a target of its job has these metrics.
        expr: >-
          up{job="ballast"} == 0
          or (up == 0 and on (job, instance) count_over_time(ballast_ready[1d]))
          or on (job) (count by (job) (count_over_time(ballast_ready[1d])) unless on (job) count by (job) (ballast_ready))
        for: 1m
        labels:
          severity: critical
        annotations:
          summary: 'ballast serve does not answer: {{ $labels.job }}{{ with $labels.instance }} {{ . }}{{ end }}'
          description: 'No other alert about its databases can fire'
      - alert: BallastKeyFiguresStale
        # Of `ballast log --summary --metrics-file`, which cron runs every few minutes.
        expr: time() - ballast_key_figures_timestamp_seconds > 1800
        labels:
          severity: warning
        annotations:
          summary: 'the key figures{{ with $labels.project }} of {{ . }}{{ end }} have not been written for {{ $value | humanizeDuration }}'
          description: 'Run ballast log --summary where cron runs it, and see why it fails'
      - alert: BallastPackageBroken
        expr: ballast_package_intact == 0
        labels:
          severity: critical
        annotations:
          summary: 'the package{{ with $labels.project }} of {{ . }}{{ end }} cannot be used'
          description: 'See why: ballast release verify'
      - alert: BallastApplySlow
        expr: ballast_run_stage_duration_seconds{command="deploy",stage="apply"} > %APPLY_WARN%
        labels:
          severity: warning
        annotations:
          summary: 'applying migrations took {{ $value | humanizeDuration }} on {{ $labels.database }}'
          description: 'See which migration was slow: ballast log --output json'
      - alert: BallastApplyVerySlow
        expr: ballast_run_stage_duration_seconds{command="deploy",stage="apply"} > %APPLY_ALERT%
        labels:
          severity: critical
        annotations:
          summary: 'applying migrations took {{ $value | humanizeDuration }} on {{ $labels.database }}'
          description: 'See which migration was slow: ballast log --output json'
      - alert: BallastPackageGenerationSlow
        expr: ballast_run_duration_seconds{command="release create"} > %PACKAGE_WARN%
        labels:
          severity: warning
        annotations:
          summary: 'making the package of {{ $labels.project }} took {{ $value | humanizeDuration }}'
          description: 'See the stages: ballast release create --output json'
      - alert: BallastPackageGenerationVerySlow
        expr: ballast_run_duration_seconds{command="release create"} > %PACKAGE_ALERT%
        labels:
          severity: critical
        annotations:
          summary: 'making the package of {{ $labels.project }} took {{ $value | humanizeDuration }}'
          description: 'See the stages: ballast release create --output json'
)";

struct Query {
  std::string_view expression;
  std::string_view legend;
};

struct Panel {
  std::string_view title;
  std::string_view type;  // "stat", "timeseries", "table"
  std::string_view unit;
  std::vector<Query> queries;
};

std::vector<Panel> Panels() {
  return {{"Last runs",
           "stat",
           "bool_yes_no",
           {{"min by (name, project, server, database, command) (ballast_run_success)",
             "{{project}} {{database}} {{command}}"}}},
          {"Key figures (0 ok, 1 warning, 2 alert)",
           "stat",
           "none",
           {{"max by (project, figure) (ballast_key_figure_state)", "{{project}} {{figure}}"}}},
          {"Duration of runs",
           "timeseries",
           "s",
           {{"ballast_run_duration_seconds", "{{project}} {{database}} {{command}}"}}},
          {"Stages of deploys",
           "timeseries",
           "s",
           {{"ballast_run_stage_duration_seconds{command=\"deploy\"}", "{{database}} {{stage}}"}}},
          {"Deploys that succeed",
           "timeseries",
           "percent",
           {{"ballast_key_figure{figure=\"deploy_success_percent\"}", "{{project}} {{database}}"},
            {"ballast_key_figure_threshold{figure=\"deploy_success_percent\"}", "{{level}}"}}},
          {"Slowest migration of the last deploy",
           "timeseries",
           "s",
           {{"ballast_run_slowest_migration_duration_seconds", "{{database}} {{migration}}"}}},
          {"Drift",
           "timeseries",
           "none",
           {{"ballast_drift_objects", "{{database}} drift"},
            {"ballast_additions", "{{database}} additions"},
            {"ballast_database_drift_objects", "{{name}} drift"}}},
          {"Databases that are ready",
           "stat",
           "bool_yes_no",
           {{"min by (name, project) (ballast_database_ready)", "{{name}}"}}},
          {"Releases",
           "table",
           "none",
           {{"max by (project, database, schema, release) (ballast_release_info)", ""}}}};
}

Json ThresholdsOf(const Panel& panel) {
  const bool success = panel.unit == "bool_yes_no";
  Json steps = Json::array();
  steps.push_back({{"color", success ? "red" : "green"}, {"value", nullptr}});
  if (success) steps.push_back({{"color", "green"}, {"value", 1}});
  if (panel.type == "stat" && !success) {
    steps.push_back({{"color", "yellow"}, {"value", 1}});
    steps.push_back({{"color", "red"}, {"value", 2}});
  }
  return {{"mode", "absolute"}, {"steps", std::move(steps)}};
}

Json PanelJson(const Panel& panel, int number) {
  constexpr int kWidth = 12;
  constexpr int kHeight = 8;
  Json targets = Json::array();
  for (const Query& query : panel.queries) {
    targets.push_back({{"refId", std::string(1, static_cast<char>('A' + targets.size()))},
                       {"expr", query.expression},
                       {"legendFormat", query.legend},
                       {"instant", panel.type == "table"},
                       {"format", panel.type == "table" ? "table" : "time_series"}});
  }
  return {
      {"id", number + 1},
      {"title", panel.title},
      {"type", panel.type},
      {"datasource", {{"type", "prometheus"}, {"uid", "${datasource}"}}},
      {"gridPos",
       {{"x", number % 2 * kWidth}, {"y", number / 2 * kHeight}, {"w", kWidth}, {"h", kHeight}}},
      {"fieldConfig",
       {{"defaults", {{"unit", panel.unit}, {"thresholds", ThresholdsOf(panel)}}},
        {"overrides", Json::array()}}},
      {"targets", std::move(targets)}};
}

}  // namespace

std::string AlertRules(const report::Thresholds& thresholds) {
  std::string rules(kRules);
  const std::pair<std::string_view, double> values[] = {
      {"%APPLY_WARN%", thresholds.apply.warn},
      {"%APPLY_ALERT%", thresholds.apply.alert},
      {"%PACKAGE_WARN%", thresholds.package_generation.warn},
      {"%PACKAGE_ALERT%", thresholds.package_generation.alert}};
  for (const auto& [name, seconds] : values) {
    rules = ReplaceAll(std::move(rules), name, fmt::format("{:.9g}", seconds));
  }
  return rules;
}

std::string GrafanaDashboard() {
  Json panels = Json::array();
  for (const Panel& panel : Panels()) {
    panels.push_back(PanelJson(panel, static_cast<int>(panels.size())));
  }
  const Json datasource = {{"name", "datasource"}, {"type", "datasource"}, {"query", "prometheus"}};
  const Json dashboard = {{"title", "ballast"},
                          {"uid", "ballast"},
                          {"tags", {"ballast"}},
                          {"schemaVersion", 39},
                          {"editable", true},
                          {"refresh", "30s"},
                          {"time", {{"from", "now-30d"}, {"to", "now"}}},
                          {"templating", {{"list", Json::array({datasource})}}},
                          {"panels", std::move(panels)}};
  return dashboard.dump(2) + "\n";
}

}  // namespace ballast::commands
