// SPDX-License-Identifier: Apache-2.0
// The table of what deploy does by what it finds, with what the look at the live database adds to
// it: no addition changes an answer, but for --strict; drift is refused wherever something would be
// done, but for --allow-drift and `ignore`.
#include <gtest/gtest.h>

#include "assess/live_state.h"
#include "plan/planner_cases.h"

namespace ballast::assess {
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

plan::Intent IntentOf(const std::string& strategy) {
  if (strategy == "release") return plan::ReleaseTwo();
  plan::FollowHistory history = plan::Development({"m1", "m2", "m3"}, {"m1", "m2", "m3"});
  history.release = plan::ReleaseTwo();
  return history;
}

// "apply", or the code of the refusal.
std::string Answer(const Snapshot& live, const DriftPolicy& policy,
                   const catalog::ComparisonRules& rules = {}) {
  LiveState state;
  state.name = "release v1";
  state.before.live = live;
  state.found = catalog::CompareManaged(Proven(), live, rules);
  const auto refusal = RefuseDrift(state, policy);
  if (!refusal) return "apply";
  EXPECT_FALSE(refusal->remedies.empty());
  EXPECT_FALSE(refusal->evidence.empty());
  return std::string(CodeOf(refusal->code));
}

TEST(ContractTableTest, ComparesEachRow) {
  for (const Row& row : kRows) {
    const plan::Decision decision =
        plan::Decide(IntentOf(row.strategy), plan::Database(row.rows, 9), {});
    EXPECT_EQ(plan::NameOf(decision.found), row.found) << row.rows;
    ASSERT_NE(decision.plan(), nullptr) << row.rows;
    EXPECT_NE(ProvenAfter(*decision.plan()), nullptr) << row.rows;
  }
}

TEST(ContractTableTest, WithAndWithoutAdditions) {
  const Snapshot proven = Proven();
  const Snapshot added = WithAdditions(proven);
  const Snapshot drifted = WithDrift(proven);
  const Snapshot both = WithAdditions(drifted);
  const catalog::ComparisonRules ignored{{"t_a_idx"}, {}};
  const catalog::ComparisonRules platform{
      {}, {"dba_idx", "table t", "theirs", "t_1", "publication cdc", "schema other"}};
  const DriftPolicy none;
  const DriftPolicy strict{false, true};
  const DriftPolicy allowed{true, false};
  const struct {
    const char* what;
    const Snapshot& live;
    DriftPolicy policy;
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
               {"both, --allow-drift --strict", both, {true, true}, {}, "B503"},
               {"both, ignored", both, none, ignored, "apply"}};
  for (const auto& cell : cells) {
    EXPECT_EQ(Answer(cell.live, cell.policy, cell.rules), cell.answer) << cell.what;
  }
}

}  // namespace
}  // namespace ballast::assess
