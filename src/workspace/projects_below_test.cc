// SPDX-License-Identifier: Apache-2.0
#include "workspace/projects_below.h"

#include <gtest/gtest.h>

#include "workspace/project.h"
#include "workspace/test_folder.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

void WriteProject(const std::string& at, const TestFolder& folder) {
  folder.Write(at + "/prisma/schema.prisma", "datasource db {\n  provider = \"postgresql\"\n}\n");
  folder.Write(at + "/prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
}

TEST(ProjectsBelowTest, SaysWhenTheSearchDidNotSeeEverything) {
  const TestFolder folder;
  folder.MakeFolder(".git");
  WriteProject("a", folder);
  for (int i = 0; i < 10; ++i) folder.MakeFolder("fixtures/" + std::to_string(i));
  WriteProject("z/1/2/3", folder);
  const ProjectsBelow cut = FindProjectsBelow(folder.Path(), {}, 6);
  EXPECT_FALSE(cut.is_complete);
  EXPECT_EQ(cut.migrations, std::vector<fs::path>{folder.Path() / "a/prisma/migrations"});
  std::vector<std::string> tried;
  const Variables none;
  const PrismaSearch search{folder.Path(), folder.Path(), &none, &tried};
  const Error error = IncompleteSearch(cut, folder.Path(), search);
  EXPECT_EQ(CodeOf(error.code), "B102");
  EXPECT_NE(error.message.find("a/prisma/schema.prisma may not be the only one"),
            std::string::npos);
  const ProjectsBelow whole = FindProjectsBelow(folder.Path(), {});
  EXPECT_TRUE(whole.is_complete);
  EXPECT_EQ(whole.migrations.size(), 2U);
}

TEST(ProjectsBelowTest, AFolderOfTemporaryFilesIsNoCheckout) {
  const TestFolder folder;
  folder.Write("app/package.json", "{}");
  WriteProject("app", folder);
  EXPECT_EQ(FindProjectsBelow(folder.Path(), {}).migrations.size(), 1U);
  const ProjectsBelow below = FindProjectsBelow(folder.Path(), {{"TMPDIR", folder.Path()}});
  EXPECT_TRUE(below.migrations.empty());
  EXPECT_EQ(below.of_others.size(), 1U);
}

TEST(ProjectsBelowTest, AHomeFolderIsNoCheckout) {
  const TestFolder folder;
  folder.Write("package.json", "{}");
  folder.Write("code/app/package.json", "{}");
  WriteProject("code/app", folder);
  EXPECT_TRUE(FindProject(folder.Path(), {}, {}).ok());
  for (const char* start : {".", "code"}) {
    const auto found = FindProject(folder.Path() / start, {}, {{"HOME", folder.Path()}});
    ASSERT_FALSE(found.ok()) << start;
    EXPECT_EQ(CodeOf(found.error().code), "B102");
    EXPECT_NE(found.error().message.find("app/prisma/schema.prisma"), std::string::npos);
  }
  const auto app = FindProject(folder.Path() / "code/app", {}, {{"HOME", folder.Path()}});
  EXPECT_TRUE(app.ok());
}

TEST(ProjectsBelowTest, TheRootOfTheFileSystemIsNotSearched) {
  const ProjectsBelow below = FindProjectsBelow("/", {});
  EXPECT_TRUE(below.migrations.empty());
  EXPECT_TRUE(below.of_others.empty());
}

}  // namespace
}  // namespace ballast::workspace
