// SPDX-License-Identifier: Apache-2.0
#include "serve/project_cache.h"

#include <gmock/gmock.h>

#include "release/test_package.h"

namespace ballast::serve {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> NodesOf(release::Package package) {
  ServedProject project;
  project.context.emplace();
  project.artifacts.package = std::move(package);
  std::vector<std::string> names;
  for (const PathNode& node : PackageStateOf(project, "shop").nodes) names.push_back(node.name);
  return names;
}

TEST(PackageStateTest, ShowsEachStateOnce) {
  release::Package package = release::MakeTestPackageWithEverything();
  EXPECT_THAT(NodesOf(package), ElementsAre("empty database", "v1", "v2+hotfix.1"));
  package.files["release-migrations/20250102000000_d/migration.sql"] = "CREATE TABLE d ();\n";
  EXPECT_THAT(NodesOf(package), ElementsAre("empty database", "v1", "v2+hotfix.1", "v2+hotfix.2"));
}

}  // namespace
}  // namespace ballast::serve
