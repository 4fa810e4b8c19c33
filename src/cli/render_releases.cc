// SPDX-License-Identifier: Apache-2.0
// The reports of `hotfix`, `release list` and `init` as text.
#include <fmt/format.h>

#include "base/text.h"
#include "cli/render_text.h"

namespace ballast::cli {

Page RenderText(const commands::HotfixReport& report, const Style& style) {
  Page page;
  page.err = RenderNotices(report.notices, style);
  if (report.error) return page;
  if (!report.script.empty()) page.out += "🩹 " + report.script + "\n";
  if (!report.sealed) {
    page.out += "   → write the script, then: ballast hotfix seal\n";
    return page;
  }
  for (const std::string& name : report.hotfixes) page.out += "   hotfix " + name + "\n";
  page.out += fmt::format(
      "🔒 Release {}: the database with its hotfixes is proven (fingerprint "
      "{}…)\n",
      report.version, report.fingerprint.substr(0, 12));
  if (!report.sealed_by.empty()) page.out += "🔏 Signed with key " + report.sealed_by + "\n";
  return page;
}

Page RenderText(const commands::InitReport& report, const Style& style) {
  Page page;
  for (const std::string& path : report.written) {
    page.out += style.Green("wrote ") + path + "\n";
  }
  for (const std::string& path : report.unchanged) page.out += "unchanged " + path + "\n";
  return page;
}

Page RenderText(const commands::ListReport& report, const Style& style) {
  Page page;
  if (report.error) return page;
  if (report.releases.empty()) page.out = "No release packages were found.\n";
  for (const commands::ListedRelease& line : report.releases) {
    if (!line.problem.empty()) {
      page.out += fmt::format("{} {} ({}): {}\n", style.Yellow("⚠️ "), line.version, line.place,
                              line.problem);
      continue;
    }
    page.out += fmt::format("📦 {} ({}): {} migrations up to {}", style.Bold(line.version),
                            line.place, line.migration_count, line.baseline_includes_up_to);
    if (line.hotfixes > 0) page.out += fmt::format(", {} hotfixes", line.hotfixes);
    if (!line.moves_from.empty()) page.out += ", upgrades from " + Join(line.moves_from, ", ");
    page.out += "\n";
  }
  return page;
}

}  // namespace ballast::cli
