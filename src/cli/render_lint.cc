// SPDX-License-Identifier: Apache-2.0
#include "cli/render_lint.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/version.h"
#include "cli/render_json_internal.h"
#include "cli/safe_text.h"
#include "cli/workflow_command.h"
#include "lint/names_and_locks.h"
#include "postgres/percent_encoding.h"

namespace ballast::cli {
namespace {

using lint::Finding;
using lint::Severity;

std::string Coloured(Severity severity, const Style& style) {
  const std::string word(lint::NameOf(severity));
  if (severity == Severity::kError) return style.Red(word);
  return severity == Severity::kWarning ? style.Yellow(word) : style.Dim(word);
}

// The first line of a statement, shortened.
std::string Short(const std::string& sql) {
  constexpr size_t kLength = 100;
  std::string line;
  for (const std::string& part : Split(sql, '\n')) {
    const std::string_view text = Trim(part);
    if (text.empty() || text.starts_with("--")) continue;
    line += (line.empty() ? "" : " ") + std::string(text);
    if (line.size() > kLength) break;
  }
  if (line.size() <= kLength) return line;
  return DecodeUtf8Lossy(CutToBytes(line, kLength)) + " …";
}

void AddFinding(const Finding& finding, const Style& style, std::string& text) {
  text += fmt::format(
      "{} {}\n", style.Bold(SafeLine(fmt::format("{}:{}", finding.file, finding.line))),
      Coloured(finding.severity, style) + " " + std::string(lint::NameOf(finding.rule)));
  text += "   " + SafeLine(finding.message) + "\n";
  if (!finding.sql.empty()) text += "   " + style.Dim(SafeLine(Short(finding.sql))) + "\n";
  if (finding.safe_form.empty()) return;
  text += "   safer:\n";
  for (const std::string& line : Split(Trim(finding.safe_form), '\n')) {
    text += "      " + SafeLine(line) + "\n";
  }
}

void AddStatement(const commands::MeasuredStatement& statement, const Style& style,
                  std::string& text) {
  text += fmt::format("{} {}\n",
                      style.Bold(SafeLine(fmt::format("{}:{}", statement.file, statement.line))),
                      SafeLine(Short(statement.sql)));
  for (const auto& [mode, object] : statement.locks) {
    text += fmt::format("   {} lock on {}\n", sql::NameOf(mode), SafeLine(object));
  }
  const auto add = [&](const char* what, const std::vector<std::string>& names) {
    if (!names.empty()) text += fmt::format("   {} {}\n", what, SafeLine(Join(names, ", ")));
  };
  add("rewrites", statement.rewrites);
  add("builds index", statement.index_builds);
  add("reads all of", statement.scans);
}

Json FindingJson(const Finding& finding) {
  Json table = nullptr;
  if (finding.table) {
    table = {{"rows", finding.table->rows < 0 ? Json() : Json(finding.table->rows)},
             {"bytes", finding.table->bytes}};
  }
  return {{"rule", lint::NameOf(finding.rule)},
          {"severity", lint::NameOf(finding.severity)},
          {"migration", finding.migration},
          {"file", finding.file},
          {"line", finding.line},
          {"statement", finding.sql},
          {"object", finding.object},
          {"message", finding.message},
          {"safe_form", finding.safe_form},
          {"table", std::move(table)},
          {"allowed", finding.allowed}};
}

Json StatementJson(const commands::MeasuredStatement& statement) {
  Json locks = Json::array();
  for (const auto& [mode, object] : statement.locks) {
    locks.push_back({{"mode", sql::PgLocksNameOf(mode)}, {"object", object}});
  }
  return {{"migration", statement.migration},
          {"file", statement.file},
          {"line", statement.line},
          {"statement", statement.sql},
          {"locks", std::move(locks)},
          {"rewrites", statement.rewrites},
          {"index_builds", statement.index_builds},
          {"scans", statement.scans}};
}

const char* SarifLevel(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNotice:
      break;
  }
  return "note";
}

Json SarifRules() {
  Json rules = Json::array();
  for (const lint::Rule rule : lint::AllRules()) {
    rules.push_back({{"id", lint::NameOf(rule)},
                     {"shortDescription", {{"text", lint::TitleOf(rule)}}},
                     {"defaultConfiguration", {{"level", SarifLevel(lint::SeverityOf(rule))}}}});
  }
  return rules;
}

// The path of a file from the top of the repository, where readers of SARIF begin, as a URI
// reference (RFC 3986).
std::string UriOf(const commands::LintReport& report, const std::string& file) {
  std::vector<std::string> segments = Split(FromTop(report.place, file), '/');
  for (std::string& segment : segments) segment = postgres::PercentEncode(segment);
  return Join(segments, "/");
}

Json SarifResult(const commands::LintReport& report, const Finding& finding) {
  const std::string text =
      finding.message +
      (finding.safe_form.empty() ? std::string() : ".\n\nSafer:\n" + finding.safe_form);
  Json location = {{"physicalLocation",
                    {{"artifactLocation", {{"uri", UriOf(report, finding.file)}}},
                     {"region", {{"startLine", finding.line}}}}}};
  Json result = {{"ruleId", lint::NameOf(finding.rule)},
                 {"ruleIndex", static_cast<int>(finding.rule)},
                 {"level", SarifLevel(finding.severity)},
                 {"message", {{"text", text}}},
                 {"locations", Json::array({std::move(location)})}};
  if (finding.allowed) result["suppressions"] = Json::array({{{"kind", "inSource"}}});
  return result;
}

// A migration that does not run, as a result at its line.
bool HasPlace(const commands::LintReport& report) {
  return report.error && report.error->code != ErrorCode::kLintFindings &&
         !report.error->where.file.empty();
}

Json SarifFailure(const commands::LintReport& report, const Error& error) {
  Json location = {{"physicalLocation",
                    {{"artifactLocation", {{"uri", UriOf(report, error.where.file)}}},
                     {"region", {{"startLine", std::max(error.where.line, 1)}}}}}};
  return {{"ruleId", CodeOf(error.code)},
          {"level", "error"},
          {"message", {{"text", error.message}}},
          {"locations", Json::array({std::move(location)})}};
}

}  // namespace

