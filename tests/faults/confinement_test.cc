// SPDX-License-Identifier: Apache-2.0
// Hostile histories given to the program: where servers are confined, and where they cannot be.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "scratch/sandbox.h"
#include "scratch/syscall_filter.h"
#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

// A kernel without Landlock, for this process.
bool HideLandlock() {
  const std::vector<sock_filter> program = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_create_ruleset, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && scratch::InstallSyscallFilter(program);
}

std::string TextOf(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// As RunIn, without Landlock.
Ran RunWithoutLandlock(const fs::path& folder, const std::string& command) {
  const fs::path result = folder / ".result";
  const pid_t child = fork();
  if (child == 0) {
    if (!HideLandlock()) _exit(200);
    const Ran ran = RunIn(folder, command);
    std::ofstream(result) << ran.out << ran.err;
    _exit(ran.status);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return {WEXITSTATUS(status), "", TextOf(result)};
}

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class Confinement : public ::testing::Test {
 protected:
  void SetUp() override {
    BALLAST_NEEDS_SERVER();
    ASSERT_EQ(scratch::Sandbox::Unavailable(), "");
    fs::permissions(victim_.path(), fs::perms::all);
  }

  // A history that tries it, and says nothing when it cannot.
  std::unique_ptr<TemporaryFolder> Hostile() const {
    return MakeProject(
        {{"20240101000000_a",
          fmt::format("CREATE TABLE \"A\" (\"id\" INTEGER NOT NULL);\n"
                      "DO $$ BEGIN COPY (SELECT 1) TO PROGRAM 'id >{0}/program'; EXCEPTION WHEN "
                      "OTHERS THEN END $$;\n"
                      "DO $$ BEGIN COPY (SELECT 1) TO '{0}/copy'; EXCEPTION WHEN OTHERS THEN END "
                      "$$;\n"
                      "DO $$ BEGIN PERFORM lo_export(lo_from_bytea(0, 'x'), '{0}/lo'); EXCEPTION "
                      "WHEN OTHERS THEN END $$;\n"
                      "DO $$ BEGIN PERFORM lo_unlink(oid) FROM pg_largeobject_metadata; END $$;\n",
                      victim_.path().string())}});
  }

  void ExpectNothingWritten(const std::string& what) const {
    EXPECT_TRUE(fs::is_empty(victim_.path())) << what;
  }

  TemporaryFolder victim_{"victim"};
};

constexpr const char* kCommands[] = {"ballast release create v1.0.0",
                                     "ballast release verify --deep",
                                     "ballast baseline create",
                                     "ballast schema check",
                                     "ballast scratch --deployed -- true",
                                     "ballast --package .ballast scratch --deployed -- true",
                                     "ballast --package .ballast release verify --deep",
                                     "ballast release create v1.1.0 --from-release .ballast"};

TEST_F(Confinement, HoldsForEveryCommand) {
  const auto project = Hostile();
  for (const char* command : kCommands) {
    const Ran ran = RunIn(project->path(), command);
    EXPECT_THAT(ran.err, Not(HasSubstr("B60"))) << command;
    ExpectNothingWritten(command);
  }
}

TEST_F(Confinement, HoldsForAnOrdinaryUser) {
  if (geteuid() != 0) GTEST_SKIP() << "NOT ROOT: the test above was one of an ordinary user";
  const auto project = Hostile();
  RunIn(project->path(), "chown -R 65534 . && chmod 755 .");
  for (const char* command : kCommands) {
    const Ran ran =
        RunIn(project->path(), fmt::format("HOME=/nonexistent setpriv --reuid 65534 --regid 65534 "
                                           "--clear-groups {}",
                                           command));
    EXPECT_THAT(ran.err, Not(HasSubstr("B60"))) << command;
    ExpectNothingWritten(command);
  }
}

TEST_F(Confinement, RefusesHistoriesThatLeaveTheSandbox) {
  const auto project = MakeProject(
      {{"20240101000000_a",
        fmt::format("CREATE TABLE \"A\" (\"id\" INTEGER NOT NULL);\n"
                    "DO $$ BEGIN COPY (SELECT 1) TO PROGRAM 'id >{}/program'; END $$;\n",
                    victim_.path().string())}});
  const Ran ran = RunIn(project->path(), "ballast release create v1.0.0");
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("20240101000000_a"));
  EXPECT_THAT(ran.err, HasSubstr("cannot start programs"));
  ExpectNothingWritten("create");
}

TEST_F(Confinement, RequiresTrustWithoutLandlock) {
  const auto project =
      MakeProject({{"20240101000000_a", "CREATE TABLE \"A\" (\"id\" INTEGER NOT NULL);\n"}});
  const fs::path& folder = project->path();
  const Ran own = RunWithoutLandlock(folder, "ballast release create v1.0.0");
  EXPECT_EQ(own.status, 0) << own.err;
  EXPECT_EQ(Count(own.err, "has no sandbox"), 1u) << own.err;
  for (const char* command :
       {"ballast --package .ballast release verify --deep", "ballast release verify --deep",
        "ballast --package .ballast scratch --deployed -- true"}) {
    const Ran refused = RunWithoutLandlock(folder, command);
    EXPECT_EQ(refused.status, 1) << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("B609")) << command;
    EXPECT_THAT(refused.err, HasSubstr("--trust-history"));
  }
  const Ran trusted = RunWithoutLandlock(
      folder, "ballast --package .ballast --trust-history release verify --deep");
  EXPECT_EQ(trusted.status, 0) << trusted.err;
  const Ran committed = RunIn(
      folder, "git init -q . && git add . && git -c user.name=a -c user.email=a commit -qm x");
  EXPECT_EQ(committed.status, 0) << committed.err;
  EXPECT_EQ(RunWithoutLandlock(folder, "ballast release verify --deep").status, 0);
}

TEST_F(Confinement, RequiresTrustOnANamedServer) {
  const auto project =
      MakeProject({{"20240101000000_a", "CREATE TABLE \"A\" (\"id\" INTEGER NOT NULL);\n"}});
  TestDatabase database;
  RunIn(project->path(), "ballast release create v1.0.0");
  const std::string verify = fmt::format(
      "ballast --package .ballast --scratch-url '{}' release verify --deep", database.Url());
  EXPECT_THAT(RunIn(project->path(), verify).err, HasSubstr("B609"));
  EXPECT_EQ(RunIn(project->path(), verify + " --trust-history").status, 0);

  // All other commands that run the scripts of a package.
  TestDatabase live;
  const std::string with =
      fmt::format("ballast --package .ballast --scratch-url '{}'", database.Url());
  ASSERT_EQ(RunIn(project->path(),
                  fmt::format("{} --database-url '{}' deploy --strategy release", with, live.Url()))
                .status,
            0);
  live.Run("DROP TABLE \"A\"");
  RunIn(project->path(),
        "mkdir prisma/migrations/20240102000000_b && "
        "echo 'CREATE TABLE \"B\" (\"id\" INTEGER);' "
        ">prisma/migrations/20240102000000_b/migration.sql");
  for (const std::string& command :
       {fmt::format("--database-url '{}' repair --strategy release --dry-run", live.Url()),
        std::string("lint --since v1.0.0"),
        std::string("release create v1.1.0 --from-release .ballast")}) {
    const Ran refused = RunIn(project->path(), with + " " + command);
    EXPECT_THAT(refused.err, HasSubstr("B609")) << command << refused.out;
  }
}

}  // namespace
}  // namespace ballast::testing
