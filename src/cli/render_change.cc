// SPDX-License-Identifier: Apache-2.0
// The reports of repair and rollback.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "catalog/object_identity.h"
#include "cli/render_json.h"
#include "cli/render_json_internal.h"
#include "cli/render_text.h"
#include "cli/text_lines.h"
#include "difference/script_text.h"

namespace ballast::cli {
namespace {

// `whole`: all items, however many there are.
void TitledList(std::string& text, const std::string& title, const std::vector<std::string>& items,
                bool whole = false) {
  if (items.empty()) return;
  Line(text, title);
  if (!whole) return List(text, items);
  for (const std::string& item : items) Line(text, "   " + item);
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

// Partitions by their names without quotes, with the name of the partitioned table.
using Partitions = std::map<std::vector<std::string>, std::string>;

Partitions PartitionsIn(const catalog::Snapshot& snapshot) {
  Partitions partitions;
  for (const catalog::ObjectProperty& item : snapshot) {
    if (item.property != "partition of") continue;
    partitions[catalog::PartsOf(item.object)] = item.value;
  }
  return partitions;
}

// A line about an object, and what it has in common with the lines that it can be shown with.
struct Item {
  std::string line;
  std::string name;    // of a partition
  std::string common;  // "drop # partitions of log (ACCESS EXCLUSIVE)"; empty: it stands alone
};

// Lines that follow one another and have much in common become one.
std::vector<std::string> Folded(const std::vector<Item>& items) {
  constexpr size_t kFewest = 3;
  std::vector<std::string> lines;
  for (size_t at = 0; at < items.size();) {
    std::vector<std::string> names;
    size_t end = at;
    for (; end < items.size() && items[end].common == items[at].common; ++end) {
      names.push_back(items[end].name);
    }
    if (items[at].common.empty() || names.size() < kFewest) {
      lines.push_back(items[at++].line);
      continue;
    }
    lines.push_back(ReplaceAll(items[at].common, "#", std::to_string(names.size())) + ": " +
                    JoinSome(names));
    at = end;
  }
  return lines;
}

// On one line, without the semicolon.
std::string OneLine(std::string_view statement) {
  std::string line;
  for (const char one : TrimRight(statement)) {
    const bool blank = one == '\n' || one == '\r' || one == '\t' || one == ' ';
    if (!blank) line += one;
    if (blank && !line.ends_with(' ')) line += ' ';
  }
  if (line.ends_with(';')) line.pop_back();
  return line;
}

// `whole`: statements that somebody wrote are not cut.
Item StepOf(const difference::Statement& statement, const Partitions& partitions, bool whole) {
  constexpr std::string_view kTable = "table ";
  if (!statement.described && whole) return {OneLine(statement.text), {}, {}};
  Item item{difference::Describe(statement), {}, {}};
  if (statement.kind != difference::ActionKind::kDrop || !statement.object.starts_with(kTable)) {
    return item;
  }
  item.name = statement.object.substr(kTable.size());
  const auto parent = partitions.find(catalog::PartsOf(item.name));
  if (parent != partitions.end()) {
    item.common = ReplaceAll(item.line, statement.object, "# partitions of " + parent->second);
  }
  return item;
}

struct Detail {
  bool whole = false;  // all steps, and all of each
  bool each = false;   // a line for each partition
};

std::vector<std::string> StepsOf(const change::CatalogChange& change, const Detail& detail) {
  const Partitions partitions = detail.each ? Partitions() : PartitionsIn(change.live.live);
  std::vector<Item> steps;
  for (const difference::Statement& statement : change.apart) {
    steps.push_back({difference::Describe(statement) + ", committed on its own", {}, {}});
  }
  for (const difference::Statement& statement : change.statements) {
    steps.push_back(StepOf(statement, partitions, detail.whole));
  }
  for (const std::string& rows : change.restored_rows) steps.push_back({"insert " + rows, {}, {}});
  return Folded(steps);
}

// Of additions: "table log_1, a partition of log".
std::vector<std::string> WithoutEachPartition(const std::vector<std::string>& additions) {
  constexpr std::string_view kTable = "table ";
  constexpr std::string_view kPartitionOf = ", a partition of ";
  std::vector<Item> items;
  for (const std::string& addition : additions) {
    Item& item = items.emplace_back();
    item.line = addition;
    const size_t at = addition.find(kPartitionOf);
    if (at == std::string::npos || !addition.starts_with(kTable)) continue;
    item.name = addition.substr(kTable.size(), at - kTable.size());
    item.common = "# partitions of " + addition.substr(at + kPartitionOf.size());
  }
  return Folded(items);
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

Json MadeAgainJson(const change::CatalogChange& change) {
  Json json = Json::array();
  for (const change::MadeAgainObject& made : change.made_again) {
    json.push_back({{"object", made.object}, {"rows", made.rows ? Json(*made.rows) : Json()}});
  }
  return json;
}

std::vector<std::string> MadeAgainLines(const change::CatalogChange& change) {
  std::vector<std::string> lines;
  for (const change::MadeAgainObject& made : change.made_again) {
    lines.push_back(made.rows ? made.object + ": " + Counted(static_cast<size_t>(*made.rows), "row")
                              : made.object);
  }
  return lines;
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
                     {"made_again", MadeAgainJson(change)},
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

Page ChangePage(const change::ChangeReport& report, const std::string& done, const Style& style,
                bool verbose) {
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
  const Detail detail{verbose || report.dry_run, verbose};
  const auto additions = [&](const std::vector<std::string>& all) {
    return verbose ? all : WithoutEachPartition(all);
  };
  const bool unchanged =
      report.dry_run || (report.error && StatusOf(*report.error) != ExitStatus::kPartial);
  const size_t steps = change.apart.size() + change.statements.size() + change.restored_rows.size();
  TitledList(out, fmt::format("{} ({}):", unchanged ? "Would do" : "Steps", steps),
             StepsOf(change, detail), detail.whole);
  TitledList(out, fmt::format("Additions, unchanged ({}):", change.additions.size()),
             additions(change.additions), verbose);
  TitledList(out,
             fmt::format("Additions, dropped with the object that they belong to ({}):",
                         change.dropped_additions.size()),
             additions(change.dropped_additions), verbose);
  TitledList(out, fmt::format("Ignored ({}):", change.ignored.size()), change.ignored, verbose);
  TitledList(out,
             unchanged ? "Would move to the schema ballast_kept:"
                       : "Data moved to the schema ballast_kept:",
             change.kept);
  TitledList(out,
             fmt::format("{} without the data that the upgrade dropped ({}):",
                         unchanged ? "Would make again" : "Made again", change.made_again.size()),
             MadeAgainLines(change), detail.whole);
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

Page RenderText(const commands::RollbackReport& report, const Style& style, bool verbose) {
  return ChangePage(report, "Rolled back: the database is", style, verbose);
}

Page RenderText(const commands::RepairReport& report, const Style& style, bool verbose) {
  return ChangePage(report, "Repaired: the database is", style, verbose);
}

}  // namespace ballast::cli
