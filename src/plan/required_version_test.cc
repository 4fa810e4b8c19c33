// SPDX-License-Identifier: Apache-2.0
#include "plan/required_version.h"

#include <gtest/gtest.h>

#include <utility>

#include "base/server_versions.h"

#include "plan/steps.h"

namespace ballast::plan {
namespace {

Step Running(const std::string& name, const std::string& script) {
  return {RunScript{release::MakeMigration(name, script)}, ""};
}

// A comparison with what was proven on a server of this version.
Step Comparing(int major, std::vector<Requirement> needs = {}) {
  release::FingerprintRecord record;
  record.server_major = major;
  record.needs = std::move(needs);
  return {VerifyCatalog{std::move(record), false, {}}, ""};
}

ServerState Server(int major) {
  ServerState server;
  server.major = major;
  server.version = std::to_string(major) + ".1";
  return server;
}

const char kMerge[] = "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DO NOTHING;\n";
const char kCompression[] = "ALTER TABLE t ALTER COLUMN a SET COMPRESSION lz4;\n";
const Requirement kIndexNulls{"NULLS NOT DISTINCT", "index \"i\"", 15};
const Requirement kTable{"WITHOUT OVERLAPS", "table \"t\"", 18};

TEST(OlderServerTest, NamesEachRequirementOnce) {
  struct Case {
    std::string what;
    std::vector<Step> steps;
    std::vector<std::string> evidence;  // on PostgreSQL 13; empty: no refusal
  };
  const std::string merge = "migration b: MERGE (since PostgreSQL 15)";
  const std::string compression = "migration a: column compression (since PostgreSQL 14)";
  const std::string index = "index \"i\": NULLS NOT DISTINCT (since PostgreSQL 15)";
  const std::string table = "table \"t\": WITHOUT OVERLAPS (since PostgreSQL 18)";
  const std::vector<Case> cases = {
      {"words of scripts",
       {Running("b", kMerge), Running("a", kCompression)},
       {merge, compression}},
      {"the same script twice", {Running("b", kMerge), Running("b", kMerge)}, {merge}},
      {"proven on a server as old", {Running("b", kMerge), Comparing(13)}, {}},
      {"proven on a newer one", {Running("b", kMerge), Comparing(15)}, {merge}},
      {"only what runs before a comparison is proven by it",
       {Running("b", kMerge), Comparing(13), Running("a", kCompression)},
       {compression}},
      {"the next comparison speaks, not a later one",
       {Running("b", kMerge), Comparing(15), Running("a", kCompression), Comparing(13)},
       {merge}},
      {"what the states need, each once",
       {Running("b", kMerge), Comparing(15, {kTable, kIndexNulls}), Comparing(15, {kIndexNulls})},
       {merge, table, index}},
      {"a plan that runs no script", {Comparing(15, {kTable})}, {}},
      {"nothing", {}, {}},
  };
  for (const Case& c : cases) {
    const auto refusal = TooOldFor({{{{}, c.steps}}}, Server(13));
    EXPECT_EQ(refusal ? refusal->evidence : std::vector<std::string>{}, c.evidence) << c.what;
  }
}

TEST(OlderServerTest, NamesTheVersionThatMeetsAllRequirements) {
  const Plan plan{{{{}, {Running("b", kMerge), Comparing(15, {kTable, kIndexNulls})}}}};
  EXPECT_EQ(TooOldFor(plan, Server(15))->message,
            "PostgreSQL 15.1 does not support this database, which needs 18 or newer");
  EXPECT_FALSE(TooOldFor(plan, Server(18)).has_value());
}

TEST(OlderServerTest, RefusesAComparisonThatTheServerCannotMake) {
  const Plan compares{{{{}, {Comparing(15, {})}}}};
  const Plan runs{{{{}, {Running("b", "SELECT 1;")}}}};
  const auto refusal = TooOldFor(compares, Server(kOldestServerMajor - 1));
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->code, ErrorCode::kServerTooOld);
  EXPECT_FALSE(TooOldFor(compares, Server(kOldestServerMajor)).has_value());
  EXPECT_FALSE(TooOldFor(runs, Server(kOldestServerMajor - 1)).has_value());
}

// The names are found at once and the needs are too: a plan of this length is decided without
// delay.
TEST(OlderServerTest, CombinesRequirementsOfAllScripts) {
  constexpr size_t kScripts = 100'000;
  Plan plan;
  std::vector<Step>& steps = plan.transactions.emplace_back().steps;
  for (size_t i = 0; i < kScripts; ++i) steps.push_back(Running(std::to_string(i), kMerge));
  const auto refusal = TooOldFor(plan, Server(13));
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->evidence.back(), "… and 99990 more");
}

TEST(UnknownNamesTest, EachOnceInTheOrderOfTheRows) {
  Observation observation;
  const auto add = [&](const std::string& name, bool rolled_back) {
    MigrationRow& row = observation.rows.emplace_back();
    row.name = name;
    row.rolled_back = rolled_back;
  };
  add("z", false);
  add("covered", false);
  add("gone", true);
  add("a", false);
  add("known", false);
  add("z", false);
  EXPECT_EQ(UnknownNames(observation, {release::MakeMigration("known", "")}, {{"covered", ""}}),
            (std::vector<std::string>{"z", "a"}));
}

}  // namespace
}  // namespace ballast::plan
