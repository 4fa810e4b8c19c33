// SPDX-License-Identifier: Apache-2.0
// Inputs of hostile size: refused, or handled in memory of the input plus 100 MB. The sizes are
// small; BALLAST_FAULTS=all tries a file of 1 GB and 100,000 migrations.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMegabyte = size_t{1} << 20;

bool TestsAllPoints() {
  const char* overrides = std::getenv("BALLAST_FAULTS");
  return overrides != nullptr && std::string_view(overrides) == "all";
}

struct Measured {
  int status = 0;
  size_t peak = 0;  // bytes of memory
};

// The most memory that a process has used so far: VmHWM of proc(5), in bytes.
size_t PeakOf(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) * 1024;
  }
  return 0;
}

// Runs `ballast` in the folder, and stops it at its exit to read its memory. (What wait4 reports
// includes the servers that the program has started.)
Measured Measure(const fs::path& folder, const std::string& arguments, const std::string& url) {
  const std::string command =
      fmt::format("cd '{}' && DATABASE_URL='{}' exec '{}/ballast' {} >out 2>err", folder.string(),
                  url, BALLAST_PROGRAM_DIR, arguments);
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  Measured measured;
  bool started = false;
  for (int status = 0; waitpid(child, &status, 0) == child;) {
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      measured.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      break;
    }
    long signal = WSTOPSIG(status);
    if (!started) ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACEEXIT);
    if (status >> 8 == (SIGTRAP | (PTRACE_EVENT_EXIT << 8))) measured.peak = PeakOf(child);
    if (signal == SIGTRAP) signal = 0;  // of tracing: an exec, or the exit
    started = true;
    ptrace(PTRACE_CONT, child, nullptr, signal);
  }
  EXPECT_GT(measured.peak, 0U) << arguments;
  return measured;
}

std::string Said(const fs::path& folder) {
  std::ifstream file(folder / "err");
  return {std::istreambuf_iterator<char>(file), {}};
}

class LimitsTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    WriteBareProject(Scripts(), folder_.path());
  }

  fs::path Migration(const std::string& name) {
    const fs::path folder = folder_.path() / "prisma/migrations" / name;
    fs::create_directories(folder);
    return folder / "migration.sql";
  }

  void ExpectWithin(const Measured& measured, size_t input, const std::string& what) {
    std::cout << fmt::format("{}: {} MB of input, {} MB of memory, exit {}\n", what,
                             input / kMegabyte, measured.peak / kMegabyte, measured.status);
#ifdef NDEBUG
    EXPECT_LE(measured.peak, input + 100 * kMegabyte) << what;
#else
    std::cout << "NO RELEASE BUILD: a sanitizer's own memory is not judged\n";
#endif
  }

  TemporaryFolder folder_{"limits"};
};

TEST_F(LimitsTest, ATooLargeScriptIsRefused) {
  const fs::path script = Migration("20240101000000_huge");
  std::ofstream(script) << "SELECT 1;\n";
  // The rest is a hole: zeros that take no disk.
  const size_t size = (TestsAllPoints() ? 1024 : 300) * kMegabyte;
  fs::resize_file(script, size);
  for (const char* command : {"deploy --strategy history", "status --strategy history",
                              "release create v1", "schema check"}) {
    const Measured measured = Measure(folder_.path(), command, db().Url());
    EXPECT_EQ(measured.status, 3) << command << Said(folder_.path());
    EXPECT_NE(Said(folder_.path()).find("B104"), std::string::npos) << Said(folder_.path());
    ExpectWithin(measured, 0, command);
  }
}

TEST_F(LimitsTest, AnEndlessFileIsRefused) {
  fs::create_symlink("/dev/zero", Migration("20240101000000_endless"));
  const Measured measured = Measure(folder_.path(), "status --strategy history", db().Url());
  EXPECT_EQ(measured.status, 3) << Said(folder_.path());
  ExpectWithin(measured, 256 * kMegabyte, "endless");
}

using SlowLimitsTest = LimitsTest;

