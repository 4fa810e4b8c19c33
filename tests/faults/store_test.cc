// SPDX-License-Identifier: Apache-2.0
// Making a package is killed between any two of the moves that put it in its place: what exists
// is told to be whole or not, and the next run makes it whole and leaves nothing aside.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/faults/scenario.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

int FoldersAside(const fs::path& package) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(package)) {
    count += entry.path().filename().string().starts_with(".ballast-store-") ? 1 : 0;
  }
  return count;
}

constexpr int kNever = -1;

class Store : public ::testing::Test {
 protected:
  void SetUp() override {
#ifndef NDEBUG
    GTEST_SKIP() << "NO RELEASE BUILD: a sanitizer wants to be loaded first";
#endif
    BALLAST_NEEDS_SERVER();
    project_ = MakeProject({{"20240101000000_init", "CREATE TABLE \"A\" (\"id\" INTEGER);\n"}});
    ASSERT_EQ(Ballast("release create v1"), 0) << output_;
    fs::copy(Package(), project_->path() / "v1", fs::copy_options::recursive);
    std::ofstream(project_->path() / "prisma/schema.prisma", std::ios::app) << "// later\n";
    AddScripts(project_->path(), {{"20240102000000_b", "CREATE TABLE \"B\" (\"id\" INTEGER);\n"}});
  }

  fs::path Package() const {
    return project_->path() / ".ballast";
  }

  int Ballast(const std::string& words, const std::map<std::string, std::string>& variables = {}) {
    const Ran ran = RunIn(project_->path(), "exec ballast " + words, variables);
    output_ = ran.out + ran.err;
    return ran.status;
  }

  // Between the moves `half` and `last_half` the package is incomplete.
  void DieAtEachMove(const std::string& command, const std::string& next, int half, int last_half);

  bool Says(const char* part) const {
    return output_.find(part) != std::string::npos;
  }

  std::unique_ptr<TemporaryFolder> project_;
  std::string output_;
};

// A command dies at each of its moves in turn, and what is left says of itself whether it is whole.
// The command that comes next ends well and leaves nothing aside.
void Store::DieAtEachMove(const std::string& command, const std::string& next, int half,
                          int last_half) {
  int at = 0;
  for (;; ++at) {
    fs::remove_all(Package());
    fs::copy(project_->path() / "v1", Package(), fs::copy_options::recursive);
    const int status = Ballast(
        command, {{"LD_PRELOAD", BALLAST_DIE_AT_RENAME}, {"BALLAST_DIE_AT", std::to_string(at)}});
    if (status == 0) break;
    ASSERT_EQ(status, 128 + SIGKILL) << output_;
    EXPECT_EQ(FoldersAside(Package()), 1);
    const int verified = Ballast("release verify");
    EXPECT_TRUE(verified == 0 || (verified == 1 && Says("B401"))) << at << output_;
    EXPECT_EQ(verified == 0, at < half || at > last_half) << at << output_;
    EXPECT_EQ(Ballast(next), 0) << at << output_;
    EXPECT_EQ(FoldersAside(Package()), 0) << at;
    EXPECT_EQ(Ballast("release verify"), 0) << at << output_;
  }
  EXPECT_GE(at, 2);
  std::cout << fmt::format("store: {} points\n", at);
}

using SlowStore = Store;

TEST_F(SlowStore, RestoresAReleaseAfterAKillAtAnyRename) {
  // After the first move the migrations are new and the schema is old; the scripts of rollbacks
  // come last.
  DieAtEachMove("release create v2", "release create v2", 1, 3);
}

TEST_F(SlowStore, RestoresAHotfixAfterAKillAtAnyRename) {
  std::ofstream(project_->path() / "c.sql") << "CREATE TABLE \"C\" (\"id\" INTEGER);\n";
  std::ofstream(project_->path() / "d.sql") << "CREATE TABLE \"D\" (\"id\" INTEGER);\n";
  DieAtEachMove("hotfix new c --sql c.sql", "hotfix new d --sql d.sql", kNever, kNever);
}

TEST_F(Store, IsRestoredByHotfixCommands) {
  ASSERT_EQ(Ballast("release create v2",
                    {{"LD_PRELOAD", BALLAST_DIE_AT_RENAME}, {"BALLAST_DIE_AT", "1"}}),
            128 + SIGKILL);
  EXPECT_EQ(Ballast("hotfix new c"), 0) << output_;
  EXPECT_TRUE(Says("the previous package was restored")) << output_;
  EXPECT_EQ(Ballast("release verify"), 0) << output_;
  EXPECT_TRUE(Says("v1")) << output_;
}

TEST_F(Store, KeepsTheFolderOfARunningProcess) {
  const fs::path living = Package() / ".ballast-store-living";
  fs::create_directories(living);
  fs::create_directories(Package() / ".ballast-store-dead");
  const int opened = open(living.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(flock(opened, LOCK_EX | LOCK_NB), 0);
  EXPECT_EQ(Ballast("release create v2"), 0) << output_;
  EXPECT_EQ(FoldersAside(Package()), 1);
  EXPECT_TRUE(fs::exists(living));
  close(opened);
  EXPECT_EQ(Ballast("release create v2"), 0) << output_;  // nothing changed, and swept
  EXPECT_EQ(FoldersAside(Package()), 0);
}

}  // namespace
}  // namespace ballast::testing
