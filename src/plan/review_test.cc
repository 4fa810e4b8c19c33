// SPDX-License-Identifier: Apache-2.0
#include "plan/review.h"

#include <gtest/gtest.h>

#include "plan/adoption.h"
#include "plan/other_project.h"
#include "plan/planner_cases.h"

namespace ballast::plan {
namespace {

catalog::Difference Object(catalog::ChangeKind change, const std::string& kind,
                           const std::string& name) {
  catalog::Difference difference;
  difference.change = change;
  difference.kind = kind;
  difference.identity = name;
  difference.object = kind + " " + name;
  return difference;
}

StateComparison Drifted() {
  return {"release v2", {{Object(catalog::ChangeKind::kMissing, "index", "a_idx")}, {}, {}}};
}

StateComparison WithAddition() {
  return {"release v2", {{}, {}, {Object(catalog::ChangeKind::kExtra, "index", "b_idx")}}};
}

StateComparison WithAnticipated() {
  StateComparison comparison{"release v2", {}};
  comparison.objects.anticipated = {Object(catalog::ChangeKind::kExtra, "column", "a.late")};
  return comparison;
}

PlanFindings Comparing(const StateComparison& comparison) {
  PlanFindings findings;
  findings.comparison = &comparison;
  return findings;
}

ForbiddenUse Forbidden() {
  ForbiddenUse use;
  use.extension = "postgis";
  use.why = "only a superuser may create it";
  use.remedy = "CREATE EXTENSION postgis;";
  return use;
}

enum class At { kPending, kCurrent, kRefused };

Decision DecisionAt(At at) {
  Decision decision;
  decision.found = Found::kBehind;
  if (at == At::kRefused) {
    decision.found = Found::kFailed;
    decision.answer = Refusal{ErrorCode::kFailedMigration, "failed", {}, {}};
  } else if (at == At::kCurrent) {
    decision.found = Found::kCurrent;
    decision.answer = Plan{};
  } else {
    Transaction transaction;
    transaction.steps.push_back({RunScript{Script("m4")}, ""});
    decision.answer = Plan{{std::move(transaction)}};
  }
  return decision;
}

std::string AnswerOf(const Decision& decision) {
  const Refusal* refusal = decision.refusal();
  return refusal == nullptr ? std::string(NameOf(decision.kind()))
                            : std::string(CodeOf(refusal->code));
}

// Where a part is committed before the comparison, the scripts must show that they allow for it.
TEST(ReviewTest, WhatTheDeployMakesItself) {
  const StateComparison anticipated = WithAnticipated();
  PlanFindings findings = Comparing(anticipated);
  const Observation database = Database("m1 m2 m3", 1);
  const Decision applied = Review(DecisionAt(At::kPending), findings, database, {});
  ASSERT_EQ(applied.notices.size(), 1u);
  EXPECT_EQ(TextOf(applied.notices[0]), "column a.late was already as the deploy creates it");
  Decision apart = DecisionAt(At::kPending);
  std::get<Plan>(apart.answer).transactions.front().mode = ScriptMode::kAlone;
  const Decision refused = Review(apart, findings, database, {});
  ASSERT_TRUE(refused.Refused());
  EXPECT_EQ(refused.refusal()->remedies.front(),
            "if the migrations allow for it (IF NOT EXISTS): ballast deploy --allow-drift");
  findings.scripts_were_read = true;
  EXPECT_FALSE(Review(apart, findings, database, {}).Refused());
}

// Repair would remove what a pending script makes.
TEST(ReviewTest, DriftThatAPendingScriptNames) {
  StateComparison drifted = Drifted();
  drifted.is_named_by_scripts = true;
  const Decision refused = Review(DecisionAt(At::kPending), Comparing(drifted), {}, {});
  ASSERT_TRUE(refused.Refused());
  EXPECT_NE(refused.refusal()->remedies.front().find("ballast deploy --allow-drift"),
            std::string::npos);
}

TEST(ReviewTest, ARepairIsNotOfferedWhereAllIsMissing) {
  StateComparison drifted = Drifted();
  drifted.lacks_all_tables = true;
  const Decision refused = Review(DecisionAt(At::kPending), Comparing(drifted), {}, {});
  ASSERT_TRUE(refused.Refused());
  EXPECT_EQ(refused.refusal()->remedies, RemediesIfAllIsMissing());
}

TEST(ReviewTest, WhatIsReplacedCanBeAccepted) {
  PlanFindings findings;
  Obstacle view{"view v: m4 replaces it (OR REPLACE), and no migration created it", "m4"};
  view.is_replaced = true;
  findings.names_in_the_way = {view};
  const Decision refused = Review(DecisionAt(At::kPending), findings, {}, {});
  ASSERT_TRUE(refused.Refused());
  EXPECT_EQ(refused.refusal()->remedies.back(),
            "or accept that it is replaced: ballast deploy --allow-drift");
}

TEST(ReviewTest, FindingsConfirmOrRefuseThePlan) {
  const StateComparison drifted = Drifted();
  const StateComparison with_addition = WithAddition();
  const StateComparison anticipated = WithAnticipated();
  const StateComparison equal = {"release v2", {}};
  const StateComparison undetermined = {"", {}, "", "migration m1 makes statements"};
  PlanFindings conflicting;
  conflicting.conflicting_names = {"view \"User\""};
  PlanFindings in_the_way;
  in_the_way.names_in_the_way = {{"sequence a_idx"}};
  PlanFindings dependents;
  dependents.dependents_in_the_way = {{"view ov depends on column a.b, which m4 drops", "m4"}};
  PlanFindings in_public;
  in_public.fixed_schema = FixedSchema{"public", "m1"};
  PlanFindings forbidden;
  forbidden.forbidden_extensions = {Forbidden()};
  PlanFindings other_objects;
  other_objects.other_objects = {{{"function", "", "auth.uid()", true, false, {"m2"}}, true}};
  const Policy usual;
  Policy strict, allow, strict_and_allow;
  strict.strict = strict_and_allow.strict = true;
  allow.allow_drift = strict_and_allow.allow_drift = true;
  struct Case {
    std::string what;
    At at;
    PlanFindings findings;
    Policy policy;
    std::string expected;
  };
  for (const Case& c : {
           Case{"nothing found", At::kPending, {}, usual, "apply"},
           Case{"as proven", At::kPending, Comparing(equal), strict, "apply"},
           Case{"drift", At::kPending, Comparing(drifted), usual, "B503"},
           Case{"drift that is allowed", At::kPending, Comparing(drifted), allow, "apply"},
           Case{"an addition", At::kPending, Comparing(with_addition), usual, "apply"},
           Case{"an addition, strict", At::kPending, Comparing(with_addition), strict, "B503"},
           Case{"drift is allowed, an addition is not", At::kPending, Comparing(with_addition),
                strict_and_allow, "B503"},
           Case{"drift of a current database", At::kCurrent, Comparing(drifted), usual, "nothing"},
           Case{"the same, strict", At::kCurrent, Comparing(drifted), strict, "B503"},
           Case{"what the deploy makes itself", At::kPending, Comparing(anticipated), usual,
                "apply"},
           Case{"the same, strict", At::kPending, Comparing(anticipated), strict, "B503"},
           Case{"not determined", At::kPending, Comparing(undetermined), usual, "apply"},
           Case{"not determined, strict", At::kPending, Comparing(undetermined), strict, "B501"},
           Case{"names of a fresh database", At::kPending, conflicting, usual, "P3005"},
           Case{"names in the way", At::kPending, in_the_way, allow, "B503"},
           Case{"dependents in the way", At::kPending, dependents, allow, "B503"},
           Case{"a migration that names public", At::kPending, in_public, usual, "B302"},
           Case{"other objects", At::kPending, other_objects, usual, "B515"},
           Case{"the same, allowed", At::kPending, other_objects, allow, "apply"},
           Case{"an extension", At::kPending, forbidden, usual, "B602"},
           Case{"a refusal stays", At::kRefused, forbidden, usual, "P3009"},
       }) {
    EXPECT_EQ(AnswerOf(Review(DecisionAt(c.at), c.findings, Database("m1 m2 m3", 1), c.policy)),
              c.expected)
        << c.what;
  }
}

// As a member of a superuser, the role could do everything.
TEST(ReviewTest, NoRemedyMakesTheRoleAMemberOfASuperuser) {
  Observation observation = Database("m1 m2 m3", 1);
  observation.server.role = "r";
  observation.server.database = "d";
  PlanFindings findings;
  findings.unowned_tables = {{"\"T\"", "postgres", true, "\"s\".\"T\"", "m4"},
                             {"\"U\"", "o", false, "\"s\".\"U\"", "m4"}};
  const auto remedies_of = [&] {
    const Decision decision = Review(DecisionAt(At::kPending), findings, observation, {});
    return decision.Refused() ? decision.refusal()->remedies : std::vector<std::string>();
  };
  EXPECT_EQ(remedies_of(),
            std::vector<std::string>{
                "deploy as the owner, or have an admin run in database d: ALTER TABLE \"s\".\"T\" "
                "OWNER TO \"r\"; GRANT \"o\" TO \"r\";"});
  // An extension has no ALTER … OWNER TO.
  findings.forbidden_extensions = {Forbidden()};
  findings.forbidden_extensions.front().remedy.clear();
  findings.forbidden_extensions.front().owner = "postgres";
  EXPECT_EQ(remedies_of(),
            (std::vector<std::string>{"have an admin run in database d: ALTER TABLE \"s\".\"T\" "
                                      "OWNER TO \"r\"; GRANT \"o\" TO \"r\";",
                                      "deploy this release as \"postgres\""}));
}

Decision Pending(const char* script) {
  Decision decision = DecisionAt(At::kPending);
  Transaction transaction;
  transaction.steps.push_back({RunScript{release::MakeMigration("m4", script)}, ""});
  decision.answer = Plan{{std::move(transaction)}};
  return decision;
}

// CREATE on the schema is asked for only where a script certainly needs it.
TEST(ReviewTest, TheSchemaInWhichScriptsCreate) {
  Observation observation = Database("m1 m2 m3", 1);
  observation.server.role = "r";
  observation.server.can_create_in_schema = false;
  const auto message = [&](const char* script) {
    const Decision decision = Review(Pending(script), {}, observation, {});
    return decision.Refused() ? decision.refusal()->message : "";
  };
  EXPECT_EQ(message("CREATE TABLE t ()"), "role r may not create in schema public");
  EXPECT_EQ(message("CREATE TABLE app.t ()"), "");
  observation.other_current_schema = "app";  // before public on the search_path
  EXPECT_EQ(message("CREATE TABLE t ()"), "role r may not create in schema app");
  EXPECT_EQ(message("CREATE TABLE public.t ()"), "");
}

// An admin is asked once for everything that can be seen.
TEST(ReviewTest, AllPrivilegesThatTheRoleLacksAreInOneRefusal) {
  PlanFindings findings;
  findings.forbidden_extensions = {Forbidden()};
  findings.unowned_tables = {{"\"T\"", "o", false, "\"s\".\"T\"", "m4"},
                             {"\"U\"", "o", false, "\"s\".\"U\"", "m4"}};
  Observation observation = Database("m1 m2 m3", 1);
  observation.server.role = "r";
  observation.server.database = "d";
  observation.server.can_create_in_schema = false;
  observation.server.missing_privileges = {{"INSERT", "ballast.journal"}};
  const Decision decision = Review(Pending("CREATE TABLE t ()"), findings, observation, {});
  ASSERT_TRUE(decision.Refused());
  const Refusal& refusal = *decision.refusal();
  EXPECT_EQ(refusal.code, ErrorCode::kPrivilege);
  EXPECT_EQ(refusal.message, "role r lacks several privileges");
  EXPECT_EQ(refusal.evidence,
            (std::vector<std::string>{
                "it may not create in schema public",
                "it cannot record deployments: it lacks INSERT ON ballast.journal",
                "it may not create the extension \"postgis\"",
                "  extension \"postgis\": only a superuser may create it",
                "it does not own 2 tables that the deploy changes",
                "  table \"T\" of o, which m4 changes", "  table \"U\" of o, which m4 changes"}));
  EXPECT_EQ(
      refusal.remedies,
      std::vector<std::string>{
          "have an admin run in database d: GRANT CREATE ON SCHEMA \"public\" TO \"r\"; GRANT "
          "INSERT ON ballast.journal TO \"r\"; CREATE EXTENSION postgis; GRANT \"o\" TO "
          "\"r\";"});
  Policy observing;
  observing.only_observes = true;
  observation.server.can_create_in_schema = true;
  EXPECT_EQ(AnswerOf(Review(DecisionAt(At::kPending), {}, observation, observing)), "apply");
}

// Without a verdict nothing is committed before the comparison at the end.
TEST(ReviewTest, UndeterminedDriftAndStepsThatAreCommittedApart) {
  const StateComparison undetermined = {"", {}, "", "migration m1 makes statements"};
  const auto decision = [] {
    Decision decision = DecisionAt(At::kPending);
    std::get<Plan>(decision.answer).transactions.front().mode = ScriptMode::kAlone;
    return decision;
  };
  Policy allow;
  allow.allow_drift = true;
  EXPECT_EQ(AnswerOf(Review(decision(), Comparing(undetermined), {}, {})), "B501");
  EXPECT_EQ(AnswerOf(Review(decision(), Comparing(undetermined), {}, allow)), "apply");
  const Decision one = Review(DecisionAt(At::kPending), Comparing(undetermined), {}, {});
  ASSERT_EQ(one.notices.size(), 1);
  EXPECT_NE(one.notices.front().text.find("could not be determined"), std::string::npos);
}

TEST(ReviewTest, NoticesArePartOfAPlanOnly) {
  PlanFindings findings;
  findings.notices = {{NoticeKind::kRisk, "view \"v\" depends on table \"a\""}};
  EXPECT_EQ(TextsOf(Review(DecisionAt(At::kPending), findings, {}, {}).notices),
            TextsOf(findings.notices));
  findings.names_in_the_way = {{"sequence a_idx"}};
  EXPECT_TRUE(Review(DecisionAt(At::kPending), findings, {}, {}).notices.empty());
}

// Where the state before is not known, the migration may have been applied by hand.
TEST(ReviewTest, RemediesOfTakenNames) {
  const StateComparison equal = {"release v2", {}};
  bool may_be_applied = true;
  const auto remedies = [&](PlanFindings findings, Decision decision) {
    findings.names_in_the_way = {{"table a", "m4", may_be_applied}};
    return Review(std::move(decision), findings, {}, {}).refusal()->remedies;
  };
  using Remedies = std::vector<std::string>;
  EXPECT_EQ(remedies(Comparing(equal), DecisionAt(At::kPending)),
            Remedies{"rename or drop it, then deploy again"});
  EXPECT_EQ(remedies({}, DecisionAt(At::kPending)),
            (Remedies{"if the database has everything that the migration creates: ballast resolve "
                      "--applied m4",
                      "otherwise rename or drop it, then deploy again"}));
  Decision renamed = DecisionAt(At::kPending);
  renamed.renamed = {{"m4", "m3"}};
  EXPECT_EQ(remedies({}, std::move(renamed)), Remedies{RemedyOf(RenamedMigration{"m4", "m3"})});
  may_be_applied = false;
  EXPECT_EQ(remedies({}, DecisionAt(At::kPending)),
            Remedies{"rename or drop it, then deploy again"});
  // What the project itself has made is not to be dropped.
  PlanFindings again;
  again.names_in_the_way = {{"table x", "m4", false}, {"table a", "m4", false, "m1"}};
  EXPECT_EQ(Review(DecisionAt(At::kPending), again, {}, {}).refusal()->remedies,
            Remedies{"correct m4: it creates what m1 has already created; then deploy again"});
}

TEST(ReviewTest, UnknownMigrationsGiveDriftAnotherRemedy) {
  const StateComparison drifted = Drifted();
  Decision decision = DecisionAt(At::kPending);
  decision.unknown = {"20240101000000_hotfix"};
  const Decision reviewed = Review(std::move(decision), Comparing(drifted), {}, {});
  ASSERT_TRUE(reviewed.Refused());
  EXPECT_NE(reviewed.refusal()->remedies.front().find("hotfix merge"), std::string::npos);
}

// A fresh database that was to be adopted: the reason why no state fits is the answer.
TEST(ReviewTest, ConflictingNamesExplainAFailedAdoption) {
  PlanFindings findings;
  findings.conflicting_names = {"view \"User\""};
  Observation observation = Database("", 0);
  ComparedState state;
  state.name = "release v2";
  state.differences = {"table \"User\" is missing"};
  observation.compared = {state};
  Policy adopt;
  adopt.adopt = true;
  const Decision reviewed = Review(DecisionAt(At::kPending), findings, observation, adopt);
  ASSERT_TRUE(reviewed.Refused());
  const auto unfit = StateToAdopt(observation, adopt);
  ASSERT_TRUE(std::holds_alternative<Refusal>(unfit));
  EXPECT_EQ(reviewed.refusal()->message, std::get<Refusal>(unfit).message);
}

}  // namespace
}  // namespace ballast::plan
