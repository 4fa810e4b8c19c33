// SPDX-License-Identifier: Apache-2.0
#include "cli/render_check.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cli/render_json_internal.h"
#include "cli/render_lint.h"
#include "cli/safe_text.h"
#include "cli/workflow_command.h"

namespace ballast::cli {
namespace {

using commands::CheckedPart;
using commands::CheckReport;
using commands::CheckResult;
using commands::Verdict;

std::string MarkOf(Verdict verdict, const Style& style) {
  if (verdict == Verdict::kPassed) return style.Green("✓");
  return verdict == Verdict::kBehind ? style.Yellow("!") : style.Red("✗");
}

// "from v1.0.0, v1.1.0"
std::string FromReleases(const std::vector<std::string>& versions) {
  return versions.empty() ? "" : "from " + Join(versions, ", ");
}

std::string UpgradePaths(const CheckReport& report) {
  if (report.release->staleness) {
    return "missing: " + FromReleases(report.release->staleness->missing_paths);
  }
  std::vector<std::string> versions;
  for (const proof::UpgradePathLine& path : report.release->upgrade_paths) {
    versions.push_back(path.version);
  }
  return FromReleases(versions);
}

std::string LintCounts(const commands::LintReport& lint) {
  return fmt::format("{} since {}: {}, {}, {}", Counted(lint.pending.size(), "migration"),
                     SafeLine(lint.since), Counted(lint.Count(lint::Severity::kError), "error"),
                     Counted(lint.Count(lint::Severity::kWarning), "warning"),
                     Counted(lint.Count(lint::Severity::kNotice), "notice"));
}

// One line about a part that passed, or that has no error of its own.
std::string Summary(const CheckReport& report, CheckedPart part) {
  switch (part) {
    case CheckedPart::kPackage:
      if (report.package->error) return {};
      return fmt::format("{}, {}", SafeLine(report.package->version),
                         Counted(static_cast<size_t>(report.package->files), "file"));
    case CheckedPart::kUpgradePaths:
      return UpgradePaths(report);
    case CheckedPart::kMigrations:
      return report.lint.error && report.lint.error->code != ErrorCode::kLintFindings
                 ? std::string()
                 : LintCounts(report.lint);
    case CheckedPart::kRelease:
    case CheckedPart::kBaseline:
    case CheckedPart::kSchema:
      break;
  }
  return {};
}

// What a part that did not pass reports: its error with the remedies, and its problems.
std::string Problems(const CheckReport& report, CheckedPart part, const Style& style) {
  std::string text;
  const Error* error = report.ErrorOf(part);
  if (error != nullptr) text = RenderError(*error, style, /*verbose=*/false);
  if (part == CheckedPart::kPackage) text += RenderText(*report.package, style).err;
  if (part == CheckedPart::kSchema) text += RenderText(report.schema, style, false).out;
  return text;
}

std::string ResultLine(const CheckReport& report, const CheckResult& result, const Style& style) {
  const std::string summary = Summary(report, result.part);
  return fmt::format("{} {}{}{}\n", MarkOf(result.verdict, style), commands::TitleOf(result.part),
                     summary.empty() ? "" : ": ", summary);
}

// Findings of lint are shown whatever the verdict is.
std::string Details(const CheckReport& report, const CheckResult& result, const Style& style) {
  std::string text;
  if (result.part == CheckedPart::kMigrations) text = RenderFindings(report.lint, style);
  if (result.verdict != Verdict::kPassed) text += Problems(report, result.part, style);
  return text;
}

// "drops column note of Task, with its values", a line each; errors come first.
std::string FindingMessages(const commands::LintReport& lint) {
  constexpr size_t kMost = 10;
  std::vector<std::string> lines;
  for (const lint::Severity severity :
       {lint::Severity::kError, lint::Severity::kWarning, lint::Severity::kNotice}) {
    for (const lint::Finding& finding : lint.findings) {
      const bool counts = finding.severity == severity && !finding.allowed;
      if (counts) lines.push_back(SafeLine(finding.message));
    }
  }
  if (lines.size() > kMost) {
    lines[kMost] = fmt::format("… and {} more", lines.size() - kMost);
    lines.resize(kMost + 1);
  }
  return Join(lines, "\n");
}

// What there is to say about a result, without marks: its problems, else its summary.
std::string About(const CheckReport& report, const CheckResult& result) {
  std::string text;
  if (result.part == CheckedPart::kMigrations) text = FindingMessages(report.lint);
  if (text.empty() && result.verdict != Verdict::kPassed) {
    text = Trim(Problems(report, result.part, {}));
  }
  return text.empty() ? Summary(report, result.part) : SafeText(text, false);
}

std::string Conclusion(const CheckReport& report, const Style& style) {
  const size_t failed = report.FailedCount();
  const std::string all = Counted(report.results.size(), "check");
  if (failed == 0) return fmt::format("{} {} passed.\n", style.Green("✓"), all);
  return fmt::format("{} {} of {} failed.\n", style.Red("✗"), failed, all);
}

std::string Annotation(const CheckReport& report, const CheckResult& result) {
  const Error* error = report.ErrorOf(result.part);
  Place where = error != nullptr ? error->where : Place();
  if (!where.file.empty()) where.file = FromTop(report.place, where.file);
  return WorkflowCommand(result.verdict == Verdict::kBehind ? "warning" : "error", where,
                         std::string(commands::TitleOf(result.part)), About(report, result));
}

// In a cell of a Markdown table.
std::string Cell(std::string_view text) {
  return ReplaceAll(ReplaceAll(std::string(Trim(text)), "|", "\\|"), "\n", "<br>");
}

}  // namespace

Page RenderText(const CheckReport& report, const Style& style) {
  Page page;
  if (report.results.empty()) return page;
  page.notices = RenderNotices(report.schema.notices, style);
  for (const CheckResult& result : report.results) {
    page.out += ResultLine(report, result, style);
    for (const std::string& line : Split(Trim(Details(report, result, style)), '\n')) {
      if (!line.empty()) page.out += "   " + line + "\n";
    }
  }
  page.out += Conclusion(report, style);
  return page;
}

std::string RenderJson(const CheckReport& report) {
  Json checks = Json::array();
  for (const CheckResult& result : report.results) {
    const Error* error = report.ErrorOf(result.part);
    const bool failed = result.verdict != Verdict::kPassed;
    checks.push_back({{"check", commands::TitleOf(result.part)},
                      {"verdict", commands::NameOf(result.verdict)},
                      {"summary", OrNull(Summary(report, result.part))},
                      {"problems", failed ? Trim(Problems(report, result.part, {})) : ""},
                      {"error", error != nullptr ? ErrorJson(*error) : Json(nullptr)}});
  }
  return JsonText({{"checks", std::move(checks)},
                   {"failed", report.FailedCount()},
                   {"findings", FindingsJson(report.lint)},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderGithub(const CheckReport& report) {
  std::string text;
  for (const CheckResult& result : report.results) {
    text += ResultLine(report, result, {});
    if (result.part == CheckedPart::kMigrations) {
      text += RenderGithub(report.lint);
    } else if (result.verdict != Verdict::kPassed) {
      text += Annotation(report, result);
    }
  }
  return report.results.empty() ? text : text + Conclusion(report, {});
}

std::string RenderMarkdown(const CheckReport& report) {
  std::string text = "| check | result | |\n|---|---|---|\n";
  for (const CheckResult& result : report.results) {
    text += fmt::format("| {} | {} | {} |\n", commands::TitleOf(result.part),
                        commands::NameOf(result.verdict), Cell(About(report, result)));
  }
  return text;
}

}  // namespace ballast::cli
