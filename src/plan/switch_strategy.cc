// SPDX-License-Identifier: Apache-2.0
#include "plan/switch_strategy.h"

#include <algorithm>
#include <set>

#include "plan/adoption.h"
#include "release/coverage.h"
#include "release/package.h"

namespace ballast::plan {
namespace {

// Whether rows and catalog say the same of the database, which has applied these names.
bool Fits(const ComparedState& state, const Observation& observation,
          const std::set<std::string_view>& applied, HistoryFormat wanted) {
  if (!state.equal || state.schema_only || state.run.empty()) return false;
  if (wanted == HistoryFormat::kRelease) return release::AreAmong(state.covers, applied);
  const MigrationRow* baseline = AppliedRow(observation, release::kBaselineName);
  return baseline != nullptr && baseline->checksum == state.run.front().checksum &&
         release::AreAmong(state.run, applied);
}

std::vector<std::string> NamesOf(const release::Coverage& rows) {
  std::vector<std::string> names;
  for (const release::CoveredMigration& row : rows) names.push_back(row.name);
  return names;
}

Plan PlanOf(const ComparedState& state, HistoryFormat wanted) {
  std::vector<Step> steps;
  steps.push_back({VerifyCatalog{state.record, false, {}},
                   "the rows are converted only if the database is what they say"});
  if (wanted == HistoryFormat::kRelease) {
    steps.push_back({DeleteHistoryRows{NamesOf(state.covers)}, ""});
    steps.push_back(
        {InsertExecutedRows{state.run}, "as a deploy of " + state.name + " records it"});
  } else {
    steps.push_back({DeleteHistoryRows{NamesOf(state.run)}, ""});
    steps.push_back({InsertResolvedRows{state.covers}, state.name + " covers them"});
  }
  return {{{ScriptMode::kInTransaction, std::move(steps)}}};
}

}  // namespace

bool IsRecordedByOtherStrategy(const Observation& observation, HistoryFormat wanted) {
  const bool release = IsApplied(observation, release::kBaselineName);
  return HasLiveRows(observation) && release == (wanted == HistoryFormat::kDevelopment);
}

std::variant<Plan, Refusal> SwitchStrategy(const Observation& observation, HistoryFormat wanted) {
  const std::set<std::string_view> applied = AppliedNames(observation);
  for (const ComparedState& state : observation.compared) {
    if (Fits(state, observation, applied, wanted)) return PlanOf(state, wanted);
  }
  const std::string strategy = wanted == HistoryFormat::kRelease ? "release" : "development";
  return Refusal{
      ErrorCode::kOtherStrategy,
      "the rows cannot be converted as they are: the catalog is not that of the state "
      "that they speak of",
      NearestStates(observation),
      {"let a deploy run what is missing and convert: ballast deploy --strategy " + strategy}};
}

}  // namespace ballast::plan
