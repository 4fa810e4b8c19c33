// SPDX-License-Identifier: Apache-2.0
#include "plan/observation.h"

#include <algorithm>

namespace ballast::plan {

const std::string& CurrentSchema(const Observation& observation) {
  const std::string& other = observation.other_current_schema;
  return other.empty() ? observation.schema : other;
}

std::vector<MigrationRow> FailedRows(const Observation& observation) {
  std::vector<MigrationRow> failed;
  std::copy_if(observation.rows.begin(), observation.rows.end(), std::back_inserter(failed),
               [](const MigrationRow& row) { return row.Failed(); });
  return failed;
}

bool HasLiveRows(const Observation& observation) {
  return std::any_of(observation.rows.begin(), observation.rows.end(),
                     [](const MigrationRow& row) { return row.CountsAsApplied(); });
}

bool EqualsKnownState(const Observation& observation) {
  return std::any_of(observation.compared.begin(), observation.compared.end(),
                     [](const ComparedState& state) { return state.equal && !state.schema_only; });
}

std::set<std::string_view> AppliedNames(const Observation& observation) {
  std::set<std::string_view> names;
  for (const MigrationRow& row : observation.rows) {
    if (row.CountsAsApplied()) names.insert(row.name);
  }
  return names;
}

bool IsApplied(const Observation& observation, std::string_view name) {
  return AppliedRow(observation, name) != nullptr;
}

const MigrationRow* AppliedRow(const Observation& observation, std::string_view name) {
  const auto row =
      std::find_if(observation.rows.begin(), observation.rows.end(),
                   [&](const MigrationRow& r) { return r.name == name && r.CountsAsApplied(); });
  return row == observation.rows.end() ? nullptr : &*row;
}

}  // namespace ballast::plan
