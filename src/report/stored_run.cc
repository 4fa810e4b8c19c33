// SPDX-License-Identifier: Apache-2.0
#include "report/stored_run.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "report/check_run_report.h"

namespace ballast::report {
namespace {

using Json = nlohmann::ordered_json;

// The migrations that the entries of a journal name, without times. A transaction's entry has
// "ran: FIRST, SECOND" as detail, a step's has the migration as subject.
std::vector<MigrationTime> MigrationsOf(const Json& entries) {
  constexpr std::string_view kRan = "ran: ";
  std::set<std::string> known;
  std::vector<MigrationTime> migrations;
  const auto add = [&](std::string_view name) {
    if (name.empty() || !known.emplace(name).second) return;
    migrations.push_back({std::string(name), std::nullopt});
  };
  for (const Json& entry : entries) {
    const auto detail = entry.at(2).get<std::string>();
    if (entry.at(0) == "step_finished") add(entry.at(1).get<std::string>());
    if (entry.at(0) != "deployed" || !detail.starts_with(kRan)) continue;
    for (size_t at = kRan.size(); at < detail.size();) {
      const size_t end = std::min(detail.find(", ", at), detail.size());
      add(std::string_view(detail).substr(at, end - at));
      at = end + 2;
    }
  }
  return migrations;
}

// Deploys run migrations without rows of their own (an upgrade). Other commands run scripts that
// are not migrations.
void AddMeasured(const Json& measured, RunReport& report) {
  if (measured.contains("apply_ms")) {
    report.stages.push_back({"apply", measured["apply_ms"].get<double>()});
  }
  for (const char* key : {"unrecorded", "migrations"}) {
    const auto migrations = measured.find(key);
    if (migrations == measured.end() || !migrations->is_array()) continue;
    if (report.command != "deploy" && key == std::string_view("unrecorded")) continue;
    for (const Json& migration : *migrations) {
      MigrationTime time{migration.value("name", ""), std::nullopt};
      const auto duration = migration.find("duration_ms");
      if (duration != migration.end() && duration->is_number()) {
        time.duration_ms = duration->get<double>();
      }
      report.migrations.push_back(std::move(time));
    }
  }
}

// The report with what the server measured, or with what the entries of a journal name.
RunReport Completed(RunReport report, const StoredRun& stored) {
  if (stored.measured) {
    const Json measured = Json::parse(*stored.measured, nullptr, false);
    if (!measured.is_object()) return report;
    if (stored.duration_ms) report.duration_ms = std::round(*stored.duration_ms * 1000) / 1000;
    AddMeasured(measured, report);
  } else if (!stored.duration_ms) {
    const Json entries = Json::parse(stored.report).value("entries", Json());
    if (entries.is_array()) report.migrations = MigrationsOf(entries);
  }
  return report;
}

void LeaveOutImpossibleDurations(RunReport& report) {
  if (!IsDuration(report.duration_ms)) report.duration_ms.reset();
  std::erase_if(report.stages, [](const Stage& stage) { return !IsDuration(stage.duration_ms); });
  for (MigrationTime& migration : report.migrations) {
    if (!IsDuration(migration.duration_ms)) migration.duration_ms.reset();
  }
}

}  // namespace

std::optional<RunReport> ParseStoredRun(const StoredRun& stored) {
  std::optional<RunReport> report = ParseRunReport(stored.report);
  if (!report) return std::nullopt;
  try {
    report = Completed(*report, stored);
  } catch (const Json::exception&) {
    // A later version, or somebody else who may write to the journal, has stored something else.
  }
  LeaveOutImpossibleDurations(*report);
  return report;
}

}  // namespace ballast::report
