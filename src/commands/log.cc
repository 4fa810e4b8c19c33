// SPDX-License-Identifier: Apache-2.0
#include "commands/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <set>

#include "base/duration.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "commands/status.h"
#include "postgres/connect_error.h"
#include "postgres/connect_with_retry.h"
#include "postgres/journal_reader.h"
#include "project/project_context.h"
#include "project/project_name.h"
#include "report/stored_run.h"
#include "run/generation_record.h"
#include "run/project_start.h"
#include "run/run_report.h"
#include "run/thresholds.h"
#include "sql/quote.h"
#include "workspace/migrations_folder.h"

namespace ballast::commands {
namespace {

std::string SecondsAgo(double seconds) {
  const auto then = std::chrono::system_clock::now() -
                    std::chrono::duration_cast<std::chrono::system_clock::duration>(
                        std::chrono::duration<double>(seconds));
  return fmt::format("{:%Y-%m-%d %H:%M:%S}+00",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(then)));
}

bool LooksLikeDate(const std::string& text) {
  return text.size() >= 10 && text[4] == '-' && text[7] == '-' &&
         text.find_first_not_of("0123456789", 0) == 4;
}

// "7d" is relative to now; the server parses dates. Without a time zone, UTC.
Result<std::string> SinceOf(const std::string& text) {
  if (text.empty()) return text;
  const bool has_unit = text.find_first_not_of("0123456789.") != std::string::npos;
  if (const auto ago = ParseMilliseconds(text); ago && has_unit && !LooksLikeDate(text)) {
    return SecondsAgo(static_cast<double>(*ago) / 1000);
  }
  if (!LooksLikeDate(text)) {
    return MakeError(ErrorCode::kUsageError, fmt::format("'{}' is not a time", text),
                     "use 24h, 7d, 2026-11-01 or \"2026-11-01 12:00\"");
  }
  const bool zone =
      text.find_first_of("Z+", 10) != std::string::npos || text.find('-', 10) != std::string::npos;
  return zone ? text : text + " UTC";
}

// Seconds since 1970 of "2026-11-26T20:11:14Z"; no value for other texts.
std::optional<double> SecondsOf(const std::string& time) {
  std::tm parts{};
  if (strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return std::nullopt;
  return static_cast<double>(timegm(&parts));
}

// The age of the package, if the project has migrations that it does not cover.
void FillPackageAge(const project::LoadedProject& project, report::CurrentState& state) {
  const auto& package = project.artifacts.package;
  const auto folder = workspace::LoadMigrations(project.context->project.migrations);
  if (!package || !folder) return;
  const release::Manifest& manifest = package->manifest;
  std::set<std::string_view> covered;
  for (const release::CoveredMigration& migration : manifest.coverage) {
    covered.insert(migration.name);
  }
  const auto newer = std::count_if(
      folder->migrations.begin(), folder->migrations.end(),
      [&](const release::Migration& migration) { return !covered.contains(migration.name); });
  if (newer == 0) {
    state.package_age = 0;
    state.package_detail = manifest.version + " covers every migration";
    return;
  }
  const auto made = SecondsOf(manifest.generated_at);
  if (!made) return;
  const auto now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch());
  state.package_age = std::max(0.0, (now.count() - *made) / (24 * 3600));
  state.package_detail = fmt::format("{} lacks {}", manifest.version,
                                     Counted(static_cast<size_t>(newer), "newer migration"));
}

// The drift that a deploy would find; empty, with a notice, if nothing is compared. Loads the
// package.
std::optional<int> LiveDrift(postgres::Session& session, const LogOptions& options,
                             const project::Invocation& invocation, project::LoadedProject& project,
                             LogReport& report) {
  StatusOptions goal;
  goal.strategy = options.strategy;
  const StatusReport status = ReadStatusOver(session, goal, invocation, project);
  if (status.error) {
    report.notices.push_back("drift was not determined: " + status.error->message);
    return std::nullopt;
  }
  if (!status.compared) {
    report.notices.push_back(
        status.strategy == plan::Strategy::kHistory
            ? "drift was not determined: the history strategy has no proven state to compare with"
            : "drift was not determined: the state that the rows describe is not proven");
    return std::nullopt;
  }
  return static_cast<int>(status.drift.size());
}

// For a number before it: " s"; the name of a figure that counts objects has its unit.
std::string UnitAfter(double value, const std::string& unit) {
  if (unit == "seconds") return " s";
  if (unit == "percent") return " %";
  if (unit == "days") return value == 1 ? " day" : " days";
  return {};
}

Status CheckAlerts(const std::vector<report::KeyFigure>& figures) {
  Error error = MakeError(ErrorCode::kAlert, "", "see docs/operations.md for each figure");
  std::vector<std::string> names;
  for (const report::KeyFigure& figure : figures) {
    if (figure.level != report::Level::kAlert) continue;
    names.push_back(figure.name);
    error.details.emplace_back(
        "object",
        fmt::format("{}: {:.6g}{}; the alert threshold is {:.6g}", figure.name, *figure.value,
                    UnitAfter(*figure.value, figure.unit), figure.threshold.alert));
  }
  if (names.empty()) return {};
  error.message = fmt::format(
      "{} {} past {}: {}", Counted(names.size(), "key figure"), names.size() == 1 ? "is" : "are",
      names.size() == 1 ? "its alert threshold" : "their alert thresholds", Join(names, ", "));
  return error;
}

class LogReader {
 public:
  LogReader(const LogOptions& options, const project::Invocation& invocation, LogReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Run() {
    run::ProjectStart start(invocation_, project_, report_.target);
    TRY(start.LoadIfAny());
    report_.project = project::NameOf(*project_.context);
    TRY_ASSIGN(postgres::RunFilter filter, Filter());
    Result<postgres::Session> connected = start.Connect();
    if (options_.summary) NoteWhetherItAnswers(connected);
    if (!connected) return std::move(connected).error();
    postgres::Session session = *std::move(connected);
    report_.target->server_version = session.server_version_text();
    // The schemas of a database share its journal.
    if (!options_.all_schemas) filter.schema = session.target().schema;
    const auto runs = postgres::ReadRuns(session, filter);
    if (!runs) return ReadError(runs.error());
    for (const postgres::JournalRun& run : *runs) {
      auto parsed = report::ParseStoredRun({run.report, run.measured, run.duration_ms});
      if (parsed) report_.runs.push_back({run.at, run.actor, *std::move(parsed)});
    }
    return options_.summary ? Summarise(session) : Status();
  }

 private:
  void NoteWhetherItAnswers(const Result<postgres::Session>& session) {
    if (session) {
      report_.is_reachable = true;
    } else if (postgres::MeansUnreachable(session.error().code)) {
      report_.is_reachable = false;
    }
  }

  Result<postgres::RunFilter> Filter() {
    thresholds_ = run::ThresholdsOf(project_.context->project.config);
    postgres::RunFilter filter;
    TRY_ASSIGN(filter.since, SinceOf(options_.since));
    filter.release = options_.release;
    filter.strategy = options_.strategy;
    filter.failures = options_.failures;
    filter.limit = options_.limit;
    report_.filtered = !filter.since.empty() || !filter.release.empty() ||
                       !filter.strategy.empty() || filter.failures;
    if (!options_.summary) return filter;
    if (filter.since.empty()) filter.since = SecondsAgo(thresholds_.window);
    filter.limit = 0;
    return filter;
  }

  // Only the server knows which dates are valid (SQLSTATE 22007, 22008).
  Error ReadError(Error error) const {
    if (error.Detail("sqlstate") == sqlstate::kInsufficientPrivilege) {
      const std::string role = sql::QuoteIdentifier(report_.target->role);
      error.hint = fmt::format(
          "GRANT USAGE ON SCHEMA ballast TO {0}; GRANT SELECT ON ALL TABLES IN SCHEMA ballast TO "
          "{0}",
          role);
    }
    if (!error.Detail("sqlstate").starts_with("2200")) return error;
    return MakeError(ErrorCode::kUsageError, fmt::format("'{}' is not a time", options_.since),
                     "use 24h, 7d, 2026-11-01 or \"2026-11-01 12:00\"");
  }

  Status Summarise(postgres::Session& session) {
    std::vector<report::RunReport> runs;
    for (const LoggedRun& logged : report_.runs) runs.push_back(logged.run);
    if (auto made = run::LastGeneration(project_.context->project.package))
      runs.push_back(*std::move(made));
    report::CurrentState state;
    state.drift = LiveDrift(session, options_, invocation_, project_, report_);
    FillPackageAge(project_, state);
    report_.figures = report::ComputeKeyFigures(runs, state, thresholds_);
    return options_.fail_on_alert ? CheckAlerts(report_.figures) : Status();
  }

  const LogOptions& options_;
  const project::Invocation& invocation_;
  LogReport& report_;
  project::LoadedProject project_;
  report::Thresholds thresholds_;
};

}  // namespace

LogReport ReadLog(const LogOptions& options, const project::Invocation& invocation) {
  LogReport report;
  Status done = LogReader(options, invocation, report).Run();
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
