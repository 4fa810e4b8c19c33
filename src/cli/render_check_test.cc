// SPDX-License-Identifier: Apache-2.0
#include "cli/render_check.h"

#include <gtest/gtest.h>

namespace ballast::cli {
namespace {

using commands::CheckedPart;
using commands::Verdict;

commands::CheckReport Report() {
  commands::CheckReport report;
  report.place = "app/";
  report.package.emplace();
  report.package->version = "v1";
  report.package->files = 7;
  report.release.emplace();
  report.release->error = MakeError(ErrorCode::kPackageStale, "the package of v1 is stale: a|b\nc",
                                    "create it", {"prisma/migrations/1_a/migration.sql", 3});
  report.release->staleness.emplace();
  report.release->staleness->missing_paths = {"v0.1", "v0.2"};
  report.lint.place = "app/";
  report.lint.since = "git ref main";
  report.lint.pending = {"2_b"};
  lint::Finding finding;
  finding.file = "prisma/migrations/2_b/migration.sql";
  finding.line = 2;
  finding.rule = lint::Rule::kDropsColumn;
  finding.severity = lint::Severity::kWarning;
  finding.message = "drops column a of b\x1b[2J";
  report.lint.findings = {finding};
  report.results = {{CheckedPart::kPackage, Verdict::kPassed},
                    {CheckedPart::kRelease, Verdict::kFailed},
                    {CheckedPart::kUpgradePaths, Verdict::kFailed},
                    {CheckedPart::kMigrations, Verdict::kPassed}};
  return report;
}

TEST(RenderCheckTest, EachResultIsALineWithItsProblemsBelow) {
  const std::string text = RenderText(Report(), {}).out;
  EXPECT_NE(text.find("✓ release package: v1, 7 files\n✗ release package is up to date\n"
                      "   Error B410: the package of v1 is stale"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("✗ upgrade paths: missing: from v0.1, v0.2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("✓ pending migrations: 1 migration since git ref main: "), std::string::npos)
      << text;
  EXPECT_TRUE(text.ends_with("✗ 2 of 4 checks failed.\n")) << text;
}

TEST(RenderCheckTest, AnnotationsNameFilesFromTheTopOfTheRepository) {
  const std::string text = RenderGithub(Report());
  EXPECT_NE(
      text.find("\n::error file=app/prisma/migrations/1_a/migration.sql,line=3,"
                "title=release package is up to date::Error B410: the package of v1 is stale"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("\n::error title=upgrade paths::missing: from v0.1, v0.2\n"),
            std::string::npos)
      << text;
  EXPECT_NE(
      text.find("\n::warning file=app/prisma/migrations/2_b/migration.sql,line=2,title=ballast "),
      std::string::npos)
      << text;
}

TEST(RenderCheckTest, CellsOfTheTableStayInTheirLine) {
  const std::string text = RenderMarkdown(Report());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 6) << text;
  EXPECT_NE(text.find("| release package | passed | v1, 7 files |\n"), std::string::npos) << text;
  EXPECT_NE(text.find("a\\|b"), std::string::npos) << text;
  EXPECT_NE(text.find("| pending migrations | passed | drops column a of b\\x1b[2J |\n"),
            std::string::npos)
      << text;
}

TEST(RenderCheckTest, WithoutAProjectNothingWasChecked) {
  commands::CheckReport report;
  report.error = MakeError(ErrorCode::kNoProject, "no project was found", "");
  EXPECT_EQ(RenderText(report, {}).out, "");
  EXPECT_EQ(RenderGithub(report), "");
}

}  // namespace
}  // namespace ballast::cli
