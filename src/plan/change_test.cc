// SPDX-License-Identifier: Apache-2.0
#include "plan/change.h"

#include <gtest/gtest.h>

#include "plan/change_refusals.h"
#include "plan/planner_cases.h"
#include "plan/script_size.h"
#include "release/package.h"

namespace ballast::plan {
namespace {

difference::Statement Apart(const std::string& object, const std::string& text) {
  difference::Statement statement;
  statement.object = object;
  statement.text = text;
  return statement;
}

Change WithScript() {
  Change change;
  change.script = "ALTER TABLE t ADD a int;\n";
  return change;
}

ChangeGoal GoalOf(const StateRows& rows) {
  return {"repair", "release v2", Fingerprint("f2"), rows};
}

const ChangePolicy kPolicy{"--drop", {"keep it"}, "or write a script"};

MigrationRow Row(const std::string& name, const std::string& checksum) {
  MigrationRow row;
  row.name = name;
  row.checksum = checksum;
  row.finished = true;
  return row;
}

Observation Having(const std::vector<MigrationRow>& rows) {
  Observation observation;
  observation.server.can_create_schema = true;
  observation.has_migrations_table = true;
  observation.rows = rows;
  return observation;
}

// One line per transaction: "in_transaction: repair, verify …".
std::vector<std::string> TransactionsOf(const Plan& plan) {
  std::vector<std::string> lines;
  for (const Transaction& transaction : plan.transactions) {
    std::vector<std::string> steps;
    for (const Step& step : transaction.steps) {
      if (const auto* run = std::get_if<RunScript>(&step.act)) {
        EXPECT_FALSE(run->record);
        steps.push_back(run->migration.name + (run->waits_for_transactions ? " waits" : ""));
      } else if (std::holds_alternative<VerifyCatalog>(step.act)) {
        steps.emplace_back("verify");
      } else {
        steps.emplace_back("rows");
      }
    }
    lines.push_back(std::string(NameOf(transaction.mode)) + ": " + Join(steps, ", "));
  }
  return lines;
}

TEST(ChangeTest, BecomesTransactions) {
  using Lines = std::vector<std::string>;
  const StateRows none, rows{{}, {Covered("m1")}};
  Change apart;
  apart.apart = {Apart("index i", "CREATE INDEX CONCURRENTLY i ON t (a);\n"),
                 Apart("constraint c", "ALTER TABLE t VALIDATE CONSTRAINT c;\n")};
  Change all = WithScript();
  all.apart = {apart.apart.front()};
  all.first_script = "ALTER TYPE e ADD VALUE 'x';\n";
  struct Case {
    std::string name;
    Change change;
    StateRows rows;
    Lines expected;
  };
  const std::vector<Case> cases = {
      {"nothing", {}, none, {}},
      {"rows alone are compared, too", {}, rows, {"in_transaction: rows, verify"}},
      {"a script", WithScript(), none, {"in_transaction: repair, verify"}},
      {"a script and rows", WithScript(), rows, {"in_transaction: repair, rows, verify"}},
      {"statements apart",
       apart,
       none,
       {"alone: repair: index i waits", "in_transaction: repair: constraint c",
        "in_transaction: verify"}},
      {"all in order",
       all,
       rows,
       {"alone: repair: index i waits", "in_transaction: repair_enum_values",
        "in_transaction: repair, rows, verify"}},
  };
  for (const Case& one : cases) {
    const ChangeDecision decision = DecideChange(one.change, GoalOf(one.rows), kPolicy, Having({}));
    EXPECT_EQ(TransactionsOf(decision.plan), one.expected) << one.name;
    EXPECT_FALSE(decision.refusal) << one.name;
  }
}

TEST(ChangeTest, ScriptsOfOthersRunAsMigrationsDo) {
  Change change = WithScript();
  for (const auto& [own, settings] :
       {std::pair{true, ScriptSettings::kChange}, std::pair{false, ScriptSettings::kSession}}) {
    change.is_own_script = own;
    const ChangeDecision decision = DecideChange(change, GoalOf({}), kPolicy, Having({}));
    const Step& first = decision.plan.transactions.front().steps.front();
    EXPECT_EQ(std::get<RunScript>(first.act).settings, settings);
  }
}

TEST(ChangeTest, KeepsDataOnlyWhereTheRoleMayCreateTheSchema) {
  Change change = WithScript();
  change.kept = {"table \"T\""};
  Observation observation = Having({});
  EXPECT_FALSE(DecideChange(change, GoalOf({}), kPolicy, observation).refusal);
  observation.server.can_create_schema = false;
  const auto refusal = DecideChange(change, GoalOf({}), kPolicy, observation).refusal;
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, ErrorCode::kPrivilege);
  observation.has_kept_data = true;
  EXPECT_FALSE(DecideChange(change, GoalOf({}), kPolicy, observation).refusal);
}

// What the role may not read was not counted, so nothing else is certain.
TEST(ChangeTest, LackedPrivilegesComeFirst) {
  Change change = WithScript();
  change.lacked.privileges = {{"SELECT on public.t", "GRANT SELECT ON public.t TO r;"},
                              {"SELECT on public.u", ""}};
  change.losses = {{"table \"U\"", 1, false, false}};
  Observation observation = Having({});
  observation.server.role = "r";
  observation.server.database = "d";
  auto refusal = DecideChange(change, GoalOf({}), kPolicy, observation).refusal;
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, ErrorCode::kPrivilege);
  EXPECT_EQ(refusal->message, "role r lacks 2 privileges that the repair needs");
  EXPECT_EQ(refusal->evidence,
            (std::vector<std::string>{"SELECT on public.t", "SELECT on public.u"}));
  EXPECT_EQ(
      refusal->remedies,
      std::vector<std::string>{"have an admin run in database d: GRANT SELECT ON public.t TO r;"});
  observation.server.missing_privileges = {{"INSERT", "ballast.journal"}, {"INSERT", "rows"}};
  change.lacked.policies = {{"table public.v", "ALTER ROLE r BYPASSRLS;"}};
  refusal = DecideChange(change, GoalOf({}), kPolicy, observation).refusal;
  EXPECT_EQ(refusal->message, "role r lacks several privileges");
  EXPECT_EQ(refusal->remedies,
            std::vector<std::string>{
                "have an admin run in database d: GRANT SELECT ON public.t TO r; ALTER ROLE r "
                "BYPASSRLS; GRANT INSERT ON ballast.journal TO \"r\";"});
  change.lacked.privileges.clear();
  observation.server.missing_privileges.clear();
  EXPECT_EQ(DecideChange(change, GoalOf({}), kPolicy, observation).refusal->code,
            ErrorCode::kCannotTell);
}

