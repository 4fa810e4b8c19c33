// SPDX-License-Identifier: Apache-2.0
// Random projects, migrations tables and databases before the planner: it answers always, plans to
// lose no migration and to run none twice, deletes rows only under proof, and takes nothing that
// holds something for fresh. A review passes no missing or changed managed object, and additions
// refuse nothing.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.h"
#include "plan/planner.h"
#include "plan/review.h"

namespace {

using namespace ballast;
using plan::Observation;

constexpr const char* kScripts[] = {
    "CREATE TABLE t (id int);\n",
    "CREATE INDEX CONCURRENTLY i ON t(id);\n",
    "BEGIN;\nCREATE TABLE u (id int);\nCOMMIT;\n",
    "ALTER TYPE e ADD VALUE 'x';\n",
    "DROP INDEX CONCURRENTLY IF EXISTS i;\n",
    "VACUUM t;\n",
    "not sql at all (",
    "",
};

class Dice {
 public:
  Dice(const uint8_t* data, size_t size) : data_(data, size) {}

  bool Coin() { return data_.ConsumeBool(); }
  int Below(int limit) { return data_.ConsumeIntegralInRange<int>(0, limit - 1); }

  std::string Name() {
    constexpr const char* kOdd[] = {"0_baseline", "0_init", "", "unknown"};
    if (Below(8) == 0) return kOdd[Below(4)];
    return "2024010" + std::to_string(1 + Below(9)) + "000000_m";
  }

  release::Migration Migration(std::string name) {
    if (Below(12) == 0) return {std::move(name), {}, {}};
    return release::MakeMigration(std::move(name), kScripts[Below(std::size(kScripts))]);
  }

  std::vector<release::Migration> Migrations(int limit) {
    std::vector<release::Migration> made;
    std::set<std::string> names;
    for (int i = Below(limit); i > 0; --i) {
      const std::string name = Name();
      if (!name.empty() && name != "0_baseline" && names.insert(name).second) {
        made.push_back(Migration(name));
      }
    }
    release::SortMigrations(made);
    return made;
  }