Page RenderText(const commands::LintReport& report, const Style& style, bool statements) {
  Page page;
  for (const std::string& notice : report.notices) {
    page.err += style.Yellow("⚠️ ") + " " + SafeLine(notice) + "\n";
  }
  if (report.error && report.error->code != ErrorCode::kLintFindings) return page;
  if (statements) {
    for (const auto& statement : report.statements) AddStatement(statement, style, page.out);
  }
  page.out += RenderFindings(report, style);
  page.out += fmt::format(
      "{} since {}: {}, {}, {}{}.\n", Counted(report.pending.size(), "pending migration"),
      SafeLine(report.since), Counted(report.Count(Severity::kError), "error"),
      Counted(report.Count(Severity::kWarning), "warning"),
      Counted(report.Count(Severity::kNotice), "notice"),
      report.Allowed() > 0 ? fmt::format(" ({} allowed)", report.Allowed()) : "");
  return page;
}

std::string RenderFindings(const commands::LintReport& report, const Style& style) {
  std::string text;
  for (const Finding& finding : report.findings) {
    if (!finding.allowed) AddFinding(finding, style, text);
  }
  return text;
}

Json FindingsJson(const commands::LintReport& report) {
  Json findings = Json::array();
  for (const Finding& finding : report.findings) findings.push_back(FindingJson(finding));
  return findings;
}

std::string RenderJson(const commands::LintReport& report) {
  Json statements = Json::array();
  for (const auto& statement : report.statements) statements.push_back(StatementJson(statement));
  return JsonText({{"since", report.since},
                   {"server", OrNull(report.server)},
                   {"looked_at_database", report.looked_at_database},
                   {"fail_on", lint::NameOf(report.fail_on)},
                   {"errors", report.Count(Severity::kError)},
                   {"warnings", report.Count(Severity::kWarning)},
                   {"notices_found", report.Count(Severity::kNotice)},
                   {"allowed", report.Allowed()},
                   {"pending", report.pending},
                   {"findings", FindingsJson(report)},
                   {"statements", std::move(statements)},
                   {"notices", report.notices},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderSarif(const commands::LintReport& report) {
  Json results = Json::array();
  for (const Finding& finding : report.findings) results.push_back(SarifResult(report, finding));
  if (HasPlace(report)) results.push_back(SarifFailure(report, *report.error));
  Json run = {
      {"tool", {{"driver", {{"name", "ballast"}, {"version", kVersion}, {"rules", SarifRules()}}}}},
      {"results", std::move(results)}};
  if (report.error && report.error->code != ErrorCode::kLintFindings) {
    run["invocations"] = Json::array(
        {{{"executionSuccessful", false},
          {"toolExecutionNotifications",
           Json::array({{{"level", "error"}, {"message", {{"text", report.error->message}}}}})}}});
  }
  return JsonText({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                   {"version", "2.1.0"},
                   {"runs", Json::array({std::move(run)})}});
}

std::string RenderGithub(const commands::LintReport& report) {
  std::string text;
  for (const Finding& finding : report.findings) {
    if (finding.allowed) continue;
    const std::string message =
        finding.message +
        (finding.safe_form.empty() ? std::string() : "\nSafer:\n" + finding.safe_form);
    text += WorkflowCommand(lint::NameOf(finding.severity),
                            {FromTop(report.place, finding.file), finding.line},
                            "ballast " + std::string(lint::NameOf(finding.rule)), message);
  }
  if (!report.error || report.error->code == ErrorCode::kLintFindings) return text;
  Place where = report.error->where;
  if (where.file.starts_with('/')) where = {};  // a folder
  if (!where.file.empty()) where.file = FromTop(report.place, where.file);
  return text + WorkflowCommand("error", where,
                                "ballast " + std::string(CodeOf(report.error->code)),
                                report.error->message);
}

}  // namespace ballast::cli
