// SPDX-License-Identifier: Apache-2.0
// The report of `doctor` as text: grouped, with place and remedy of each problem.
#include <fmt/format.h>

#include "base/text.h"
#include "cli/render_text.h"
#include "cli/target_line.h"

namespace ballast::cli {
namespace {

std::string MarkOf(commands::CheckStatus status, const Style& style) {
  switch (status) {
    case commands::CheckStatus::kOk:
      return style.Green("✓");
    case commands::CheckStatus::kWarn:
      return style.Yellow("!");
    case commands::CheckStatus::kFail:
      return style.Red("✗");
    case commands::CheckStatus::kSkipped:
      return style.Dim("-");
  }
  return {};
}

}  // namespace

Page RenderText(const commands::DoctorReport& report, const Style& style) {
  Page page;
  page.target = TargetLine(report.target);
  std::string_view group;
  for (const commands::Check& check : report.checks) {
    if (check.Group() != group) {
      group = check.Group();
      page.out += style.Bold(group) + "\n";
    }
    page.out += fmt::format("  {} {}\n", MarkOf(check.status, style), check.message);
    const bool wrong = check.status == commands::CheckStatus::kWarn ||
                       check.status == commands::CheckStatus::kFail;
    const bool is_said = check.message.find(check.place) != std::string::npos;
    if (wrong && !is_said) page.out += "      at " + check.place + "\n";
    if (!check.remedy.empty()) page.out += "      → " + check.remedy + "\n";
  }
  const int failed = report.Count(commands::CheckStatus::kFail);
  const int warned = report.Count(commands::CheckStatus::kWarn);
  if (failed > 0) {
    page.out +=
        style.Red("✗") + fmt::format(" {} found, {}. Nothing was changed.\n",
                                     Counted(failed, "problem"), Counted(warned, "warning"));
  } else {
    page.out += warned > 0
                    ? style.Yellow("!") + " " + Counted(warned, "warning") + ", no problems found"
                    : style.Green("✓") + " No problems found";
    page.out += report.WasDatabaseExamined() ? ".\n" : "; the database was not examined.\n";
  }
  return page;
}

}  // namespace ballast::cli
