// SPDX-License-Identifier: Apache-2.0
#include "plan/conversion_state.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string_view>

#include "release/coverage.h"

namespace ballast::plan {
namespace {

using MigrationNames = std::set<std::string_view>;

VerifyCatalog* ComparisonIn(Plan& plan) {
  for (Transaction& transaction : plan.transactions) {
    for (Step& step : transaction.steps) {
      if (auto* verify = std::get_if<VerifyCatalog>(&step.act)) return verify;
    }
  }
  return nullptr;
}

bool RunsScriptsBeforeComparison(const Plan& plan) {
  for (const Step* step : StepsOf(plan)) {
    if (std::holds_alternative<VerifyCatalog>(step->act)) return false;
    if (std::holds_alternative<RunScript>(step->act)) return true;
  }
  return false;
}

MigrationNames NamesOfRelease(const ApplyRelease& release,
                              const release::FingerprintRecord& compared) {
  MigrationNames names = release::CoveredNames(release.coverage);
  if (compared.catalog != release.with_hotfixes.catalog) return names;
  for (const release::Migration& hotfix : release.hotfixes) names.insert(hotfix.name);
  return names;
}

// The proven or replayed state that has exactly these migrations; null if none is known.
const release::FingerprintRecord* StateOf(const MigrationNames& names, const FollowHistory& intent,
                                          const Observation& observation) {
  const auto& baseline = intent.baseline;
  const bool has_baseline = baseline && !baseline->fingerprint.catalog.empty();
  if (has_baseline && release::CoveredNames(baseline->coverage) == names) {
    return &baseline->fingerprint;
  }
  for (const ComparedState& state : observation.compared) {
    if (!state.schema_only && release::CoveredNames(state.covers) == names) return &state.record;
  }
  return nullptr;
}

}  // namespace

std::set<std::string_view> NamesAfterConversion(const Plan& plan, const Observation& observation) {
  std::set<std::string_view> names = AppliedNames(observation);
  for (const Step* step : StepsOf(plan)) {
    if (const auto* removed = std::get_if<DeleteHistoryRows>(&step->act)) {
      for (const std::string& name : removed->names) names.erase(name);
    } else if (const auto* added = std::get_if<InsertResolvedRows>(&step->act)) {
      names.merge(release::CoveredNames(added->migrations));
    }
  }
  return names;
}

std::optional<Need> CompareWithAllRows(const FollowHistory& intent, const Observation& observation,
                                       Decision& decision) {
  auto* plan = std::get_if<Plan>(&decision.answer);
  VerifyCatalog* comparison = plan == nullptr ? nullptr : ComparisonIn(*plan);
  if (comparison == nullptr || !intent.release || !decision.unknown.empty()) return std::nullopt;
  const MigrationNames names = NamesAfterConversion(*plan, observation);
  const MigrationNames covered = NamesOfRelease(*intent.release, comparison->expected());
  if (std::ranges::includes(covered, names)) return std::nullopt;
  if (const auto* state = StateOf(names, intent, observation)) {
    comparison->record = std::make_shared<const release::FingerprintRecord>(*state);
    return std::nullopt;
  }
  const bool may_be_found = observation.compared_with != Compared::kAllStates;
  return may_be_found && !RunsScriptsBeforeComparison(*plan) ? std::optional(Need::kHistoryPoints)
                                                             : std::nullopt;
}

}  // namespace ballast::plan
