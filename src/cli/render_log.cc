// SPDX-License-Identifier: Apache-2.0
// The report of `log`: a table of runs, or key figures with their thresholds.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/render_json.h"
#include "cli/render_json_internal.h"
#include "cli/render_text.h"
#include "cli/safe_text.h"
#include "cli/target_line.h"
#include "cli/text_lines.h"

namespace ballast::cli {
namespace {

using Row = std::vector<std::string>;

std::string Duration(double ms) {
  if (ms < 10'000) return fmt::format("{:.2f} s", ms / 1000);
  if (ms < 60'000) return fmt::format("{:.0f} s", ms / 1000);
  const auto seconds = static_cast<int64_t>(ms / 1000);
  if (seconds % 60 == 0) return fmt::format("{} min", seconds / 60);
  return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
}

// "2026-11-26 20:11:14Z"
std::string When(const std::string& time) {
  if (time.size() < 20) return time;
  return time.substr(0, 10) + " " + time.substr(11, 8) + "Z";
}

std::string ReleaseOf(const report::RunReport& run) {
  if (run.release.empty()) return "–";
  if (run.release_before.empty() || run.release_before == run.release) return run.release;
  return run.release_before + " → " + run.release;
}

std::string Who(const commands::LoggedRun& logged) {
  const report::Origin& origin = logged.run.origin;
  std::string who = logged.actor;
  if (!origin.host.empty()) who += fmt::format(", {}@{}", origin.user, origin.host);
  for (const auto& [name, value] : origin.variables) {
    if (name.ends_with("_ID")) return who + fmt::format(" ({}={})", name, value);
  }
  return who;
}

std::string SchemaOf(const report::RunReport& run) {
  return run.target && !run.target->schema.empty() ? run.target->schema : "–";
}

// The schemas of a database share its journal.
bool HasSeveralSchemas(const std::vector<commands::LoggedRun>& runs) {
  return std::any_of(runs.begin(), runs.end(), [&](const commands::LoggedRun& logged) {
    return SchemaOf(logged.run) != SchemaOf(runs.front().run);
  });
}

Row RowOf(const commands::LoggedRun& logged, bool with_schema) {
  const report::RunReport& run = logged.run;
  std::string outcome(report::NameOf(run.outcome));
  if (!run.code.empty()) outcome += " " + run.code;
  Row row = {When(logged.at),
             run.command,
             std::move(outcome),
             ReleaseOf(run),
             std::to_string(run.migrations.size()),
             run.duration_ms ? Duration(*run.duration_ms) : "–",
             Who(logged)};
  if (with_schema) row.insert(row.begin() + 1, SchemaOf(run));
  return row;
}

std::string Amount(double value, const std::string& unit) {
  if (unit == "seconds") return Duration(value * 1000);
  if (unit == "percent") return fmt::format("{:.4g} %", value);
  if (unit == "days") {
    const double days = std::round(value * 10) / 10;
    return fmt::format("{:.4g} {}", days, days == 1 ? "day" : "days");
  }
  return Counted(static_cast<size_t>(value), "object");
}

// Padded before it is colored, because the codes of a color take no columns.
std::string Marked(report::Level level, const Style& style) {
  const std::string name = fmt::format("{:<8}", report::NameOf(level));
  if (level == report::Level::kAlert) return style.Red(name);
  if (level == report::Level::kWarn) return style.Yellow(name);
  return level == report::Level::kOk ? style.Green(name) : style.Dim(name);
}

std::string Figures(const std::vector<report::KeyFigure>& figures, const Style& style) {
  std::string text;
  for (const report::KeyFigure& figure : figures) {
    const std::string value = figure.value ? Amount(*figure.value, figure.unit) : "-";
    text += fmt::format("{:<27} {:<10} {} warn {}, alert {}{}\n", figure.name, value,
                        Marked(figure.level, style), Amount(figure.threshold.warn, figure.unit),
                        Amount(figure.threshold.alert, figure.unit),
                        figure.detail.empty() ? "" : "  (" + SafeLine(figure.detail) + ")");
  }
  return text;
}

Json LoggedJson(const commands::LoggedRun& logged) {
  Json json = {{"at", logged.at}, {"actor", logged.actor}};
  json.update(Json::parse(report::ToJson(logged.run)));
  return json;
}

Json FigureJson(const report::KeyFigure& figure) {
  return {{"name", figure.name},
          {"unit", figure.unit},
          {"value", figure.value ? Json(*figure.value) : Json()},
          {"warn", figure.threshold.warn},
          {"alert", figure.threshold.alert},
          {"level", report::NameOf(figure.level)},
          {"detail", figure.detail}};
}

}  // namespace

Page RenderText(const commands::LogReport& report, const Style& style) {
  Page page;
  page.notices = RenderNotices(report.notices, style);
  page.target = TargetLine(report.target);
  if (report.error && report.figures.empty()) return page;
  if (!report.figures.empty()) {
    page.out += Figures(report.figures, style);
  } else if (report.runs.empty()) {
    page.out += report.filtered ? "No run fits the filter.\n" : "No runs are recorded.\n";
  } else {
    std::vector<Row> rows = {{"WHEN", "COMMAND", "OUTCOME", "RELEASE", "MIGR.", "TIME", "WHO"}};
    const bool with_schema = HasSeveralSchemas(report.runs);
    if (with_schema) rows[0].insert(rows[0].begin() + 1, "SCHEMA");
    for (const commands::LoggedRun& logged : report.runs) {
      rows.push_back(RowOf(logged, with_schema));
    }
    std::vector<std::string> lines = TableLines(rows);
    lines.front() = style.Bold(lines.front());
    page.out += Join(lines, "\n") + "\n";
  }
  return page;
}

std::string RenderJson(const commands::LogReport& report) {
  Json runs = Json::array();
  for (const commands::LoggedRun& logged : report.runs) runs.push_back(LoggedJson(logged));
  Json figures = Json::array();
  for (const report::KeyFigure& figure : report.figures) figures.push_back(FigureJson(figure));
  return JsonText({{"project", report.project},
                   {"target", TargetJson(report.target)},
                   {"runs", std::move(runs)},
                   {"figures", std::move(figures)},
                   {"notices", report.notices},
                   {"error", ErrorJson(report.error)}});
}

}  // namespace ballast::cli