TEST_F(SlowLimitsTest, ALineOfTenMegabytes) {
  std::ofstream(Migration("20240101000000_line"))
      << "CREATE TABLE t AS SELECT '" << std::string(10 * kMegabyte, 'x') << "' AS v;\n";
  for (const char* command : {"deploy --strategy history", "release create v1", "schema check"}) {
    const Measured measured = Measure(folder_.path(), command, db().Url());
    EXPECT_LE(measured.status, 1) << command << Said(folder_.path());
    ExpectWithin(measured, 10 * kMegabyte, command);
  }
}

// Rows of half a megabyte each, and nothing left of them.
void WriteRows(const fs::path& script, size_t megabytes, const std::string& before,
               const std::string& after) {
  std::ofstream file(script);
  file << before << "CREATE TABLE t (v text);\n";
  const std::string value(kMegabyte / 2, 'x');
  for (size_t i = 0; i < 2 * megabytes; ++i) file << "INSERT INTO t VALUES ('" << value << "');\n";
  file << "DELETE FROM t;\n" << after;
}

TEST_F(LimitsTest, ALargeScriptIsSentInParts) {
  const size_t size = TestsAllPoints() ? 250 : 130;
  WriteRows(Migration("20240101000000_rows"), size, "", "");
  for (const char* command : {"deploy --strategy history", "release create v1"}) {
    const Measured measured = Measure(folder_.path(), command, db().Url());
    EXPECT_EQ(measured.status, 0) << command << Said(folder_.path());
    ExpectWithin(measured, size * kMegabyte, command);
  }
  EXPECT_EQ(db().Value("SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL"),
            "1");
}

TEST_F(LimitsTest, AFailureInALargeScriptLeavesNothingAndNamesItsLine) {
  WriteRows(Migration("20240101000000_rows"), 20, "-- first\n", "SELECT missing;\n");
  const Measured measured = Measure(folder_.path(), "deploy --strategy history", db().Url());
  EXPECT_EQ(measured.status, 1) << Said(folder_.path());
  EXPECT_NE(Said(folder_.path()).find("20240101000000_rows:44"), std::string::npos)
      << Said(folder_.path());
  EXPECT_EQ(db().Value("SELECT to_regclass('t') IS NULL"), "t");
}

TEST_F(LimitsTest, ATooLargeStatementIsRefusedBeforeAnythingChanges) {
  const std::string large(41 * kMegabyte, 'x');
  std::ofstream(Migration("20240101000000_first")) << "CREATE TABLE t (id int);\n";
  const fs::path second = Migration("20240102000000_second");
  for (const char* form : {"SELECT length('{}');\n", "BEGIN;\nSELECT 1;\n/* {} */COMMIT;\n"}) {
    std::ofstream(second) << fmt::format(fmt::runtime(form), large);
    const Measured measured = Measure(folder_.path(), "deploy --strategy history", db().Url());
    EXPECT_EQ(measured.status, 1) << Said(folder_.path());
    EXPECT_NE(Said(folder_.path()).find("B306"), std::string::npos) << Said(folder_.path());
    ExpectWithin(measured, large.size(), "whole");
    EXPECT_EQ(db().Value("SELECT to_regclass('t') IS NULL"), "t");
  }
}

TEST_F(LimitsTest, ManyMigrations) {
  const int count = TestsAllPoints() ? 100000 : 2000;
  size_t bytes = 0;
  for (int i = 0; i < count; ++i) {
    const std::string script = fmt::format("-- {}\nSELECT {};\n", i, i);
    bytes += script.size();
    std::ofstream(Migration(fmt::format("2024{:010}_m", i))) << script;
  }
  for (const char* command : {"deploy --strategy history", "status --strategy history"}) {
    const Measured measured = Measure(folder_.path(), command, db().Url());
    EXPECT_EQ(measured.status, 0) << command << Said(folder_.path());
    ExpectWithin(measured, bytes, command);
  }
}

}  // namespace
}  // namespace ballast::testing