TEST(ChangeTest, IsRefusedForTheFirstReason) {
  const DataLoss lost{"column \"T\".\"a\"", 2, false, true}, allowed{"table \"U\"", 1, true, false};
  Change rows = WithScript();
  rows.blocking = {{"index i", "duplicates in a", 3, "SELECT a FROM t"}};
  rows.losses = {lost};
  Change no_values = rows;  // whatever the sentence is
  no_values.blocking[0].cause = difference::FailureCause::kMissingValue;
  Change losses = WithScript();
  losses.losses = {lost, allowed};
  Change kept = losses;
  kept.kept = {lost.object};
  Change lost_additions = rows;
  lost_additions.lost.names = {"index x on t"};
  lost_additions.in_the_way = {"view \"v\""};
  Change drifted;
  drifted.drift = {"table p1: partition of is p, expected none"};
  Change in_the_way = rows;
  in_the_way.in_the_way = {"view \"v\""};
  Change taken_names = lost_additions;
  taken_names.taken_names = {"constraint cc.c_pkey"};
  Change large = WithScript();
  large.script = "SELECT '" + std::string(kLongestMessage, 'x') + "';\n";
  Change large_and_lost = large;
  large_and_lost.losses = {lost};
  struct Case {
    std::string name;
    const Change& change;
    std::string code;
    std::vector<std::string> remedies;
  };
  const std::vector<Case> cases = {
      {"drift that no statement removes",
       drifted,
       "B511",
       {"write the statements yourself, run them, then: ballast status",
        "or accept the differences: name the objects under `ignore` in ballast.toml"}},
      {"additions that would be lost",
       lost_additions,
       "B511",
       {"remove it, run the command again, and restore it afterwards"}},
      {"additions with names that are needed",
       taken_names,
       "B511",
       {"if a table was renamed by hand, rename it back: ALTER TABLE … RENAME TO …",
        "otherwise rename this object, then run the command again"}},
      {"additions in the way",
       in_the_way,
       "B511",
       {"drop or change what depends on it, run the command again, and create it again "
        "afterwards"}},
      {"rows",
       rows,
       "B508",
       {"correct these rows (the queries list them), then run the command again",
        "or write a script"}},
      {"rows without a value", no_values, "B508", {"or write a script"}},
      {"losses", losses, "B509", {"keep it", "to accept the loss: --drop 'column T.a'"}},
      {"losses that are kept or allowed", kept, "", {}},
      {"a script that cannot be sent", large, "B306", {"write it as several statements"}},
      {"losses before the size",
       large_and_lost,
       "B509",
       {"keep it", "to accept the loss: --drop 'column T.a'"}},
  };
  for (const Case& one : cases) {
    const ChangeDecision decision = DecideChange(one.change, GoalOf({}), kPolicy, Having({}));
    EXPECT_EQ(decision.plan.empty(), one.change.script.empty()) << one.name;
    ASSERT_EQ(decision.refusal.has_value(), !one.code.empty()) << one.name;
    if (!decision.refusal) continue;
    EXPECT_EQ(CodeOf(decision.refusal->code), one.code) << one.name;
    EXPECT_EQ(decision.refusal->remedies, one.remedies) << one.name;
  }
}

