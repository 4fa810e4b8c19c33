// SPDX-License-Identifier: Apache-2.0
#include "proof/sample_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ballast::proof {
namespace {

struct Case {
  const char* name;
  std::vector<std::string> culprits;  // the scripts do not run with a row of one of them
  std::vector<std::string> omitted;
  std::vector<std::string> likely = {};
  int runs = 40;
};

// The row of "c" refers to that of "b", and that of "d" to that of "c".
SampleRows EightTables() {
  return {.filled = {"a", "b", "c", "d", "e", "f", "g", "h"},
          .empty = {},
          .referring = {{"b", {"c"}}, {"c", {"d"}}}};
}

TEST(SampleSearch, OmitsOnlyWhatKeepsTheScriptsFromRunning) {
  const std::vector<Case> cases = {
      {"one table", {"f"}, {"f"}},
      {"two tables", {"a", "h"}, {"a", "h"}},
      {"with those that refer to it", {"b"}, {"b", "c", "d"}},
      {"not those that it refers to", {"d"}, {"d"}},
      {"all", {"a", "b", "e", "f", "g", "h"}, {"a", "b", "c", "d", "e", "f", "g", "h"}},
      {"a likely one", {"f"}, {"f"}, {"e", "f"}},
      {"likely ones that are not the reason", {"f"}, {"f"}, {"a", "g"}},
      {"with few runs", {"f"}, {"c", "d", "f", "g", "h"}, {}, 4},
  };
  const SampleRows rows = EightTables();
  for (const Case& one : cases) {
    int runs = 0;
    const auto found = TablesToOmit(
        {rows, one.likely, one.runs},
        [&](const std::vector<std::string>& tables) -> Result<std::optional<Error>> {
          ++runs;
          const bool all = std::ranges::all_of(one.culprits, [&](const std::string& table) {
            return std::ranges::find(tables, table) != tables.end();
          });
          if (all) return std::optional<Error>();
          return std::optional(MakeError(ErrorCode::kNoRollback, "does not run"));
        });
    ASSERT_TRUE(found.ok() && *found) << one.name;
    EXPECT_THAT(**found, ::testing::UnorderedElementsAreArray(one.omitted)) << one.name;
    EXPECT_LE(runs, 16) << one.name;
  }
}

TEST(SampleSearch, SaysIfTheScriptsDoNotRunWithoutAny) {
  const auto found = TablesToOmit(
      {EightTables(), {}, 40}, [](const std::vector<std::string>&) -> Result<std::optional<Error>> {
        return std::optional(MakeError(ErrorCode::kNoRollback, "does not run"));
      });
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found->has_value());
}

}  // namespace
}  // namespace ballast::proof