 private:
  FuzzedDataProvider data_;
};

release::Coverage CoverageOfSome(Dice& dice, const std::vector<release::Migration>& migrations) {
  release::Coverage coverage;
  for (const release::Migration& migration : migrations) {
    if (dice.Below(4) != 0) coverage.push_back({migration.name, migration.checksum});
  }
  return coverage;
}

release::FingerprintRecord RandomFingerprint(Dice& dice) {
  release::FingerprintRecord record;
  if (dice.Coin()) record.catalog = std::string(1, static_cast<char>('a' + dice.Below(3)));
  record.server_major = 13 + dice.Below(6);
  return record;
}

plan::ApplyRelease RandomRelease(Dice& dice) {
  plan::ApplyRelease release;
  release.version = "v" + std::to_string(dice.Below(3));
  release.baseline = release::MakeMigration("0_baseline", kScripts[dice.Below(2)]);
  release.history = dice.Migrations(8);
  release.coverage = release::CoverageOf(*release.history);
  release.hotfixes = dice.Migrations(3);
  std::erase_if(release.hotfixes, [&](const release::Migration& hotfix) {
    return release::Covers(release.coverage, hotfix.name);
  });
  release.fingerprint = RandomFingerprint(dice);
  release.with_hotfixes = RandomFingerprint(dice);
  for (int i = dice.Below(3); i > 0; --i) {
    release::PreviousRelease previous;
    previous.version = "v" + std::to_string(dice.Below(3));
    previous.baseline_checksum = release::ChecksumOf(kScripts[dice.Below(3)]);
    previous.coverage = CoverageOfSome(dice, *release.history);
    previous.hotfixes = CoverageOfSome(dice, dice.Migrations(3));
    if (dice.Coin()) previous.replaces.push_back(dice.Name());
    release.previous.push_back(std::move(previous));
  }
  return release;
}

plan::Intent RandomIntent(Dice& dice) {
  if (dice.Coin()) return RandomRelease(dice);
  plan::FollowHistory history;
  history.migrations = dice.Migrations(9);
  if (dice.Coin()) {
    history.baseline = plan::DevelopmentBaseline{
        kScripts[0], CoverageOfSome(dice, history.migrations), RandomFingerprint(dice), {}};
  }
  if (dice.Below(3) == 0) history.release = RandomRelease(dice);
  return history;
}

Observation RandomObservation(Dice& dice) {
  Observation seen;
  seen.schema = "public";
  seen.schema_exists = dice.Below(8) != 0;
  seen.server.major = 13 + dice.Below(6);
  seen.server.can_create_schema = dice.Below(8) != 0;
  seen.server.can_create_in_schema = dice.Below(8) != 0;
  seen.has_migrations_table = dice.Below(4) != 0;
  for (int i = seen.has_migrations_table ? dice.Below(10) : 0; i > 0; --i) {
    plan::MigrationRow row;
    row.name = dice.Name();
    row.checksum = dice.Coin() ? release::ChecksumOf(kScripts[dice.Below(std::size(kScripts))])
                               : std::string("?");
    row.finished = dice.Below(6) != 0;
    row.rolled_back = dice.Below(6) == 0;
    row.applied_steps = dice.Below(2);
    seen.rows.push_back(std::move(row));
  }
  seen.object_count = dice.Below(3);
  for (int i = 0; i < seen.object_count; ++i) seen.objects.push_back("table t");
  seen.has_journal = dice.Coin();
  if (seen.has_journal && dice.Coin()) {
    seen.journal_release = plan::JournalRelease{
        "v9", release::ChecksumOf(kScripts[dice.Below(3)]), {release::ChecksumOf(kScripts[0])}};
  }
  if (seen.has_journal && dice.Below(3) == 0) seen.step_in_progress = dice.Name();
  if (dice.Coin()) seen.step_index = static_cast<plan::IndexState>(dice.Below(3));
  if (dice.Below(4) == 0) seen.invalid_indexes.push_back({"public", "i"});
  return seen;
}

// The row of a step that was stopped is no sign of life: if it has done nothing, it is closed as
// rolled back.
bool ShowsLife(const Observation& seen) {
  return std::any_of(seen.rows.begin(), seen.rows.end(), [&](const plan::MigrationRow& row) {
    return row.CountsAsApplied() && !(row.Failed() && row.name == seen.step_in_progress);
  });
}

// What the migrations table says after the plan.
struct After {
  std::set<std::string> applied;
  std::set<std::string> run;
};

bool Finished(const plan::MigrationRow& row) {
  return row.finished && !row.rolled_back;
}

void Take(const plan::Step& step, After& after) {
  if (const auto* run = std::get_if<plan::RunScript>(&step.act)) {
    BALLAST_CHECK(run->migration.script.has_value());
    // A name runs once, and not where it is applied already.
    BALLAST_CHECK(after.run.insert(run->migration.name).second);
    BALLAST_CHECK(!after.applied.contains(run->migration.name));
    if (run->record) after.applied.insert(run->migration.name);
  } else if (const auto* mark = std::get_if<plan::InsertResolvedRows>(&step.act)) {
    for (const auto& covered : mark->migrations) after.applied.insert(covered.name);
  } else if (const auto* record = std::get_if<plan::InsertExecutedRows>(&step.act)) {
    for (const auto& covered : record->migrations) after.applied.insert(covered.name);
  } else if (const auto* forget = std::get_if<plan::DeleteHistoryRows>(&step.act)) {
    for (const std::string& name : forget->names) after.applied.erase(name);
  } else if (const auto* close = std::get_if<plan::CloseRow>(&step.act)) {
    if (close->finished) after.applied.insert(close->name);
  }
}

bool Removes(const plan::Step& step) {
  return std::holds_alternative<plan::DeleteHistoryRows>(step.act);
}

bool Compares(const plan::Step& step) {
  return std::holds_alternative<plan::VerifyCatalog>(step.act);
}

// Rows are removed only with a comparison in the same transaction. A transaction that the server
// would not let be one is one step.
void CheckTransaction(const plan::Transaction& transaction) {
  const auto& steps = transaction.steps;
  BALLAST_CHECK(!steps.empty());
  BALLAST_CHECK(std::count_if(steps.begin(), steps.end(), Compares) <= 1);
  if (std::any_of(steps.begin(), steps.end(), Removes)) {
    BALLAST_CHECK(std::any_of(steps.begin(), steps.end(), Compares));
  }
  if (transaction.mode != plan::ScriptMode::kInTransaction) BALLAST_CHECK(steps.size() == 1);
}

After AfterPlan(const plan::Plan& plan, const Observation& seen) {
  After after;
  for (const plan::MigrationRow& row : seen.rows) {
    if (Finished(row)) after.applied.insert(row.name);
  }
  for (const plan::Transaction& transaction : plan.transactions) {
    CheckTransaction(transaction);
    for (const plan::Step& step : transaction.steps) {
      BALLAST_CHECK(!plan::Describe(step, transaction.mode).empty());
      Take(step, after);
    }
  }
  return after;
}

// Every migration of the project is in the table when the plan is done, or its release's baseline
// replaces it.
void CheckNothingIsLost(const plan::Intent& intent, const plan::Decision& decision,
                        const After& after) {
  if (decision.found == plan::Found::kAhead) return;  // nothing of ours is pending
  if (const auto* release = std::get_if<plan::ApplyRelease>(&intent)) {
    BALLAST_CHECK(after.applied.contains("0_baseline"));
    for (const auto& hotfix : release->hotfixes) BALLAST_CHECK(after.applied.contains(hotfix.name));
    return;
  }
  for (const auto& migration : std::get<plan::FollowHistory>(intent).migrations) {
    BALLAST_CHECK(after.applied.contains(migration.name));
  }
}

// As the caller of a deploy: each need is named at most once.
plan::Decision DecideWithNeeds(plan::Intent& intent, Observation& seen,
                               const plan::Policy& policy) {
  auto* release = std::get_if<plan::ApplyRelease>(&intent);
  auto history = release == nullptr ? std::nullopt : std::exchange(release->history, std::nullopt);
  for (;;) {
    auto answer = plan::Decide(intent, seen, policy);
    if (auto* decision = std::get_if<plan::Decision>(&answer)) return std::move(*decision);
    switch (std::get<plan::Need>(answer)) {
      case plan::Need::kComparison:
        BALLAST_CHECK(seen.compared_with == plan::Compared::kNothing);
        seen.compared_with = plan::Compared::kKnownStates;
        break;
      case plan::Need::kHistoryPoints:
        BALLAST_CHECK(seen.compared_with == plan::Compared::kKnownStates);
        seen.compared_with = plan::Compared::kAllStates;
        break;
      case plan::Need::kHistory:
        BALLAST_CHECK(release != nullptr && !release->history && history);
        release->history = std::exchange(history, std::nullopt);
        break;
      case plan::Need::kScriptObjects:
        BALLAST_CHECK(!seen.script_objects);
        seen.script_objects.emplace();
        break;
    }
  }
}

std::vector<catalog::Difference> RandomDifferences(
    Dice& dice, std::initializer_list<catalog::ChangeKind> changes) {
  std::vector<catalog::Difference> made(static_cast<size_t>(dice.Below(3)));
  for (catalog::Difference& difference : made) {
    difference.change = *(changes.begin() + dice.Below(static_cast<int>(changes.size())));
    difference.object = dice.Coin() ? "table \"t\"" : "index \"i\" on \"t\"";
  }
  return made;
}

// What a comparison of the live catalog does to the plan.
void CheckReview(const plan::Decision& decision, const Observation& seen,
                 const plan::Policy& policy, Dice& dice) {
  using catalog::ChangeKind;
  plan::StateComparison comparison;
  comparison.state = dice.Below(4) == 0 ? "" : "release v1";
  comparison.objects.drift = RandomDifferences(dice, {ChangeKind::kMissing, ChangeKind::kChanged});
  comparison.objects.additions = RandomDifferences(dice, {ChangeKind::kExtra});
  if (dice.Below(4) == 0) comparison.undetermined = "nobody knows";
  plan::PlanFindings findings;
  findings.comparison = &comparison;
  const plan::Decision reviewed = plan::Review(decision, findings, seen, policy);
  const bool runs = decision.kind() != plan::DecisionKind::kNothing;
  if (runs && !comparison.objects.drift.empty() && !policy.allow_drift) {
    BALLAST_CHECK(reviewed.Refused());
  }
  if (comparison.objects.drift.empty() && comparison.undetermined.empty() && !policy.strict) {
    BALLAST_CHECK(!reviewed.Refused());
  }
  if (policy.strict && !comparison.objects.additions.empty()) BALLAST_CHECK(reviewed.Refused());
  if (reviewed.Refused()) return;
  BALLAST_CHECK(reviewed.plan()->transactions.size() == decision.plan()->transactions.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Dice dice(data, size);
  Observation seen = RandomObservation(dice);
  plan::Intent intent = RandomIntent(dice);
  plan::Policy policy{dice.Coin(), dice.Coin()};
  policy.allow_drift = dice.Below(4) == 0;
  const plan::Decision decision = DecideWithNeeds(intent, seen, policy);
  if (decision.found == plan::Found::kFresh) {
    BALLAST_CHECK(!ShowsLife(seen) && seen.object_count == 0);
  }
  if (const plan::Refusal* refusal = decision.refusal()) {
    BALLAST_CHECK(!refusal->message.empty());
    return 0;
  }
  CheckNothingIsLost(intent, decision, AfterPlan(*decision.plan(), seen));
  CheckReview(decision, seen, policy, dice);
  return 0;
}