TEST(ChangeTest, RefusalsListWhatTheyAreAbout) {
  Change change;
  change.blocking = {{"index i", "duplicates in a", 3, "SELECT a FROM t"},
                     {"column b", "values of text", 0, "SELECT b FROM t"}};
  const auto rows = DecideChange(change, GoalOf({}), kPolicy, Having({})).refusal;
  EXPECT_EQ(rows->message, "rows conflict with 2 changes");
  const std::vector<std::string> listed = {"index i: 3 rows: duplicates in a", "  SELECT a FROM t;",
                                           "column b: values of text", "  SELECT b FROM t;"};
  EXPECT_EQ(rows->evidence, listed);
  change = {};
  change.losses = {{"column \"T\".\"a\"", 2, false, true}, {"table \"U\"", 1, false}};
  const auto losses = DecideChange(change, GoalOf({}), kPolicy, Having({})).refusal;
  EXPECT_EQ(losses->message, "the data of 2 objects would be lost");
  const std::vector<std::string> lost = {"column \"T\".\"a\": 2 values", "table \"U\": 1 row"};
  EXPECT_EQ(losses->evidence, lost);
  change = {};
  change.lost = {{"table t: options autovacuum_enabled false"}, true};
  EXPECT_EQ(DecideChange(change, GoalOf({}), kPolicy, Having({})).refusal->remedies.size(), 2u);
  change = {};
  change.lost = {{"index x: options fillfactor 40"}, false};
  const Refusal refusal = *DecideChange(change, GoalOf({}), kPolicy, Having({})).refusal;
  EXPECT_EQ(refusal.remedies.size(), 1u);
  const Error additions = ErrorOf(refusal);
  EXPECT_EQ(additions.Detail(kLosesAdditions), "1");
  EXPECT_EQ(additions.Detail("object"), "index x: options fillfactor 40");
}

TEST(ChangeTest, OnlyRowsThatExistCanBeCorrected) {
  ChangePolicy policy = kPolicy;
  policy.conflict_remedy.clear();
  Change change = WithScript();
  change.blocking = {{"column b", "rows of t, which have no value for it", 2, "SELECT * FROM t",
                      difference::FailureCause::kMissingValue}};
  const std::string create =
      "add column b yourself, fill it for existing rows, then run the command again";
  EXPECT_EQ(DecideChange(change, GoalOf({}), policy, Having({})).refusal->remedies,
            std::vector<std::string>{create});
  change.blocking.push_back({"index \"x, which have no value for it", "rows", 1, "SELECT 1"});
  const std::vector<std::string> both = {
      "correct these rows (the queries list them), then run the command again", create};
  EXPECT_EQ(DecideChange(change, GoalOf({}), policy, Having({})).refusal->remedies, both);
  change.blocking.back().before_correction = "ALTER TYPE e ADD VALUE 'x';";
  EXPECT_EQ(
      DecideChange(change, GoalOf({}), policy, Having({})).refusal->remedies.front(),
      "first add what index \"x, which have no value for it needs: ALTER TYPE e ADD VALUE 'x';");
}

