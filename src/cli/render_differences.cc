// SPDX-License-Identifier: Apache-2.0
// Differences between two databases or two packages as text: sentences about objects, and, if
// requested, the definitions of both sides.
#include <fmt/format.h>

#include "base/text.h"
#include "cli/render_text.h"
#include "cli/safe_text.h"

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
      return "= " + change.name + " (a hotfix before, now covered)";
  }
  return {};
}

std::string Line(const catalog::Difference& difference, const commands::ReleaseDiffReport& report) {
  switch (difference.change) {
    case catalog::ChangeKind::kMissing:
      return "- " + difference.object;
    case catalog::ChangeKind::kExtra:
      return "+ " + difference.object;
    case catalog::ChangeKind::kChanged:
      return "~ " + catalog::Describe(difference, report.name_a, report.name_b);
  }
  return {};
}

// Every line of one side after its mark, so that functions and views keep their layout.
std::string SideOf(const std::string& side, const Style& style, const std::string& start) {
  std::string text;
  if (side.empty()) return text;
  for (const std::string& line : Split(side, '\n')) text += style.Dim(start + line) + "\n";
  return text;
}

// The conclusion of a comparison of releases: it covers only what was compared.
std::string Conclusion(const commands::ReleaseDiffReport& report) {
  const release::PackageDiff& diff = report.diff;
  if (!diff.same_catalog || !diff.rows.empty() || !report.differences.empty()) return {};
  if (!diff.rows_are_known) {
    return "✅ Both produce the same catalog. The rows that hotfixes change were not compared.\n";
  }
  return diff.same_layout ? "✅ Both produce the same database.\n"
                          : "✅ Both produce the same database, except for the order of columns.\n";
}

}  // namespace

std::string RenderDefinitions(const catalog::Difference& difference, const Style& style,
                              const std::string& indent) {
  return SideOf(difference.a, style, indent + "- ") + SideOf(difference.b, style, indent + "+ ");
}

Page RenderText(const commands::DiffReport& report, const Style& style, bool definitions) {
  Page page;
  if (report.error) return page;
  if (!report.differences.empty()) {
    page.out += SafeLine(fmt::format("A is {}, B is {}", report.from, report.to)) + "\n";
  }
  for (const catalog::Difference& difference : report.differences) {
    page.out += SafeLine(catalog::Describe(difference, "A", "B")) + "\n";
    if (definitions) page.out += RenderDefinitions(difference, style, "   ");
  }
  if (!report.other_order.empty()) {
    page.out +=
        SafeLine(fmt::format("The order of columns differs in {}.", JoinSome(report.other_order))) +
        "\n";
  }
  if (!report.left_out.empty()) {
    page.out += SafeLine(fmt::format("{} left out by `ignore` or `platform`: {}.",
                                     Counted(report.left_out.size(), "difference"),
                                     JoinSome(report.left_out))) +
                "\n";
  }
  if (!report.equal) {
    page.out += Counted(report.differences.size(), "difference") + ".\n";
  } else {
    page.out += report.layout_equal
                    ? "✅ The two databases are equal.\n"
                    : "✅ The two databases are equal, except for the order of columns.\n";
  }
  return page;
}

Page RenderText(const commands::ReleaseDiffReport& report, const Style& style, bool definitions) {
  Page page;
  page.err = RenderNotices(report.notices, style);
  if (report.error) return page;
  const release::PackageDiff& diff = report.diff;
  page.out += SafeLine(fmt::format("From {} to {}", report.name_a, report.name_b)) + "\n";
  if (!diff.migrations.empty()) page.out += style.Bold("Migrations") + "\n";
  for (const release::MigrationChange& change : diff.migrations) {
    page.out += SafeLine("   " + Line(change)) + "\n";
  }
  if (!report.differences.empty()) page.out += style.Bold("Catalog") + "\n";
  for (const catalog::Difference& difference : report.differences) {
    page.out += SafeLine("   " + Line(difference, report)) + "\n";
    if (definitions) page.out += RenderDefinitions(difference, style, "      ");
  }
  for (const release::RowsChange& rows : diff.rows) {
    page.out += fmt::format("   rows of {}: {} → {}\n", rows.table, rows.count_a, rows.count_b);
  }
  page.out += Conclusion(report);
  return page;
}

}  // namespace ballast::cli
