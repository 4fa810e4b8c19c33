// SPDX-License-Identifier: Apache-2.0
// Real projects' migrations, where they are at hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "release/package.h"
#include "release/package_archives.h"
#include "workspace/files.h"
#include "workspace/migrations_folder.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

fs::path Corpora() {
  const char* shared = std::getenv("BALLAST_SHARED");
  const char* source = std::getenv("BALLAST_SOURCE_DIR");
  if (shared != nullptr) return fs::path(shared) / "corpora";
  return fs::path(source == nullptr ? "." : source) / "../shared/corpora";
}

class CorporaTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!IsFolder(Corpora())) {
      GTEST_SKIP() << "NOT TESTED: " << Corpora() << " is not there; set BALLAST_SHARED";
    }
  }
};

TEST_P(CorporaTest, AreReadPackedAndUnpackedWithoutLoss) {
  const auto folder = LoadMigrations(Corpora() / GetParam() / "migrations");
  ASSERT_TRUE(folder.ok()) << folder.error().message;
  ASSERT_FALSE(folder->migrations.empty());
  EXPECT_TRUE(CheckMigrationLock(Corpora() / GetParam() / "migrations").ok());
  const std::string packed = release::PackHistory(folder->migrations);
  EXPECT_EQ(packed, release::PackHistory(folder->migrations));
  const auto back = release::UnpackHistory(packed, release::kHistoryLimit);
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(*back, folder->migrations);
}

INSTANTIATE_TEST_SUITE_P(All, CorporaTest,
                         testing::Values("amplication", "bloom", "gcforms", "hoppscotch",
                                         "langfuse", "trigger.dev", "umami"));

class OrderOfCorporaTest : public CorporaTest {};

TEST_P(OrderOfCorporaTest, IsThatOfTheirLists) {
  const auto folder = LoadMigrations(Corpora() / "trigger.dev/migrations");
  ASSERT_TRUE(folder.ok());
  const auto list =
      ReadFile(Corpora() / "trigger.dev/schemas" / (std::string(GetParam()) + ".migrations"));
  ASSERT_TRUE(list.ok());
  const std::vector<std::string> expected = Split(Trim(*list), '\n');
  std::vector<std::string> names;
  for (const release::Migration& migration : folder->migrations) {
    const bool listed =
        std::find(expected.begin(), expected.end(), migration.name) != expected.end();
    if (listed) names.push_back(migration.name);
  }
  EXPECT_EQ(names, expected);
}

INSTANTIATE_TEST_SUITE_P(All, OrderOfCorporaTest, testing::Values("691", "692", "v4.5.9", "head"));

}  // namespace
}  // namespace ballast::workspace
