// SPDX-License-Identifier: Apache-2.0
#include "workspace/package_store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>

#include "base/test_error_code.h"
#include "release/test_package.h"
#include "workspace/files.h"
#include "workspace/replace_entries.h"
#include "workspace/test_folder.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

release::Package WholePackage(const std::string& baseline) {
  release::Package package = release::MakeTestPackage();
  package.files[release::kBaselinePath] = baseline;
  package.files.erase(release::kSchemaPath);
  package.files[std::string(release::kSchemaPath) + "/a.prisma"] = "model A {}";
  package.files[release::kPrismaConfigPath] = release::RenderPrismaConfig({"DATABASE_URL"});
  package.manifest.schema_checksum = release::SchemaChecksum(package.files);
  release::CompletePackage(&package);
  return package;
}

std::vector<std::string> NamesIn(const fs::path& folder) {
  std::vector<std::string> names;
  const auto entries = ListFolder(folder);
  EXPECT_TRUE(entries.ok());
  for (const FolderEntry& entry : *entries) names.push_back(entry.name);
  return names;
}

void ExpectSame(const release::Package& a, const release::Package& b) {
  EXPECT_EQ(a.manifest, b.manifest);
  EXPECT_EQ(a.files, b.files);
}

TEST(PackageStoreTest, RoundTrips) {
  const TestFolder folder;
  const fs::path place = folder.Path() / "new/.railway";
  const release::Package package = WholePackage("SELECT 1;\n");
  ASSERT_TRUE(StorePackage(place, package).ok());
  const auto back = LoadPackage(place);
  ASSERT_TRUE(back.ok()) << back.error().message;
  ExpectSame(*back, package);
  EXPECT_TRUE(release::VerifyPackage(*back, nullptr).ok());
}

TEST(PackageStoreTest, ReplacesThePackageAndKeepsOtherFiles) {
  const TestFolder folder;
  folder.Write("Dockerfile", "FROM x");
  folder.Write("ballast.toml", "");
  folder.Write("baseline.sql", "SELECT 1;");
  folder.Write("schema.release.prisma", "once a file, now a folder");
  folder.Write("release-migrations/20200101_gone/migration.sql", "");
  const release::Package package = WholePackage("SELECT 2;\n");
  ASSERT_TRUE(StorePackage(folder.Path(), package).ok());
  const auto back = LoadPackage(folder.Path());
  ASSERT_TRUE(back.ok());
  ExpectSame(*back, package);
  EXPECT_EQ(folder.Read("Dockerfile"), "FROM x");
  EXPECT_EQ(NamesIn(folder.Path()),
            (std::vector<std::string>{".gitattributes", "Dockerfile", "ballast.toml",
                                      "baseline.sql", "prisma.release.config.ts",
                                      "release-migrations", "schema.release.prisma"}));
}

// Writing beyond a size fails as it does on a full disk.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_);
    rlimit small = old_;
    small.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallFiles() {
    setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  void (*old_handler_)(int);
  rlimit old_{};
};

