// SPDX-License-Identifier: Apache-2.0
#include "release/diff.h"

#include <gtest/gtest.h>

namespace ballast::release {
namespace {

Package With(const std::string& version, const Coverage& coverage) {
  Package package;
  package.manifest.version = version;
  package.manifest.coverage = coverage;
  package.manifest.baseline_checksum = version;
  package.manifest.fingerprint.catalog = "same";
  package.manifest.fingerprint.layout = version;
  return package;
}

TEST(PackageDiffTest, FindsNothingBetweenEqualPackages) {
  const Package a = With("v1", {{"1", "x"}});
  const PackageDiff diff = Diff(a, a);
  EXPECT_TRUE(diff.migrations.empty());
  EXPECT_TRUE(diff.rows.empty());
  EXPECT_TRUE(diff.same_baseline && diff.same_catalog && diff.same_layout);
}

TEST(PackageDiffTest, ReportsEachMigration) {
  const std::string fix = "SELECT 1;";
  Package a = With("v1", {{"1", "x"}, {"3", "y"}, {"4", "z"}});
  a.files["release-migrations/5_fix/migration.sql"] = fix;
  a.files["release-migrations/6_fix/migration.sql"] = "SELECT 2;";
  Package b = With("v2", {{"1", "x"}, {"2_late", "n"}, {"3", "other"}, {"5_fix", ChecksumOf(fix)}});
  b.files["release-migrations/7_new/migration.sql"] = fix;
  const PackageDiff diff = Diff(a, b);
  using Kind = MigrationChangeKind;
  EXPECT_EQ(diff.migrations, (std::vector<MigrationChange>{
                                 {Kind::kRemoved, "4", false},
                                 {Kind::kRemoved, "6_fix", true},
                                 {Kind::kAdded, "2_late", false},
                                 {Kind::kEdited, "3", false},
                                 {Kind::kFolded, "5_fix", false},
                                 {Kind::kAdded, "7_new", true},
                             }));
  EXPECT_EQ(diff.version_a, "v1");
  EXPECT_EQ(diff.version_b, "v2");
  EXPECT_FALSE(diff.same_baseline);
  EXPECT_FALSE(diff.same_catalog) << "nothing proves the hotfixes";
  EXPECT_FALSE(diff.rows_are_known);
  EXPECT_FALSE(diff.same_layout);
}

TEST(PackageDiffTest, ComparesStatesAfterHotfixes) {
  const std::string path = "release-migrations/5_fix/migration.sql";
  const Package before = With("v1", {{"1", "x"}});
  Package after = before;
  after.files[path] = "ALTER TABLE a ADD COLUMN b int;";
  after.manifest.files[path] = "sum";
  after.manifest.with_hotfixes = after.manifest.fingerprint;
  after.manifest.with_hotfixes.catalog = "other";
  EXPECT_FALSE(Diff(before, after).same_catalog);
  EXPECT_FALSE(Diff(before, after).rows_are_known);
  EXPECT_TRUE(Diff(after, after).same_catalog);
  EXPECT_TRUE(Diff(after, after).rows_are_known);
}

TEST(PackageDiffTest, ComparesRowsByTable) {
  Package a = With("v1", {});
  a.manifest.rows = {{"Gone", 1, "g", {}}, {"Plan", 3, "p", {}}, {"Same", 2, "s", {}}};
  Package b = With("v2", {});
  b.manifest.rows = {{"New", 4, "n", {}}, {"Plan", 3, "q", {}}, {"Same", 2, "s", {}}};
  EXPECT_EQ(Diff(a, b).rows,
            (std::vector<RowsChange>{{"Gone", 1, 0}, {"New", 0, 4}, {"Plan", 3, 3}}));
}

}  // namespace
}  // namespace ballast::release
