// SPDX-License-Identifier: Apache-2.0
#include "workspace/migrations_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/sha256.h"
#include "workspace/test_folder.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> NamesIn(const TestFolder& folder) {
  const auto found = LoadMigrations(folder.Path());
  EXPECT_TRUE(found.ok());
  std::vector<std::string> names;
  for (const release::Migration& migration : found->migrations) names.push_back(migration.name);
  return names;
}

TEST(MigrationsFolderTest, AcceptsFoldersOfAnyName) {
  const TestFolder folder;
  for (const char* name : {"20200101000000_init", "with blank", ".hidden", "ends.sql", "12345678",
                           "20209999999999_impossible", "20200101000000_", "é"}) {
    folder.Write(std::string(name) + "/migration.sql", name);
  }
  folder.Write("README.md", "no migration");
  folder.Write("migration_lock.toml", "provider = \"postgresql\"\n");
  folder.Write(".DS_Store", "");
  EXPECT_EQ(NamesIn(folder), (std::vector<std::string>{
                                 ".hidden", "12345678", "20200101000000_", "20200101000000_init",
                                 "20209999999999_impossible", "é", "ends.sql", "with blank"}));
}

TEST(MigrationsFolderTest, SkipsLinksToFolders) {
  const TestFolder folder;
  folder.Write("1_real/migration.sql", "");
  fs::create_directory_symlink(folder.Path() / "1_real", folder.Path() / "2_link");
  EXPECT_EQ(NamesIn(folder), (std::vector<std::string>{"1_real"}));
}

TEST(MigrationsFolderTest, FollowsALinkToTheScript) {
  const TestFolder folder;
  folder.Write("elsewhere.sql", "SELECT 1;");
  folder.MakeFolder("1_a");
  folder.MakeFolder("2_b");
  fs::create_symlink(folder.Path() / "elsewhere.sql", folder.Path() / "1_a/migration.sql");
  fs::create_symlink(folder.Path() / "nowhere.sql", folder.Path() / "2_b/migration.sql");
  const auto found = LoadMigrations(folder.Path());
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->migrations[0], release::MakeMigration("1_a", "SELECT 1;"));
  EXPECT_FALSE(found->migrations[1].script.has_value());
}

TEST(MigrationsFolderTest, KeepsTheBytesThatPrismaHashes) {
  const TestFolder folder;
  const std::vector<std::pair<std::string, std::string>> scripts = {
      {"1_crlf", "SELECT 1;\r\n"},
      {"2_bom", "\xEF\xBB\xBFSELECT 1;"},
      {"3_empty", ""},
  };
  for (const auto& [name, bytes] : scripts) folder.Write(name + "/migration.sql", bytes);
  folder.Write("4_latin1/migration.sql", "-- caf\xE9");
  const auto found = LoadMigrations(folder.Path());
  ASSERT_TRUE(found.ok());
  for (size_t i = 0; i < scripts.size(); ++i) {
    EXPECT_EQ(found->migrations[i].script, scripts[i].second);
    EXPECT_EQ(found->migrations[i].checksum, Sha256Hex(scripts[i].second));
  }
  EXPECT_EQ(found->migrations[3].script, "-- caf\xEF\xBF\xBD");
}

TEST(MigrationsFolderTest, CountsAFolderWithoutItsScript) {
  const TestFolder folder;
  folder.Write("1_a/README.md", "");
  const auto found = LoadMigrations(folder.Path());
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->migrations.size(), 1U);
  EXPECT_FALSE(found->migrations[0].script.has_value());
  EXPECT_EQ(found->migrations[0].checksum, "");
}

TEST(MigrationsFolderTest, TreatsAMissingFolderAsEmpty) {
  const TestFolder folder;
  EXPECT_TRUE(NamesIn(folder).empty());
  const auto found = LoadMigrations(folder.Path() / "nowhere");
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found->migrations.empty());
}

TEST(MigrationsFolderTest, NamesWhatCannotBeRead) {
  const TestFolder folder;
  folder.Write("file", "");
  folder.MakeFolder("1/1_a/migration.sql");
  folder.Write("2/caf\xE9/migration.sql", "");
  for (const char* name : {"file", "1", "2"}) {
    const auto found = LoadMigrations(folder.Path() / name);
    ASSERT_FALSE(found.ok()) << name;
    EXPECT_EQ(CodeOf(found.error().code), "B104");
  }
}

TEST(MigrationsFolderTest, RefusesAnUnreadableFolder) {
  const TestFolder folder;
  const fs::path closed = folder.MakeFolder("closed");
  folder.Write("closed/1_a/migration.sql", "");
  fs::permissions(closed, fs::perms::none);
  const bool root = geteuid() == 0;  // who may read everything
  constexpr uid_t kNobody = 65534;
  ASSERT_TRUE(!root || seteuid(kNobody) == 0);
  const auto inside = LoadMigrations(closed);
  const auto behind = LoadMigrations(closed / "1_a");
  ASSERT_TRUE(!root || seteuid(0) == 0);
  fs::permissions(closed, fs::perms::owner_all);
  ASSERT_FALSE(inside.ok());
  EXPECT_EQ(CodeOf(inside.error().code), "B104");
  ASSERT_FALSE(behind.ok());
  EXPECT_EQ(CodeOf(behind.error().code), "B104");
}

TEST(MigrationLockTest, MatchesPrismasReading) {
  struct Case {
    const char* text;
    const char* provider;
  };
  for (const Case& c : {
           Case{"provider = \"postgresql\"", "postgresql"},
           Case{"# a comment\r\nprovider = \"postgresql\"\r\n", "postgresql"},
           Case{"", "<PROVIDER NOT FOUND>"},
           Case{"  provider = \"postgresql\"", "<PROVIDER NOT FOUND>"},
           Case{"provider=\"postgresql\"", "provider=\"postgresql"},
           Case{"provider  = \"postgresql\"", "provider  = \"postgresql"},
           Case{"provider = 'postgresql'", "'postgresql'"},
           Case{"provider = \"postgres\"", "postgres"},
           Case{"provider = \"postgresql\" # x", "postgresql\" # x"},
           Case{"provider = provider = \"postgresql\"", "postgresql"},
       }) {
    EXPECT_EQ(ProviderOfLock(c.text), c.provider) << c.text;
  }
}

TEST(MigrationLockTest, RefusesAnotherProvider) {
  const TestFolder folder;
  EXPECT_TRUE(CheckMigrationLock(folder.Path()).ok());
  folder.Write("migration_lock.toml", "provider = \"postgresql\"\n");
  EXPECT_TRUE(CheckMigrationLock(folder.Path()).ok());
  folder.Write("migration_lock.toml", "provider = \"mysql\"\n");
  const Status status = CheckMigrationLock(folder.Path());
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(CodeOf(status.error().code), "P3019");
  EXPECT_NE(status.error().message.find("`mysql`"), std::string::npos);
  EXPECT_EQ(status.error().where.line, 1);
  folder.Write("migration_lock.toml", "# Please do not edit this file manually\n");
  EXPECT_EQ(CheckMigrationLock(folder.Path()).error().message,
            "no line of migration_lock.toml names a provider");
}

}  // namespace
}  // namespace ballast::workspace
