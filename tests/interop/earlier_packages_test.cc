// SPDX-License-Identifier: Apache-2.0
// Packages that earlier versions of the program made stay readable, deployable and provable, with
// the fingerprints that they have (docs/decisions/0016-vocabularies.md).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class EarlierPackagesTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    BALLAST_NEEDS_SERVER();
    fs::copy(fs::path(BALLAST_SOURCE) / "tests/interop/earlier_packages" / GetParam(),
             folder_.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }

  Ran Ballast(const std::string& arguments, const TestDatabase& db) const {
    return RunIn(folder_.path(), "ballast " + arguments, {{"DATABASE_URL", db.Url()}});
  }

  // The fingerprint that `deploy` found, after it succeeded.
  static std::string FoundBy(const Ran& deploy) {
    EXPECT_EQ(deploy.status, 0) << deploy.out << deploy.err;
    const auto report = nlohmann::json::parse(deploy.out, nullptr, false);
    if (!report.is_object()) return deploy.out;
    EXPECT_EQ(report["fingerprint"]["equal"], true) << deploy.out;
    return report["fingerprint"]["actual"];
  }

  std::string Manifested() const {
    const Ran shown = RunIn(folder_.path(), "cat .ballast/release-migrations/manifest.json");
    return nlohmann::json::parse(shown.out)["fingerprint"]["catalog"];
  }

  TemporaryFolder folder_{"earlier"};
};

TEST_P(EarlierPackagesTest, Deploys) {
  for (const int major : TestMajors()) {
    if (!HasMajor(major)) continue;
    SCOPED_TRACE(major);
    TestDatabase db(major);
    EXPECT_EQ(FoundBy(Ballast("deploy --strategy release --output json", db)), Manifested());
    const Ran status = Ballast("status --strategy release", db);
    EXPECT_EQ(status.status, 0) << status.out << status.err;
  }
}

TEST_P(EarlierPackagesTest, FindsDrift) {
  TestDatabase db;
  FoundBy(Ballast("deploy --strategy release --output json", db));
  db.Run("ALTER TABLE \"User\" DROP COLUMN name CASCADE");
  const Ran status = Ballast("status --strategy release --output json", db);
  EXPECT_THAT(status.out, HasSubstr("\\\"User\\\".name")) << status.err;
}

TEST_P(EarlierPackagesTest, IsProvenAgain) {
  TestDatabase db;
  const Ran verify = Ballast("release verify --deep", db);
  EXPECT_EQ(verify.status, 0) << verify.out << verify.err;
}

TEST_P(EarlierPackagesTest, CanBeUpgraded) {
  TestDatabase db;
  FoundBy(Ballast("deploy --strategy release --output json", db));
  AddScripts(folder_.path(), {{"20240301000000_next", "ALTER TABLE \"User\" ADD COLUMN x INT;"}});
  const Ran create = Ballast("release create v2", db);
  ASSERT_EQ(create.status, 0) << create.out << create.err;
  FoundBy(Ballast("deploy --strategy release --output json", db));
  EXPECT_EQ(db.Value("SELECT count(x) FROM \"User\""), "0");
}

INSTANTIATE_TEST_SUITE_P(Slow, EarlierPackagesTest, ::testing::Values("vocabulary_1"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace ballast::testing
