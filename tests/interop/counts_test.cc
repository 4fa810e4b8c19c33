// SPDX-License-Identifier: Apache-2.0
// What the program costs, in counts: instructions and allocations, as valgrind counts them. They
// are the same on a busy machine as on a quiet one; seconds are not, and are never tested. A count
// may grow by a quarter over the one that is written here; what made it grow further is looked at,
// or the number is raised, with the reason in the commit.
#include <gtest/gtest.h>

#include <regex>

#include "tests/support/project.h"
#include "tests/support/test_server.h"
#include "tools/sample/generate.h"

namespace ballast::testing {
namespace {

struct Cost {
  const char* command;
  double million_instructions;  // measured, -O2
  long allocations;             // measured
};

constexpr double kTolerance = 1.25;

// On 691 migrations and 60 tables. The dry run reads and plans all of them.
constexpr Cost kCosts[] = {
    {"--version", 5.13, 5740},
    {"schema sql", 62.3, 51400},
    {"release verify", 132, 38300},
    {"deploy --dry-run --strategy history", 250, 76900},
};

class CountsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (RunIn(folder_.path(), "command -v valgrind").status != 0) {
      GTEST_SKIP() << "NO VALGRIND: instructions and allocations are not counted (apt-get install "
                      "valgrind)";
    }
    if (RunIn(folder_.path(), "ballast --version").out.empty())
      GTEST_SKIP() << "NO PROGRAM: build the target ballast";
    sample::Options options;
    options.migrations = 691;
    options.tables = 60;
    options.plain = true;
    for (const auto& [path, bytes] : sample::Generate(options)) {
      WriteFile(folder_.path() / path, bytes);
    }
    const Ran made = RunIn(folder_.path(), "ballast release create v1.0.0");
    ASSERT_EQ(made.status, 0) << made.out << made.err;
  }

  // The number in the group of what the tool prints; 0 when it does not print it.
  long Counted(const std::string& tool, const std::string& command, const std::string& pattern) {
    const Ran ran =
        RunIn(folder_.path(), "valgrind " + tool + " $(command -v ballast) " + command + " 2>&1",
              {{"DATABASE_URL", db_.Url()}, {"DIRECT_URL", db_.Url()}});
    EXPECT_EQ(ran.status, 0) << ran.out;
    std::smatch found;
    if (!std::regex_search(ran.out, found, std::regex(pattern))) return 0;
    std::string digits = found[1];
    std::erase(digits, ',');
    return std::atol(digits.c_str());
  }

  TemporaryFolder folder_{"counts"};
  TestDatabase db_;
};

using SlowCountsTest = CountsTest;

TEST_F(SlowCountsTest, InstructionsAndAllocationsStayConstant) {
  for (const Cost& cost : kCosts) {
    const auto instructions = static_cast<double>(Counted(
        "--tool=callgrind --callgrind-out-file=/dev/null", cost.command, "Collected : ([0-9]+)"));
    const long allocations =
        Counted("--leak-check=no", cost.command, "total heap usage: ([0-9,]+) allocs");
    RecordProperty(std::string(cost.command) + " instructions", std::to_string(instructions));
    EXPECT_GT(instructions, 0) << cost.command;
    EXPECT_LE(instructions, cost.million_instructions * 1e6 * kTolerance) << cost.command;
    EXPECT_GT(allocations, 0) << cost.command;
    EXPECT_LE(allocations, static_cast<double>(cost.allocations) * kTolerance) << cost.command;
  }
}

}  // namespace
}  // namespace ballast::testing
