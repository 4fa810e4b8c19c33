// SPDX-License-Identifier: Apache-2.0
#include "plan/follow_squash.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/shell_word.h"
#include "base/text.h"
#include "plan/plan_builder.h"
#include "plan/steps.h"
#include "release/coverage.h"

namespace ballast::plan {
namespace {

using NameSet = std::set<std::string_view>;

constexpr char kVerifyReason[] = "the rows are converted only if the catalog matches them";

// The replaced migrations that the database lacks, in order.
std::vector<release::Migration> Missing(const SquashedHistory& squash, NameSet there) {
  for (const release::EarlierSquash& earlier : squash.record.earlier) {
    if (there.contains(earlier.name)) there.insert(earlier.covers.begin(), earlier.covers.end());
  }
  std::vector<release::Migration> missing;
  for (const release::Migration& migration : squash.history) {
    if (!there.contains(migration.name)) missing.push_back(migration);
  }
  return missing;
}

// The later migrations of the project, by whether the database has them.
struct LaterMigrations {
  std::vector<release::Migration> pending;
  NameSet applied;
};

LaterMigrations LaterOf(const FollowHistory& intent, const NameSet& applied) {
  LaterMigrations later;
  const size_t requested = RequestedOf(intent).size();
  for (size_t at = 0; at < intent.migrations.size(); ++at) {
    const release::Migration& migration = intent.migrations[at];
    if (migration.name == intent.squash->record.name) continue;
    if (applied.contains(migration.name)) {
      later.applied.insert(migration.name);
    } else if (at < requested) {
      later.pending.push_back(migration);
    }
  }
  return later;
}

// The proven catalog after the squash and exactly these later migrations.
const release::FingerprintRecord* StateAfter(const release::Squash& squash, const NameSet& later) {
  if (later.empty()) return &squash.baseline.fingerprint;
  for (const release::DevelopmentBaseline& state : squash.states) {
    if (release::CoveredNames(state.coverage) == later) return &state.fingerprint;
  }
  return nullptr;
}

Decision Unproven(const release::Squash& squash, const NameSet& later) {
  std::vector<std::string> evidence;
  for (const std::string_view name : later) evidence.push_back("it has " + std::string(name));
  return Refuse(
      Found::kBehind,
      {ErrorCode::kSquashRefused,
       fmt::format(
           "{} was not proven in combination with the later migrations that this database has",
           squash.name),
       std::move(evidence),
       {"deploy the last commit before the squash first, then this one",
        fmt::format("or, if you know that the database has all of its changes: ballast resolve "
                    "--applied {}",
                    ShellWord(squash.name))}});
}

}  // namespace

release::Coverage SquashedNames(const FollowHistory& intent) {
  if (!intent.squash) return {};
  release::Coverage names = intent.squash->record.baseline.coverage;
  for (const release::EarlierSquash& earlier : intent.squash->record.earlier) {
    names.push_back({earlier.name, earlier.checksum});
  }
  return names;
}

release::Coverage Unsquashed(const std::optional<SquashedHistory>& squash,
                             const release::Coverage& coverage) {
  release::Coverage single;
  for (const release::CoveredMigration& covered : coverage) {
    if (!squash || covered.name != squash->record.name) {
      single.push_back(covered);
      continue;
    }
    const release::Coverage replaced = release::CoverageOf(squash->history);
    single.insert(single.end(), replaced.begin(), replaced.end());
  }
  return single;
}

Observation WithoutEarlierSquashes(const FollowHistory& intent, Observation observation) {
  if (!intent.squash) return observation;
  for (const release::EarlierSquash& earlier : intent.squash->record.earlier) {
    const MigrationRow* row = AppliedRow(observation, earlier.name);
    if (row == nullptr) continue;
    const MigrationRow squashed = *row;
    std::erase_if(observation.rows,
                  [&](const MigrationRow& other) { return other.name == earlier.name; });
    for (const std::string& name : earlier.covers) {
      if (IsApplied(observation, name)) continue;
      observation.rows.push_back(squashed);
      observation.rows.back().name = name;
      observation.rows.back().checksum.clear();
    }
  }
  return observation;
}

bool HasRowsOfSquashed(const FollowHistory& intent, const Observation& observation) {
  if (!intent.squash) return false;
  const NameSet applied = AppliedNames(observation);
  if (applied.contains(intent.squash->record.name)) return false;
  const release::Coverage names = SquashedNames(intent);
  return std::any_of(names.begin(), names.end(), [&](const release::CoveredMigration& covered) {
    return applied.contains(covered.name);
  });
}

Decision FollowSquash(const FollowHistory& intent, const Observation& observation,
                      const Policy& policy) {
  const SquashedHistory& squash = *intent.squash;
  const NameSet applied = AppliedNames(observation);
  const std::vector<release::Migration> missing = Missing(squash, applied);
  const LaterMigrations later = LaterOf(intent, applied);
  const release::FingerprintRecord* state = StateAfter(squash.record, later.applied);
  if (state == nullptr) return Unproven(squash.record, later.applied);
  Decision decision;
  decision.found = Found::kBehind;
  decision.pending = NamesOf(missing);
  decision.pending.push_back(squash.record.name);
  for (const release::Migration& migration : later.pending) {
    decision.pending.push_back(migration.name);
  }
  const release::Coverage replaced = SquashedNames(intent);
  decision.unknown = UnknownNames(observation, intent.migrations, replaced);
  std::vector<std::string> remove;
  for (const release::CoveredMigration& covered : replaced) {
    if (applied.contains(covered.name)) remove.push_back(covered.name);
  }
  decision.notices.push_back(
      {NoticeKind::kPlan, fmt::format("{} replaces {} recorded in the database", squash.record.name,
                                      Counted(remove.size(), "migration"))});
  PlanBuilder plan(SplittingOf(intent, policy));
  plan.AddScripts(missing, {.reason = "from the archive of " + squash.record.name,
                            .rows = RowPolicy::kIfSeveralTransactions});
  plan.Verify({*state, false, {}}, kVerifyReason);
  plan.Add(DeleteHistoryRows{std::move(remove), ReplacedRows::kSquashed, NamesOf(missing)}, "");
  plan.Add(InsertResolvedRows{{{squash.record.name, squash.record.baseline.baseline_checksum}}},
           "it replaces them");
  plan.AddScripts(later.pending, {.reason = "pending"});
  decision.answer = std::move(plan).Build();
  return decision;
}

}  // namespace ballast::plan
