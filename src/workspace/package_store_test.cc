#include "workspace/package_store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>

#include "base/sha256.h"
#include "workspace/files.h"
#include "workspace/replace_entries.h"
#include "workspace/test_folder.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

release::Package WholePackage(const std::string& baseline) {
  release::Package package;
  package.manifest.version = "v1";
  package.manifest.baseline_lines = release::CountLines(baseline);
  package.manifest.baseline_checksum = release::ChecksumOf(baseline);
  package.files[release::kBaselinePath] = baseline;
  package.files[release::kLockPath] = release::RenderMigrationLock();
  package.files[std::string(release::kSchemaPath) + "/a.prisma"] = "model A {}";
  package.files[release::kPrismaConfigPath] = release::RenderPrismaConfig();
  for (const auto& [path, bytes] : package.files) {
    package.manifest.files[path] = Sha256Hex(bytes);
  }
  package.files[release::kManifestPath] = release::RenderManifest(package.manifest);
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

TEST(PackageStoreTest, GivesBackWhatItWasGiven) {
  const TestFolder folder;
  const fs::path place = folder.path() / "new/.railway";
  const release::Package package = WholePackage("SELECT 1;\n");
  ASSERT_TRUE(StorePackage(place, package).ok());
  const auto back = LoadPackage(place);
  ASSERT_TRUE(back.ok()) << back.error().message;
  ExpectSame(*back, package);
  EXPECT_TRUE(release::VerifyPackage(*back, nullptr).ok());
}

TEST(PackageStoreTest, ReplacesThePackageAndKeepsAllElse) {
  const TestFolder folder;
  folder.Write("Dockerfile", "FROM x");
  folder.Write("ballast.toml", "");
  folder.Write("baseline.sql", "SELECT 1;");
  folder.Write("schema.release.prisma", "once a file, now a folder");
  folder.Write("release-migrations/20200101_gone/migration.sql", "");
  const release::Package package = WholePackage("SELECT 2;\n");
  ASSERT_TRUE(StorePackage(folder.path(), package).ok());
  const auto back = LoadPackage(folder.path());
  ASSERT_TRUE(back.ok());
  ExpectSame(*back, package);
  EXPECT_EQ(folder.Read("Dockerfile"), "FROM x");
  EXPECT_EQ(NamesIn(folder.path()),
            (std::vector<std::string>{"Dockerfile", "ballast.toml", "baseline.sql",
                                      "prisma.release.config.ts", "release-migrations",
                                      "schema.release.prisma"}));
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
  ASSERT_TRUE(StorePackage(folder.path(), old).ok());
  const std::vector<std::string> names = NamesIn(folder.path());
  const release::Package large = WholePackage(std::string(100'000, ' '));
  Status status;
  {
    const SmallFiles limit(50'000);
    status = StorePackage(folder.path(), large);
  }
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(CodeOf(status.error().code), "B105");
  EXPECT_EQ(NamesIn(folder.path()), names);
  const auto back = LoadPackage(folder.path());
  ASSERT_TRUE(back.ok());
  ExpectSame(*back, old);
}

TEST(PackageStoreTest, ChangesBackWhenAnEntryCannotChange) {
  const TestFolder folder;
  const bool root = geteuid() == 0;  // who may do everything, and must not here
  constexpr uid_t kNobody = 65534;
  ASSERT_TRUE(!root || chown(folder.path().c_str(), kNobody, kNobody) == 0);
  ASSERT_TRUE(!root || seteuid(kNobody) == 0);
  folder.Write("a", "old a");
  folder.Write("b/c", "old c");
  // A folder that may not be written to cannot be moved elsewhere.
  fs::permissions(folder.path() / "b", fs::perms::owner_read | fs::perms::owner_exec);
  const Status status =
      ReplaceEntries(folder.path(), {{"a", "new a"}, {"b/c", "new c"}}, {"a", "b"});
  fs::permissions(folder.path() / "b", fs::perms::owner_all);
  ASSERT_TRUE(!root || seteuid(0) == 0);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(CodeOf(status.error().code), "B105");
  EXPECT_EQ(folder.Read("a"), "old a");
  EXPECT_EQ(folder.Read("b/c"), "old c");
  EXPECT_EQ(NamesIn(folder.path()), (std::vector<std::string>{"a", "b"}));
}

TEST(PackageStoreTest, RefusesPathsThatLeadElsewhere) {
  const TestFolder folder;
  for (const char* path : {"../x", "/x", "release-migrations/../../x", "other", ""}) {
    release::Package package = WholePackage("SELECT 1;\n");
    package.files[path] = "x";
    EXPECT_FALSE(StorePackage(folder.path() / "p", package).ok()) << path;
  }
  EXPECT_TRUE(NamesIn(folder.path()).empty());
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
    const auto package = LoadPackage(place.path());
    ASSERT_FALSE(package.ok());
    EXPECT_EQ(CodeOf(package.error().code), "B400");
    EXPECT_EQ(package.error().Detail("missing"), c.missing);
  }
  const auto none = LoadPackage(folder.path() / "nowhere");
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
       {Case{outside.path() / "secret", false}, Case{outside.path() / "folder", false},
        Case{"nowhere", false}, Case{"0_baseline", false}, Case{"migration_lock.toml", true}}) {
    const TestFolder folder;
    ASSERT_TRUE(StorePackage(folder.path(), WholePackage("SELECT 1;\n")).ok());
    fs::create_symlink(c.target, folder.path() / "release-migrations/link");
    const auto package = LoadPackage(folder.path());
    EXPECT_EQ(package.ok(), c.accepted) << c.target;
    EXPECT_TRUE(c.accepted || CodeOf(package.error().code) == "B401");
  }
}

TEST(PackageStoreTest, MayItselfBeReachedThroughALink) {
  const TestFolder folder;
  ASSERT_TRUE(StorePackage(folder.path() / "real", WholePackage("SELECT 1;\n")).ok());
  fs::create_directory_symlink(folder.path() / "real", folder.path() / "link");
  EXPECT_TRUE(LoadPackage(folder.path() / "link").ok());
}

TEST(PackageStoreTest, ListsWhatLiesInTheUsualFolders) {
  const TestFolder folder;
  ASSERT_TRUE(StorePackage(folder.path() / ".ballast", WholePackage("SELECT 1;\n")).ok());
  folder.Write(".railway/release-migrations/manifest.json", "broken");
  folder.Write(".railway/release-migrations/0_baseline/migration.sql", "");
  const auto found = ListLocal(folder.path(), folder.path() / ".railway");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(CodeOf(found[0].problem.value().code), "B402");
  EXPECT_EQ(found[1].package.value().manifest.version, "v1");
}

TEST(PackageStoreTest, ListsWhatOtherCommitsHold) {
  if (std::system("git --version >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "there is no git command to make repositories with";
  }
  const TestFolder folder;
  const auto run = [&](const std::string& command) {
    const std::string full = "cd '" + folder.path().string() +
                             "' && env GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null git "
                             "-c user.name=a -c user.email=a@b " +
                             command + " >/dev/null 2>&1";
    return std::system(full.c_str()) == 0;
  };
  ASSERT_TRUE(run("init -q ."));
  folder.Write(".railway/Dockerfile", "FROM x");
  ASSERT_TRUE(run("add -A") && run("commit -q -m x") && run("tag v0"));
  const release::Package package = WholePackage("SELECT 1;\n");
  ASSERT_TRUE(StorePackage(folder.path() / ".railway", package).ok());
  ASSERT_TRUE(run("add -A") && run("commit -q -m x") && run("tag v1"));
  folder.Write(".railway/release-migrations/manifest.json", "broken");
  ASSERT_TRUE(run("commit -q -a -m x") && run("tag v2"));
  const auto found = ListPackages(folder.path() / ".railway", {"v*"});
  ASSERT_TRUE(found.ok()) << found.error().message;
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ(found->at(0).ref.name, "v1");
  ExpectSame(found->at(0).package.value(), package);
  EXPECT_EQ(CodeOf(found->at(1).problem.value().code), "B402");
}

TEST(DevelopmentBaselineStoreTest, GivesBackWhatItWasGiven) {
  const TestFolder folder;
  const auto none = LoadDevelopmentBaseline(folder.path());
  ASSERT_TRUE(none.ok());
  EXPECT_FALSE(none->has_value());
  StoredBaseline baseline;
  baseline.record.coverage = {{"1_a", "c"}};
  baseline.script = release::RenderDevelopmentScript(baseline.record.coverage, "SELECT 1;");
  baseline.record.baseline_checksum = release::ChecksumOf(baseline.script);
  folder.Write("Dockerfile", "FROM x");
  ASSERT_TRUE(StoreDevelopmentBaseline(folder.path(), baseline).ok());
  const auto back = LoadDevelopmentBaseline(folder.path());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(**back, baseline);
  EXPECT_EQ(folder.Read("Dockerfile"), "FROM x");
}

TEST(DevelopmentBaselineStoreTest, IsNotTakenByHalves) {
  for (const char* file : {"baseline.sql", "baseline.json"}) {
    const TestFolder folder;
    folder.Write(file, "{}");
    const auto found = LoadDevelopmentBaseline(folder.path());
    ASSERT_FALSE(found.ok()) << file;
    EXPECT_EQ(CodeOf(found.error().code), "B407");
  }
}

}  // namespace
}  // namespace ballast::workspace