TEST(ChangeTest, RowsBecomeThoseOfTheState) {
  const release::CoveredMigration baseline{std::string(release::kBaselineName), "b2"};
  MigrationRow rolled_back = Row("m1", "x");
  rolled_back.rolled_back = true;
  struct Case {
    std::string name;
    StateRows rows;
    std::vector<MigrationRow> present;
    std::vector<std::string> expected;
  };
  const std::vector<Case> cases = {
      {"the same",
       {{baseline}, {Covered("m1")}},
       {Row(baseline.name, "b2"), Row("m1", "another checksum")},
       {}},
      {"missing", {{baseline}, {Covered("m1")}}, {}, {"executed 0_baseline", "resolved m1"}},
      {"surplus", {{}, {Covered("m1")}}, {Row("m1", ""), Row("m2", "")}, {"delete m2"}},
      {"another baseline",
       {{baseline}, {}},
       {Row(baseline.name, "b1")},
       {"delete 0_baseline", "executed 0_baseline"}},
      {"rolled back", {{}, {Covered("m1")}}, {rolled_back}, {"resolved m1"}},
  };
  for (const Case& one : cases) {
    std::vector<std::string> steps;
    for (const Step& step : RowSteps(one.rows, "release v2", Having(one.present))) {
      EXPECT_EQ(step.reason, "the rows of release v2") << one.name;
      if (const auto* run = std::get_if<InsertExecutedRows>(&step.act)) {
        steps.push_back("executed " + run->migrations.front().name);
      } else if (const auto* resolved = std::get_if<InsertResolvedRows>(&step.act)) {
        steps.push_back("resolved " + resolved->migrations.front().name);
      } else {
        steps.push_back("delete " + std::get<DeleteHistoryRows>(step.act).names.front());
      }
    }
    EXPECT_EQ(steps, one.expected) << one.name;
  }
  const std::vector<Step> fresh = RowSteps({{}, {Covered("m1")}}, "release v2", {});
  ASSERT_EQ(fresh.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<CreateMigrationsTable>(fresh.front().act));
}

TEST(ChangeTest, SomeDatabasesAreNotChanged) {
  const auto code = [](const std::optional<Refusal>& refusal) {
    return refusal ? std::string(CodeOf(refusal->code)) : std::string();
  };
  const auto decided = [](Found found, std::vector<std::string> unknown = {}) {
    Decision decision;
    decision.found = found;
    decision.answer = Plan{};
    decision.unknown = std::move(unknown);
    return decision;
  };
  Decision failed = decided(Found::kFailed);
  failed.answer = Refusal{ErrorCode::kFailedMigration, "failed", {}, {}};
  const Observation none;
  EXPECT_EQ(code(RefuseRepair(decided(Found::kCurrent), none)), "");
  EXPECT_EQ(code(RefuseRepair(decided(Found::kBehind), none)), "");
  EXPECT_EQ(code(RefuseRepair(decided(Found::kFresh), none)), CodeOf(ErrorCode::kCannotTell));
  EXPECT_EQ(code(RefuseRepair(failed, none)), "P3009");
  EXPECT_EQ(code(RefuseRepair(decided(Found::kBehind, {"h1"}), none)), CodeOf(ErrorCode::kAhead));
  const auto ahead = RefuseRepair(decided(Found::kAhead, {"m9"}), none);
  EXPECT_EQ(ahead->evidence, std::vector<std::string>{"m9"});
  Observation newer;
  newer.journal_release = JournalRelease{};
  newer.journal_release->version = "v3";
  const auto release = RefuseRepair(decided(Found::kAhead, {"v3"}), newer);
  EXPECT_TRUE(release->message.find("it is at release v3") != std::string::npos);
  const Observation has_rows = Having({Row("m1", "")});
  MigrationRow open = Row("m1", "");
  open.finished = false;
  const Observation interrupted = Having({open});
  EXPECT_EQ(code(RefuseRollback(decided(Found::kFresh), none, true)), "B512");
  EXPECT_EQ(code(RefuseRollback(decided(Found::kAhead), has_rows, true)), "");
  EXPECT_EQ(code(RefuseRollback(decided(Found::kAhead), has_rows, false)), "B502");
  EXPECT_EQ(code(RefuseRollback(failed, has_rows, false)), "P3009");
  EXPECT_EQ(code(RefuseRollback(failed, has_rows, true)), "P3009");
  EXPECT_EQ(code(RefuseRollback(decided(Found::kBehind), interrupted, true)), "P3009");
  EXPECT_EQ(code(RefuseRepair(decided(Found::kBehind), interrupted)), "P3009");
  Decision theirs = decided(Found::kUnknown);
  Refusal refusal;
  refusal.is_other_project = true;
  theirs.answer = refusal;
  EXPECT_EQ(code(RefuseRepair(theirs, has_rows)), "B501");
  EXPECT_EQ(code(RefuseRollback(theirs, has_rows, true)), "B501");
  Decision other = decided(Found::kOtherStrategy);
  other.answer = Refusal{ErrorCode::kOtherStrategy, "other", {}, {"ballast deploy"}};
  const auto by_package = RefuseRollback(other, has_rows, false);
  EXPECT_EQ(code(by_package), "B504");
  EXPECT_NE(by_package->remedies.front().find("ballast rollback --to"), std::string::npos);
  EXPECT_EQ(code(RefuseRollback(decided(Found::kCurrent), has_rows, false)), "B512");
  EXPECT_EQ(code(RefuseDriftFrom("release v2", {})), "");
  EXPECT_EQ(code(RefuseDriftFrom("release v2", {"index i is missing"})), "B503");
}

}  // namespace
}  // namespace ballast::plan