TEST(PackageStoreTest, LosesNothingWhenTheDiskIsFull) {
  const TestFolder folder;
  const release::Package old = WholePackage("SELECT 1;\n");
  ASSERT_TRUE(StorePackage(folder.Path(), old).ok());
  const std::vector<std::string> names = NamesIn(folder.Path());
  const release::Package large = WholePackage(std::string(100'000, ' '));
  Status status;
  {
    const SmallFiles limit(50'000);
    status = StorePackage(folder.Path(), large);
  }
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(CodeOf(status.error().code), "B105");
  EXPECT_EQ(NamesIn(folder.Path()), names);
  const auto back = LoadPackage(folder.Path());
  ASSERT_TRUE(back.ok());
  ExpectSame(*back, old);
}

TEST(PackageStoreTest, RollsBackWhenAnEntryCannotChange) {
  const TestFolder folder;
  const bool root = geteuid() == 0;  // who may do everything, and must not here
  constexpr uid_t kNobody = 65534;
  ASSERT_TRUE(!root || chown(folder.Path().c_str(), kNobody, kNobody) == 0);
  ASSERT_TRUE(!root || seteuid(kNobody) == 0);
  folder.Write("a", "old a");
  folder.Write("b/c", "old c");
  // A folder that may not be written to cannot be moved elsewhere.
  fs::permissions(folder.Path() / "b", fs::perms::owner_read | fs::perms::owner_exec);
  const Status status =
      ReplaceEntries(folder.Path(), {{"a", "new a"}, {"b/c", "new c"}}, {"a", "b"});
  fs::permissions(folder.Path() / "b", fs::perms::owner_all);
  ASSERT_TRUE(!root || seteuid(0) == 0);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(CodeOf(status.error().code), "B105");
  EXPECT_EQ(folder.Read("a"), "old a");
  EXPECT_EQ(folder.Read("b/c"), "old c");
  EXPECT_EQ(NamesIn(folder.Path()), (std::vector<std::string>{"a", "b"}));
}

TEST(PackageStoreTest, RefusesPathsOutsideThePackage) {
  const TestFolder folder;
  for (const char* path : {"../x", "/x", "release-migrations/../../x", "other", ""}) {
    release::Package package = WholePackage("SELECT 1;\n");
    package.files[path] = "x";
    EXPECT_EQ(ErrorCodeOf(StorePackage(folder.Path() / "p", package)), "B105") << path;
  }
  EXPECT_TRUE(NamesIn(folder.Path()).empty());
}

TEST(PackageStoreTest, SaysWhichFileIsMissing) {
  const TestFolder folder;
  struct Case {
    const char* file;
    const char* missing;
  };
  for (const Case& c :
       {Case{"other/x", "release-migrations/manifest.json"},
        Case{"release-migrations/0_baseline/migration.sql", "release-migrations/manifest.json"},
        Case{"release-migrations/manifest.json", "release-migrations/0_baseline/migration.sql"}}) {
    const TestFolder place;
    place.Write(c.file, "{}");
    const auto package = LoadPackage(place.Path());
    ASSERT_FALSE(package.ok());
    EXPECT_EQ(CodeOf(package.error().code), "B400");
    EXPECT_EQ(package.error().Detail("missing"), c.missing);
  }
  const auto none = LoadPackage(folder.Path() / "nowhere");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(CodeOf(none.error().code), "B400");
}

TEST(PackageStoreTest, FollowsLinksOnlyInsideThePackage) {
  const TestFolder outside;
  outside.Write("secret", "x");
  outside.MakeFolder("folder");
  struct Case {
    fs::path target;
    bool accepted;
  };
  for (const Case& c :
       {Case{outside.Path() / "secret", false}, Case{outside.Path() / "folder", false},
        Case{"nowhere", false}, Case{"0_baseline", false}, Case{"migration_lock.toml", true}}) {
    const TestFolder folder;
    ASSERT_TRUE(StorePackage(folder.Path(), WholePackage("SELECT 1;\n")).ok());
    fs::create_symlink(c.target, folder.Path() / "release-migrations/link");
    const auto package = LoadPackage(folder.Path());
    EXPECT_EQ(package.ok(), c.accepted) << c.target;
    EXPECT_TRUE(c.accepted || CodeOf(package.error().code) == "B401");
  }
}

TEST(PackageStoreTest, MayBeReachedThroughALink) {
  const TestFolder folder;
  ASSERT_TRUE(StorePackage(folder.Path() / "real", WholePackage("SELECT 1;\n")).ok());
  fs::create_directory_symlink(folder.Path() / "real", folder.Path() / "link");
  EXPECT_TRUE(LoadPackage(folder.Path() / "link").ok());
}

TEST(PackageStoreTest, ListsPackagesInTheUsualFolders) {
  const TestFolder folder;
  ASSERT_TRUE(StorePackage(folder.Path() / ".ballast", WholePackage("SELECT 1;\n")).ok());
  folder.Write(".railway/release-migrations/manifest.json", "broken");
  folder.Write(".railway/release-migrations/0_baseline/migration.sql", "");
  const auto found = ListLocal(folder.Path(), folder.Path() / ".railway");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(CodeOf(found[0].problem.value().code), "B402");
  EXPECT_EQ(found[1].package.value().manifest.version, "v1");
}

TEST(PackageStoreTest, ListsPackagesOfOtherCommits) {
  if (std::system("git --version >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "NO GIT: no repositories can be made; apt-get install git";
  }
  const TestFolder folder;
  const auto run = [&](const std::string& command) {
    const std::string full = "cd '" + folder.Path().string() +
                             "' && env GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null git "
                             "-c user.name=a -c user.email=a@b " +
                             command + " >/dev/null 2>&1";
    return std::system(full.c_str()) == 0;
  };
  ASSERT_TRUE(run("init -q ."));
  folder.Write(".railway/Dockerfile", "FROM x");
  ASSERT_TRUE(run("add -A") && run("commit -q -m x") && run("tag v0"));
  const release::Package package = WholePackage("SELECT 1;\n");
  ASSERT_TRUE(StorePackage(folder.Path() / ".railway", package).ok());
  ASSERT_TRUE(run("add -A") && run("commit -q -m x") && run("tag v1"));
  folder.Write(".railway/release-migrations/manifest.json", "broken");
  ASSERT_TRUE(run("commit -q -a -m x") && run("tag v2"));
  const auto found = ListPackages(folder.Path() / ".railway", {"v*"});
  ASSERT_TRUE(found.ok()) << found.error().message;
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ(found->at(0).ref.name, "v1");
  ExpectSame(found->at(0).package.value(), package);
  EXPECT_EQ(CodeOf(found->at(1).problem.value().code), "B402");
  // As from a branch without .railway, where the package folder is .ballast.
  const auto from_main = ListPackages(folder.Path() / ".ballast", {"v*"});
  ASSERT_TRUE(from_main.ok()) << from_main.error().message;
  ASSERT_EQ(from_main->size(), 2U);
  ExpectSame(from_main->at(0).package.value(), package);
  const auto named = ListPackages(folder.Path() / ".ballast/main", {"v*"});
  ASSERT_TRUE(named.ok()) << named.error().message;
  EXPECT_TRUE(named->empty());
}

TEST(DevelopmentBaselineStoreTest, RoundTrips) {
  const TestFolder folder;
  const auto none = LoadDevelopmentBaseline(folder.Path());
  ASSERT_TRUE(none.ok());
  EXPECT_FALSE(none->has_value());
  StoredBaseline baseline;
  baseline.record.coverage = {{"1_a", "c"}};
  baseline.script = release::RenderDevelopmentScript(baseline.record.coverage, "SELECT 1;");
  baseline.record.baseline_checksum = release::ChecksumOf(baseline.script);
  folder.Write("Dockerfile", "FROM x");
  ASSERT_TRUE(StoreDevelopmentBaseline(folder.Path(), baseline).ok());
  const auto back = LoadDevelopmentBaseline(folder.Path());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(**back, baseline);
  EXPECT_EQ(folder.Read("Dockerfile"), "FROM x");
}

TEST(DevelopmentBaselineStoreTest, IsIgnoredIfIncomplete) {
  for (const char* file : {"baseline.sql", "baseline.json"}) {
    const TestFolder folder;
    folder.Write(file, "{}");
    const auto found = LoadDevelopmentBaseline(folder.Path());
    ASSERT_FALSE(found.ok()) << file;
    EXPECT_EQ(CodeOf(found.error().code), "B407");
  }
}

}  // namespace
}  // namespace ballast::workspace
