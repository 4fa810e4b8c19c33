// SPDX-License-Identifier: Apache-2.0
// The table of what deploy does by what it finds, complete: each kind of database under each of the
// three strategies (docs/decisions/0004-what-deploy-does.md). What the plans are made of, step by
// step, is in planner_*test.cc; that each cell holds on a real database, in tests/interop.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "plan/planner.h"
#include "plan/planner_cases.h"

namespace ballast::plan {
namespace {

Intent IntentOf(const std::string& strategy) {
  if (strategy == "release") return ReleaseTwo();
  FollowHistory history = strategy == "history" ? History({"m1", "m2", "m3"})
                                                : Development({"m1", "m2", "m3"}, {"m1", "m2"});
  history.release = ReleaseTwo();
  return history;
}

// "behind apply", "foreign P3005": what was found, and the answer.
std::string Answer(const std::string& strategy, const Observation& database, const Policy& policy) {
  const Decision decision = Decided(IntentOf(strategy), database, policy);
  const std::string found(NameOf(decision.found));
  if (const Refusal* refusal = decision.refusal()) {
    EXPECT_FALSE(refusal->remedies.empty()) << "a refusal without a remedy: " << refusal->message;
    return found + " " + std::string(CodeOf(refusal->code));
  }
  return found + (decision.plan()->empty() ? " nothing" : " apply");
}

struct Cell {
  const char* row;  // of the table
  const char* strategy;
  const char* rows;
  int objects;
  const char* answer;
  const char* strict;  // with --strict, where it differs
};

const std::vector<Cell>& Cells() {
  static const std::vector<Cell> cells = {
      {"fresh", "release", "", 0, "fresh apply", ""},
      {"fresh", "development", "", 0, "fresh apply", ""},
      {"fresh", "history", "", 0, "fresh apply", ""},
      {"current", "release", "0_baseline:v2", 9, "current nothing", ""},
      {"current", "development", "m1 m2 m3", 9, "current nothing", ""},
      {"current", "history", "m1 m2 m3", 9, "current nothing", ""},
      {"behind", "release", "0_baseline:v1 h1", 9, "behind apply", ""},
      {"behind", "development", "m1 m3", 9, "behind apply", ""},
      {"behind", "history", "m1 m3", 9, "behind apply", ""},
      {"other strategy", "release", "m1 m2 m3", 9, "other_ledger apply", ""},
      {"other strategy", "development", "0_baseline:v2", 9, "other_ledger apply", ""},
      {"other strategy", "history", "0_baseline:v2", 9, "other_ledger apply", ""},
      {"foreign", "release", "", 3, "foreign P3005", ""},
      {"foreign", "development", "", 3, "foreign P3005", ""},
      {"foreign", "history", "", 3, "foreign P3005", ""},
      {"failed", "release", "0_baseline:v2 h!", 9, "failed P3009", ""},
      {"failed", "development", "m1 m2!", 9, "failed P3009", ""},
      {"failed", "history", "m1 m2!", 9, "failed P3009", ""},
      {"ahead", "release", "0_baseline:v2 h9", 9, "ahead nothing", "ahead B502"},
      {"ahead", "development", "m1 m2 m3 m4", 9, "ahead nothing", "ahead B502"},
      {"ahead", "history", "m1 m2 m3 m4", 9, "ahead nothing", "ahead B502"},
      {"unknown", "release", "0_baseline:v7", 9, "unknown B500", ""},
      {"unknown", "development", "0_baseline:v7", 9, "other_ledger B504", ""},
      {"unknown", "history", "0_baseline:v7", 9, "other_ledger B504", ""},
      // Objects, and rows that were all rolled back: postgres::Observe reports tables that it
      // cannot read, and the other strategies continue migration by migration, as Prisma does.
      {"cannot tell", "release", "m1~", 9, "unknown B501", ""},
      {"cannot tell", "development", "m1~", 9, "behind apply", ""},
      {"cannot tell", "history", "m1~", 9, "behind apply", ""},
  };
  return cells;
}

TEST(ContractTableTest, EachCell) {
  for (const Cell& cell : Cells()) {
    SCOPED_TRACE(std::string(cell.row) + " under " + cell.strategy);
    const Observation database = Database(cell.rows, cell.objects);
    EXPECT_EQ(Answer(cell.strategy, database, {}), cell.answer);
    EXPECT_EQ(Answer(cell.strategy, database, {false, true}),
              *cell.strict == '\0' ? cell.answer : cell.strict);
  }
}

TEST(ContractTableTest, CoversEveryCell) {
  std::map<std::string, std::set<std::string>> strategies;
  for (const Cell& cell : Cells()) strategies[cell.row].insert(cell.strategy);
  EXPECT_EQ(strategies.size(), 9U);
  for (const auto& [row, of_row] : strategies) EXPECT_EQ(of_row.size(), 3U) << row;
}

// --adopt matters only for unknown databases: no other answer depends on it.
TEST(ContractTableTest, AdoptChangesNothingElse) {
  for (const Cell& cell : Cells()) {
    const std::string answer =
        Answer(cell.strategy, Database(cell.rows, cell.objects), {true, false});
    const bool unknown =
        std::string(cell.answer).ends_with("P3005") || std::string(cell.answer).ends_with("B500");
    if (unknown) {
      EXPECT_TRUE(answer.ends_with("B506")) << answer;
    } else {
      EXPECT_EQ(answer, cell.answer) << cell.row << " under " << cell.strategy;
    }
  }
}

}  // namespace
}  // namespace ballast::plan
