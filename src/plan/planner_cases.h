// SPDX-License-Identifier: Apache-2.0
// Short notations for projects and databases, for the planner's tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "base/text.h"
#include "plan/planner.h"

namespace ballast::plan {

inline release::Migration Script(const std::string& name) {
  return release::MakeMigration(name, "SELECT '" + name + "';\n");
}

inline release::Migration Concurrent(const std::string& name) {
  return release::MakeMigration(name, "CREATE INDEX CONCURRENTLY i ON t (a);\n");
}

inline release::CoveredMigration Covered(const std::string& name) {
  const release::Migration migration = Script(name);
  return {migration.name, migration.checksum};
}

inline release::FingerprintRecord Fingerprint(const std::string& hash) {
  release::FingerprintRecord record;
  record.catalog = hash + "000000000000";
  return record;
}

// v2 covers m1, m2, m3; v1 (its predecessor) covered m1 and m3 and had the hotfix h1.
inline ApplyRelease ReleaseTwo() {
  ApplyRelease release;
  release.version = "v2";
  release.baseline = release::MakeMigration("0_baseline", "baseline of v2");
  release.coverage = {Covered("m1"), Covered("m2"), Covered("m3")};
  release.fingerprint = Fingerprint("f2");
  release::PreviousRelease previous;
  previous.version = "v1";
  previous.baseline_checksum = release::ChecksumOf("baseline of v1");
  previous.coverage = {Covered("m1"), Covered("m3")};
  previous.hotfixes = {Covered("h1")};
  release.previous = {previous};
  release.history = {Script("m1"), Script("m2"), Script("m3")};
  return release;
}

inline ApplyRelease WithHotfix(ApplyRelease release, const std::string& name) {
  release.hotfixes.push_back(Script(name));
  return release;
}

inline FollowHistory History(const std::vector<std::string>& names) {
  FollowHistory history;
  for (const std::string& name : names) history.migrations.push_back(Script(name));
  return history;
}

inline FollowHistory Development(const std::vector<std::string>& names,
                                 const std::vector<std::string>& covered) {
  FollowHistory history = History(names);
  history.baseline.emplace();
  history.baseline->script = "baseline";
  for (const std::string& name : covered) history.baseline->coverage.push_back(Covered(name));
  history.baseline->fingerprint = Fingerprint("fd");
  return history;
}

// "m1 m2! m3~": applied, failed, rolled back; "0_baseline:v1" has the checksum of v1's baseline.
inline std::vector<MigrationRow> RowsOf(const std::string& text) {
  std::vector<MigrationRow> rows;
  for (std::string word : Split(text, ' ')) {
    if (word.empty()) continue;
    MigrationRow row;
    row.finished = !word.ends_with('!');
    if (word.ends_with('~')) row.finished = false, row.rolled_back = true;
    if (!row.finished) word.pop_back();
    const size_t colon = word.find(':');
    row.name = word.substr(0, colon);
    row.checksum = colon == std::string::npos
                       ? Covered(word).checksum
                       : release::ChecksumOf("baseline of " + word.substr(colon + 1));
    row.started_at = "2026-01-01 00:00:00.000 UTC";
    rows.push_back(row);
  }
  return rows;
}

// A database of which all is known. Without a state to compare it with, it equals none.
inline Observation Database(const std::string& rows, int objects) {
  Observation observation;
  observation.compared_with = Compared::kAllStates;
  observation.schema = "public";
  observation.schema_exists = true;
  observation.server.can_create_schema = true;
  observation.server.can_create_in_schema = true;
  observation.rows = RowsOf(rows);
  observation.has_migrations_table = !rows.empty();
  observation.object_count = objects;
  if (objects > 0) observation.objects = {"table User"};
  return observation;
}

// Steps of one transaction are joined by "; ", transactions by " | ".
inline std::string WordsOf(const Plan& plan) {
  std::vector<std::string> transactions;
  for (const Transaction& transaction : plan.transactions) {
    std::vector<std::string> steps;
    for (const Step& step : transaction.steps)
      steps.push_back(Describe({step.act, ""}, transaction.mode));
    transactions.push_back(Join(steps, "; "));
  }
  return plan.empty() ? "nothing" : Join(transactions, " | ");
}

inline std::string Words(const std::variant<Decision, Need>& answer) {
  const auto* decision = std::get_if<Decision>(&answer);
  if (decision == nullptr) return "needs " + std::string(NameOf(std::get<Need>(answer)));
  const std::string found = std::string(NameOf(decision->found)) + "; ";
  const Refusal* refusal = decision->refusal();
  if (refusal != nullptr) return found + "refused " + std::string(CodeOf(refusal->code));
  return found + WordsOf(*decision->plan());
}

// For cases in which nothing more is needed.
inline Decision Decided(const Intent& intent, const Observation& seen, const Policy& policy) {
  return std::get<Decision>(Decide(intent, seen, policy));
}

struct PlannerCase {
  std::string what;
  Intent intent;
  Observation database;
  Policy policy;
  std::string expected;
};

inline void Check(const std::vector<PlannerCase>& cases) {
  for (const PlannerCase& c : cases) {
    EXPECT_EQ(Words(Decide(c.intent, c.database, c.policy)), c.expected) << c.what;
  }
}

inline constexpr char kTable[] = "create the table _prisma_migrations; ";

}  // namespace ballast::plan
