// SPDX-License-Identifier: Apache-2.0
// The table of what deploy does by what it finds, with what the comparison with the live database
// adds to it: additions change an answer only with --strict, and drift is refused wherever
// something would be done, except with --allow-drift and `ignore`.
#include <gtest/gtest.h>

#include "plan/planner_cases.h"
#include "plan/review.h"

namespace ballast::plan {
namespace {

using catalog::Snapshot;

Snapshot Proven() {
  return catalog::SortedSnapshot({{"table", "t", "kind", "ordinary"},
                                  {"column", "t.a", "type", "text"},
                                  {"index", "t_a_idx", "definition", "USING btree (a)"},
                                  {"index", "t_a_idx", "table", "t"}});
}

Snapshot WithAdditions(Snapshot live) {
  const Snapshot more = {
      {"index", "dba_idx", "table", "t"},          {"table", "t", "options", "fillfactor=70"},
      {"table", "theirs", "kind", "ordinary"},     {"table", "t_1", "partition of", "t"},
      {"publication", "cdc", "all tables", "yes"}, {"schema", "other", "exists", "yes"}};
  live.insert(live.end(), more.begin(), more.end());
  return catalog::SortedSnapshot(std::move(live));
}

// A database of another month: the state before has partitions of a month, and it has others.
Snapshot OfMonth(const std::string& month, bool proven) {
  Snapshot state = Proven();
  const std::string name = "log_" + month;
  state.push_back({"table", "log", "kind", "partitioned"});
  state.push_back({"table", name, "partition of", "log"});
  state.push_back({"table", name, "partition bound", "FOR VALUES FROM (1) TO (2)"});
  if (proven) {
    state.push_back(
        {"table", name, std::string(catalog::kDependsOnProperty), std::string(catalog::kTheDate)});
  }
  return catalog::SortedSnapshot(std::move(state));
}

Snapshot WithDrift(Snapshot live) {
  std::erase_if(live, [](const catalog::ObjectProperty& p) { return p.object == "t_a_idx"; });
  return live;
}

// Databases for which a deploy does something and compares.
struct Row {
  const char* found;
  const char* strategy;
  const char* rows;
};
constexpr Row kRows[] = {{"behind", "release", "0_baseline:v1 h1"},
                         {"other_ledger", "release", "m1 m2 m3"},
                         {"other_ledger", "release", "m1"},
                         {"other_ledger", "development", "0_baseline:v2"}};

Intent IntentOf(const std::string& strategy) {
  if (strategy == "release") return ReleaseTwo();
  FollowHistory history = Development({"m1", "m2", "m3"}, {"m1", "m2", "m3"});
  history.release = ReleaseTwo();
  return history;
}

// "apply", or the code of the refusal.
std::string AnswerTo(const Row& row, const Snapshot& live, const Policy& policy,
                     const catalog::ComparisonRules& rules, const Snapshot& proven = Proven()) {
  const Observation database = Database(row.rows, 9);
  const StateComparison comparison{"release v1", catalog::CompareManaged(proven, live, rules)};
  PlanFindings findings;
  findings.comparison = &comparison;
  const Decision decision =
      Review(Decided(IntentOf(row.strategy), database, policy), findings, database, policy);
  const Refusal* refusal = decision.refusal();
  if (refusal == nullptr) return std::string(NameOf(decision.kind()));
  EXPECT_FALSE(refusal->remedies.empty());
  EXPECT_FALSE(refusal->evidence.empty());
  return std::string(CodeOf(refusal->code));
}

TEST(ReviewTableTest, ComparesEachRow) {
  for (const Row& row : kRows) {
    const Decision decision = Decided(IntentOf(row.strategy), Database(row.rows, 9), {});
    EXPECT_EQ(NameOf(decision.found), row.found) << row.rows;
    ASSERT_NE(decision.plan(), nullptr) << row.rows;
    EXPECT_NE(ProvenAfter(*decision.plan()), nullptr) << row.rows;
  }
}

TEST(ReviewTableTest, WithAndWithoutAdditions) {
  const Snapshot proven = Proven();
  const Snapshot added = WithAdditions(proven);
  const Snapshot drifted = WithDrift(proven);
  const Snapshot both = WithAdditions(drifted);
  const catalog::ComparisonRules ignored{{"t_a_idx"}, {}};
  const catalog::ComparisonRules platform{
      {}, {"dba_idx", "table t", "theirs", "t_1", "publication cdc", "schema other"}};
  const Policy none;
  Policy strict, allowed, both_options;
  strict.strict = both_options.strict = true;
  allowed.allow_drift = both_options.allow_drift = true;
  const struct {
    const char* what;
    const Snapshot& live;
    Policy policy;
    catalog::ComparisonRules rules;
    const char* answer;
  } cells[] = {{"as proven", proven, none, {}, "apply"},
               {"as proven, --strict", proven, strict, {}, "apply"},
               {"additions", added, none, {}, "apply"},
               {"additions, --strict", added, strict, {}, "B503"},
               {"additions of the platform, --strict", added, strict, platform, "apply"},
               {"drift", drifted, none, {}, "B503"},
               {"drift, --allow-drift", drifted, allowed, {}, "apply"},
               {"drift, ignored", drifted, none, ignored, "apply"},
               {"drift, ignored, --strict", drifted, strict, ignored, "apply"},
               {"both", both, none, {}, "B503"},
               {"both, --allow-drift", both, allowed, {}, "apply"},
               {"both, --allow-drift --strict", both, both_options, {}, "B503"},
               {"both, ignored", both, none, ignored, "apply"}};
  for (const Row& row : kRows) {
    for (const auto& cell : cells) {
      EXPECT_EQ(AnswerTo(row, cell.live, cell.policy, cell.rules), cell.answer)
          << cell.what << ", " << row.strategy << " " << row.rows;
    }
  }
}

TEST(ReviewTableTest, OfAnotherMonth) {
  Policy strict;
  strict.strict = true;
  const Snapshot proven = OfMonth("2026_11", true);
  const Snapshot unmarked = OfMonth("2026_11", false);
  const Snapshot live = OfMonth("2031_03", false);
  for (const Row& row : kRows) {
    EXPECT_EQ(AnswerTo(row, live, {}, {}, proven), "apply") << row.rows;
    EXPECT_EQ(AnswerTo(row, live, strict, {}, proven), "apply") << row.rows;
    EXPECT_EQ(AnswerTo(row, live, {}, {}, unmarked), "B503") << row.rows;
    EXPECT_EQ(AnswerTo(row, WithDrift(live), {}, {}, proven), "B503") << row.rows;
  }
}

}  // namespace
}  // namespace ballast::plan
