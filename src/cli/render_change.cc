// SPDX-License-Identifier: Apache-2.0
// The reports of repair and rollback.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/render_json.h"
#include "cli/render_json_internal.h"
#include "cli/render_text.h"
#include "cli/text_lines.h"
#include "difference/script_text.h"

namespace ballast::cli {
namespace {

void TitledList(std::string& text, const std::string& title,
                const std::vector<std::string>& items) {
  if (items.empty()) return;
  Line(text, title);
  List(text, items);
}

const char* KindName(difference::ActionKind kind) {
  switch (kind) {
    case difference::ActionKind::kDrop:
      return "drop";
    case difference::ActionKind::kCreate:
      return "create";
    case difference::ActionKind::kAlter:
    case difference::ActionKind::kRename:
      return "alter";
  }
  return "";
}

std::vector<std::string> StepsOf(const change::CatalogChange& change) {
  std::vector<std::string> steps;
  for (const difference::Statement& statement : change.apart) {
    steps.push_back(difference::Describe(statement) + ", committed on its own");
  }
  for (const difference::Statement& statement : change.statements) {
    steps.push_back(difference::Describe(statement));
  }
  for (const std::string& rows : change.restored_rows) steps.push_back("insert " + rows);
  return steps;
}

Json StatementsJson(const change::CatalogChange& change) {
  std::vector<difference::Statement> all = change.apart;
  all.insert(all.end(), change.statements.begin(), change.statements.end());
  Json json = Json::array();
  for (const difference::Statement& statement : all) {
    json.push_back({{"object", statement.object},
                    {"action", KindName(statement.kind)},
                    {"sql", statement.text},
                    {"lock", difference::NameOf(statement.lock)},
                    {"rewrites", statement.rewrites},
                    {"loses", statement.loses}});
  }
  return json;
}

Json BlockingJson(const change::CatalogChange& change) {
  Json json = Json::array();
  for (const plan::BlockingRows& rows : change.blocking) {
    json.push_back({{"object", rows.object},
                    {"what", rows.what},
                    {"count", rows.count},
                    {"query", rows.query}});
  }
  return json;
}

Json LossesJson(const change::CatalogChange& change) {
  Json json = Json::array();
  for (const plan::DataLoss& loss : change.losses) {
    json.push_back({{"object", loss.object}, {"count", loss.count}, {"allowed", loss.allowed}});
  }
  return json;
}

template <typename Enum>
std::string_view NameOrEmpty(const std::optional<Enum>& value) {
  return value ? plan::NameOf(*value) : std::string_view();
}

std::string ChangeJson(const change::ChangeReport& report) {
  const change::CatalogChange& change = report.change;
  const Json json = {{"strategy", NameOrEmpty(report.strategy)},
                     {"strategy_reason", report.strategy_reason},
                     {"found", NameOrEmpty(report.found)},
                     {"decision", NameOrEmpty(report.decision)},
                     {"goal", OrNull(report.goal)},
                     {"dry_run", report.dry_run},
                     {"drift", change.drift},
                     {"additions", change.additions},
                     {"dropped_additions", change.dropped_additions},
                     {"ignored", change.ignored},
                     {"statements", StatementsJson(change)},
                     {"restored_rows", change.restored_rows},
                     {"uncompared_rows", change.uncompared_rows},
                     {"blocking", BlockingJson(change)},
                     {"losses", LossesJson(change)},
                     {"kept", change.kept},
                     {"sql", report.sql ? Json(*report.sql) : Json()},
                     {"applied", report.applied},
                     {"recorded", report.run.recorded},
                     {"fingerprint",
                      {{"expected", OrNull(report.run.fingerprint_expected)},
                       {"actual", OrNull(report.run.fingerprint_actual)}}},
                     {"round_trips", report.run.round_trips},
                     {"duration_ms", report.run.duration_ms.value_or(0)},
                     {"notices", report.notices},
                     {"evidence", report.evidence},
                     {"remedies", report.remedies},
                     {"error", ErrorJson(report.error, report.remedies)}};
  return JsonText(json);
}

void Refused(std::string& text, const change::ChangeReport& report) {
  for (const std::string& line : report.evidence) Line(text, "   " + line);
  for (const std::string& remedy : report.remedies) Line(text, "   → " + remedy);
}

// "release v1.0.0", and what is not as it is there.
std::string StateOf(const change::ChangeReport& report) {
  std::vector<std::string> exceptions;
  const size_t ignored = report.change.ignored.size();
  const size_t missing = report.change.missing_rows;
  if (ignored > 0) exceptions.push_back(Counted(ignored, "ignored difference"));
  if (missing > 0) exceptions.push_back(Counted(missing, "missing row"));
  const std::vector<std::string>& uncompared = report.change.uncompared_rows;
  if (!uncompared.empty())
    exceptions.push_back("the rows of " + JoinSome(uncompared) + ", which were not compared");
  if (exceptions.empty()) return report.goal;
  return fmt::format("{}, except for {}", report.goal, Join(exceptions, " and "));
}

Page ChangePage(const change::ChangeReport& report, const std::string& done, const Style& style) {
  Page page;
  page.notices = RenderNotices(report.notices, style);
  if (report.sql && !report.error) {
    page.out = *report.sql;
    return page;
  }
  const change::CatalogChange& change = report.change;
  // With --sql, standard output has a script or nothing.
  std::string& out = report.is_sql ? page.err : page.out;
  if (!report.goal.empty()) Line(out, "Goal: " + style.Bold(report.goal));
  TitledList(out, fmt::format("Differs ({}):", change.drift.size()), change.drift);
  const std::vector<std::string> steps = StepsOf(change);
  const bool unchanged =
      report.dry_run || (report.error && StatusOf(*report.error) != ExitStatus::kPartial);
  TitledList(out, fmt::format("{} ({}):", unchanged ? "Would do" : "Steps", steps.size()), steps);
  TitledList(out, fmt::format("Additions, unchanged ({}):", change.additions.size()),
             change.additions);
  TitledList(out,
             fmt::format("Additions, dropped with the object that they belong to ({}):",
                         change.dropped_additions.size()),
             change.dropped_additions);
  TitledList(out, fmt::format("Ignored ({}):", change.ignored.size()), change.ignored);
  TitledList(out,
             unchanged ? "Would move to the schema ballast_kept:"
                       : "Data moved to the schema ballast_kept:",
             change.kept);
  if (report.error) {
    Refused(page.err, report);
    return page;
  }
  if (report.decision == plan::DecisionKind::kNothing) {
    Line(out, "✅ Nothing to do: the database is " + StateOf(report));
  } else if (!report.dry_run) {
    Line(out, "✅ " + done + " " + StateOf(report));
    const std::string rows = Counted(static_cast<size_t>(report.run.recorded), "row");
    const std::string written =
        report.run.recorded > 0 ? rows + " written to the migrations table; " : "";
    const std::string& actual = report.run.fingerprint_actual;
    if (!actual.empty()) {
      Line(out, fmt::format("💡 {}fingerprint {}…", written, actual.substr(0, 12)));
    }
  }
  return page;
}

}  // namespace

std::string RenderJson(const commands::RepairReport& report) {
  return ChangeJson(report);
}

std::string RenderJson(const commands::RollbackReport& report) {
  return ChangeJson(report);
}

Page RenderText(const commands::RollbackReport& report, const Style& style) {
  return ChangePage(report, "Rolled back: the database is", style);
}

Page RenderText(const commands::RepairReport& report, const Style& style) {
  return ChangePage(report, "Repaired: the database is", style);
}

}  // namespace ballast::cli
