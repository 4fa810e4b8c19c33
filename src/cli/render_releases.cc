// SPDX-License-Identifier: Apache-2.0
// The reports of `hotfix`, `release list` and `init` as text.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/render_text.h"
#include "cli/safe_text.h"

namespace ballast::cli {
namespace {

// A branch and its copies of remotes have the same package.
bool IsSamePackage(const commands::ListedRelease& a, const commands::ListedRelease& b) {
  return a.problem.empty() && b.problem.empty() && a.version == b.version &&
         a.fingerprint == b.fingerprint && a.generated_at == b.generated_at;
}

// Each package once, with all its places: "branch v4.1.0, branch origin/v4.1.0".
std::vector<commands::ListedRelease> ByPackage(
    const std::vector<commands::ListedRelease>& releases) {
  std::vector<commands::ListedRelease> packages;
  for (const commands::ListedRelease& release : releases) {
    const auto same = std::ranges::find_if(
        packages, [&](const auto& package) { return IsSamePackage(package, release); });
    if (same == packages.end()) {
      packages.push_back(release);
    } else {
      same->place += ", " + release.place;
    }
  }
  return packages;
}

std::string LineOf(const commands::ListedRelease& release, const Style& style) {
  if (!release.problem.empty()) {
    return fmt::format("{} {} ({}): {}", style.Yellow("⚠️ "), release.version, release.place,
                       release.problem);
  }
  std::string line =
      fmt::format("📦 {} ({}): {} up to {}", style.Bold(release.version), release.place,
                  Counted(static_cast<size_t>(release.migration_count), "migration"),
                  release.baseline_includes_up_to);
  if (release.hotfixes > 0) {
    line += fmt::format(", {} hotfix{}", release.hotfixes, release.hotfixes == 1 ? "" : "es");
  }
  if (!release.moves_from.empty()) {
    line += ", upgrades from " + Join(release.moves_from, ", ");
  }
  return line;
}

}  // namespace

Page RenderText(const commands::HotfixReport& report, const Style& style) {
  Page page;
  page.notices = RenderNotices(report.notices, style);
  if (report.error) return page;
  if (!report.script.empty()) page.out += "🩹 " + report.script + "\n";
  if (!report.sealed) {
    page.out += "   → write the script, then: ballast hotfix seal\n";
    return page;
  }
  for (const std::string& name : report.hotfixes) page.out += SafeLine("   hotfix " + name) + "\n";
  page.out += fmt::format("🔒 Release {}: the database with its {} is proven (fingerprint {}…)\n",
                          report.version, report.hotfixes.size() == 1 ? "hotfix" : "hotfixes",
                          report.fingerprint.substr(0, 12));
  if (!report.sealed_by.empty()) page.out += "🔏 Signed with key " + report.sealed_by + "\n";
  return page;
}

Page RenderText(const commands::HotfixMergeReport& report, const Style& style) {
  Page page;
  page.notices = RenderNotices(report.notices, style);
  for (const commands::MergedHotfix& merged : report.merged) {
    page.out +=
        SafeLine(fmt::format("🩹 {} of {} ({})", merged.name, merged.version, merged.place)) +
        "\n";
  }
  if (report.error) return page;
  if (report.merged.empty()) {
    page.out += fmt::format("{} The migrations have {}.\n", style.Green("✓"),
                            report.present.size() == 1
                                ? "the hotfix"
                                : fmt::format("all {} hotfixes", report.present.size()));
  } else {
    page.out +=
        "   → if schema.prisma can express the change, make it there too; then commit both\n";
  }
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
  for (const commands::ListedRelease& release : ByPackage(report.releases)) {
    page.out += SafeLine(LineOf(release, style)) + "\n";
  }
  return page;
}

}  // namespace ballast::cli
