// SPDX-License-Identifier: Apache-2.0
#include "cli/render_fleet.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "cli/safe_text.h"
#include "cli/text_lines.h"

namespace ballast::cli {
namespace {

// With more targets than these, only those with a message are shown.
constexpr size_t kShownTargets = 50;

std::string Place(const commands::FleetAddress& address) {
  if (address.database.empty()) return "–";
  std::string place = address.server + "/" + address.database;
  if (!address.schema.empty()) place += " schema " + address.schema;
  return place;
}

std::string FoundOf(const std::optional<plan::Found>& found) {
  return found ? std::string(plan::NameOf(*found)) : "–";
}

// For the summary: a target that is current by its rows and has drifted is not counted as current,
// and one that a deploy would refuse not among those that only wait for it.
std::string StateOf(const commands::FleetStatusLine& line) {
  if (!line.found) return "not reached";
  const bool settled = plan::IsUpToDate(*line.found);
  const bool waits = *line.found == plan::Found::kBehind || *line.found == plan::Found::kFresh;
  if (waits && line.refusal) {
    return fmt::format("{} and refused ({})", FoundOf(line.found), CodeOf(line.refusal->code));
  }
  return settled && !line.differences.empty() ? "drifted" : FoundOf(line.found);
}

std::string Remark(const commands::FleetStatusLine& line) {
  std::vector<std::string> remarks;
  if (line.error)
    remarks.push_back(fmt::format("{} {}", CodeOf(line.error->code), line.error->message));
  if (line.refusal) {
    const std::string objects = line.evidence.empty() ? "" : ": " + JoinSome(line.evidence);
    remarks.push_back(
        fmt::format("{} {}{}", CodeOf(line.refusal->code), line.refusal->message, objects));
  }
  if (!line.drift.empty() && !line.refusal) remarks.push_back(JoinSome(line.drift));
  return Join(remarks, "; ");
}

// Nothing is known of a target that was not reached.
std::string NumberOf(const commands::FleetStatusLine& line, const std::vector<std::string>& list) {
  return line.found ? std::to_string(list.size()) : "–";
}

std::vector<std::string> RowOf(const commands::FleetStatusLine& line) {
  return {SafeLine(line.name),          SafeLine(Place(line.address)), FoundOf(line.found),
          NumberOf(line, line.pending), NumberOf(line, line.drift),    SafeLine(Remark(line))};
}

std::vector<std::string> RowOf(const commands::FleetTargetReport& line) {
  std::string remark;
  if (line.error) remark = fmt::format("{} {}", CodeOf(line.error->code), line.error->message);
  if (!line.drift.empty()) remark += (line.error ? ": " : "") + JoinSome(line.drift);
  return {SafeLine(line.name),
          SafeLine(Place(line.address)),
          line.wave,
          std::string(NameOf(line.outcome)),
          std::to_string(line.applied),
          fmt::format("{:.2f} s", line.duration_ms / 1000),
          SafeLine(remark)};
}

std::string ShardText(const std::optional<fleet::Shard>& shard) {
  if (!shard) return {};
  return fmt::format(" (shard {}/{} by {})", shard->index + 1, shard->count, shard->source);
}

// The shard of a small fleet can be empty.
std::string NoTargets(const std::optional<fleet::Shard>& shard, const std::optional<Error>& error) {
  return error ? std::string() : fmt::format("✅ 0 targets{}: nothing to do\n", ShardText(shard));
}

std::string HeadOf(const project::StrategySelection& selection) {
  if (!selection.release) return {};
  return fmt::format("📦 Release Version: {}\n", selection.release->version);
}

long DriftedOf(const commands::FleetDeployReport& report) {
  return std::ranges::count_if(report.targets,
                               [](const auto& line) { return !line.drift.empty(); });
}

// The databases that were created for targets that were not deployed.
long CreatedOf(const commands::FleetDeployReport& report) {
  return std::ranges::count_if(
      report.targets, [](const auto& line) { return line.created && line.error.has_value(); });
}

// "990 applied, 10 failed": without zeros.
std::string Numbers(const commands::FleetDeployReport& report) {
  using commands::FleetOutcome;
  const auto created = CreatedOf(report);
  const std::pair<FleetOutcome, std::string_view> words[] = {
      {FleetOutcome::kApplied, "deployed"},
      {FleetOutcome::kPlanned, "to be deployed"},
      {FleetOutcome::kNothing, "with nothing to do"},
      {FleetOutcome::kFailed, "failed"},
      {FleetOutcome::kPartial, "partially applied"},
      {FleetOutcome::kUnhealthy, "unhealthy"},
      {FleetOutcome::kInterrupted, created > 0 ? "interrupted" : "interrupted, unchanged"},
      {FleetOutcome::kNotStarted, "not started"}};
  std::vector<std::string> numbers;
  for (const auto& [outcome, name] : words) {
    const size_t count = report.Count(outcome);
    if (count > 0) numbers.push_back(fmt::format("{} {}", count, name));
  }
  // Of a deploy with --allow-drift, too, which leaves it.
  const auto drifted = DriftedOf(report);
  if (created > 0) {
    numbers.push_back(fmt::format("{} created", Counted(static_cast<size_t>(created), "database")));
  }
  return Join(numbers, ", ") + (drifted > 0 ? fmt::format("; {} with drift", drifted) : "");
}

bool IsRemarkable(const commands::FleetTargetReport& line) {
  return line.error || !line.drift.empty() || line.outcome == commands::FleetOutcome::kNotStarted;
}

bool IsRemarkable(const commands::FleetStatusLine& line) {
  return !line.IsUpToDate();
}

// The table of the shown targets, and the number of others.
template <class Line>
std::string TargetTable(const std::vector<Line>& targets, std::vector<std::string> head,
                        bool verbose) {
  const bool all = verbose || targets.size() <= kShownTargets;
  std::vector<std::vector<std::string>> rows = {std::move(head)};
  size_t hidden = 0;
  for (const Line& line : targets) {
    if (all || (IsRemarkable(line) && rows.size() <= kShownTargets)) {
      rows.push_back(RowOf(line));
    } else {
      ++hidden;
    }
  }
  std::string table = rows.size() > 1 ? Join(TableLines(rows), "\n") + "\n" : std::string();
  if (hidden > 0) {
    table += fmt::format("{} not shown (-v shows all)\n", Counted(hidden, "target"));
  }
  return table;
}

}  // namespace

std::string MessageAfterTable(const commands::FleetDeployReport& report) {
  std::string message = report.error->message;
  for (const commands::FleetTargetReport& line : report.targets) {
    const std::string reason = line.error ? ": " + line.error->message : std::string();
    if (reason.empty() || !message.ends_with(reason)) continue;
    message.resize(message.size() - reason.size());
    break;
  }
  return message;
}

Page RenderText(const commands::FleetDeployReport& report, const Style& style, bool verbose) {
  Page page;
  page.notices = RenderNotices(report.notices, style);
  for (const std::string& remedy : report.remedies) Line(page.err, "   → " + remedy);
  if (report.targets.empty()) {
    page.out = NoTargets(report.shard, report.error);
    return page;
  }
  page.out = HeadOf(report);
  page.out += TargetTable(
      report.targets, {"target", "database", "wave", "outcome", "applied", "time", ""}, verbose);
  const bool is_well = !report.error && (report.accepts_drift || DriftedOf(report) == 0);
  page.out += fmt::format("{} {}{}: {} ({}{:.1f} s)\n", is_well ? "✅" : "⚠️ ",
                          Counted(report.targets.size(), "target"), ShardText(report.shard),
                          Numbers(report), report.dry_run ? "dry run, " : "",
                          report.run.duration_ms.value_or(0) / 1000);
  return page;
}

Page RenderText(const commands::FleetStatusReport& report, const Style& style, bool verbose) {
  Page page;
  page.notices = RenderNotices(report.notices, style);
  if (report.targets.empty()) {
    page.out = NoTargets(report.shard, report.error);
    return page;
  }
  page.out = HeadOf(report);
  page.out +=
      TargetTable(report.targets, {"target", "database", "found", "pending", "drift", ""}, verbose);
  std::map<std::string, size_t> found;
  for (const auto& line : report.targets) ++found[StateOf(line)];
  std::vector<std::string> numbers;
  numbers.reserve(found.size());
  for (const auto& [word, count] : found) numbers.push_back(fmt::format("{} {}", count, word));
  const bool well = report.UpToDateCount() == report.targets.size();
  page.out +=
      fmt::format("{} {}{}: {}\n", well ? "✅" : "⚠️ ", Counted(report.targets.size(), "target"),
                  ShardText(report.shard), Join(numbers, ", "));
  return page;
}

}  // namespace ballast::cli
