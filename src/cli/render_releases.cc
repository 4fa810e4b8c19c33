// The reports of `hotfix`, `release list` and `release diff` as text.
#include <fmt/format.h>

#include "base/text.h"
#include "cli/render_text.h"

namespace ballast::cli {
namespace {

std::string Line(const release::MigrationChange& change) {
  switch (change.kind) {
    case release::MigrationChangeKind::kAdded:
      return "+ " + change.name;
    case release::MigrationChangeKind::kRemoved:
      return "- " + change.name;
    case release::MigrationChangeKind::kEdited:
      return "~ " + change.name + " (edited)";
    case release::MigrationChangeKind::kFolded:
      return "= " + change.name + " (a hotfix before, covered now)";
  }
  return {};
}

std::string Line(const catalog::Difference& difference) {
  switch (difference.change) {
    case catalog::ChangeKind::kMissing:
      return "- " + difference.object;
    case catalog::ChangeKind::kExtra:
      return "+ " + difference.object;
    case catalog::ChangeKind::kChanged:
      return "~ " + catalog::Describe(difference);
  }
  return {};
}

}  // namespace

Page RenderText(const commands::HotfixReport& report, const Style&) {
  Page page;
  if (report.error) return page;
  if (!report.script.empty()) page.out += "🩹 " + report.script + "\n";
  if (!report.sealed) {
    page.out += "   → write the script, then: ballast hotfix seal\n";
    return page;
  }
  for (const std::string& name : report.hotfixes) page.out += "   hotfix " + name + "\n";
  page.out += fmt::format(
      "🔒 Release {}: the database after its hotfixes is proven (fingerprint "
      "{}…)\n",
      report.version, report.fingerprint.substr(0, 12));
  if (!report.sealed_by.empty()) page.out += "🔏 Sealed by key " + report.sealed_by + "\n";
  return page;
}

Page RenderText(const commands::ListReport& report, const Style& style) {
  Page page;
  if (report.error) return page;
  if (report.releases.empty()) page.out = "There are no release packages.\n";
  for (const commands::ListedRelease& line : report.releases) {
    if (!line.problem.empty()) {
      page.out += fmt::format("{} {} ({}): {}\n", style.Yellow("⚠️ "), line.version, line.place,
                              line.problem);
      continue;
    }
    page.out += fmt::format("📦 {} ({}): {} migrations up to {}", style.Bold(line.version),
                            line.place, line.migration_count, line.baseline_includes_up_to);
    if (line.hotfixes > 0) page.out += fmt::format(", {} hotfixes", line.hotfixes);
    if (!line.moves_from.empty()) page.out += ", moves from " + Join(line.moves_from, ", ");
    page.out += "\n";
  }
  return page;
}

Page RenderText(const commands::ReleaseDiffReport& report, const Style& style) {
  Page page;
  if (report.error) return page;
  const release::PackageDiff& diff = report.diff;
  page.out += fmt::format("From {} to {}\n", diff.version_a, diff.version_b);
  if (!diff.migrations.empty()) page.out += style.Bold("Migrations") + "\n";
  for (const release::MigrationChange& change : diff.migrations) {
    page.out += "   " + Line(change) + "\n";
  }
  if (!report.differences.empty()) page.out += style.Bold("Catalog") + "\n";
  for (const catalog::Difference& difference : report.differences) {
    page.out += "   " + Line(difference) + "\n";
  }
  for (const release::RowsChange& rows : diff.rows) {
    page.out += fmt::format("   rows of {}: {} → {}\n", rows.table, rows.count_a, rows.count_b);
  }
  if (diff.same_catalog && diff.rows.empty()) page.out += "✅ Both give the same database.\n";
  return page;
}

}  // namespace ballast::cli
