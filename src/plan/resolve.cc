// SPDX-License-Identifier: Apache-2.0
#include "plan/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/nearest_name.h"

namespace ballast::plan {
namespace {

constexpr char kWholeName[] = "(example: \"20201207184859_initial_migration\")";

// Rows and migrations by name, because there can be many.
struct ByName {
  ByName(const std::vector<release::Migration>& on_disk, const Observation& observation) {
    for (const release::Migration& migration : on_disk) {
      migrations.emplace(migration.name, &migration);
    }
    for (const MigrationRow& row : observation.rows) rows[row.name].push_back(&row);
  }

  std::string Suggestion(const std::string& name) const {
    std::vector<std::string> names;
    for (const auto& [known, migration] : migrations) names.emplace_back(known);
    const std::string nearest = NearestName(name, names);
    return nearest.empty() ? "ballast status lists the names" : "did you mean '" + nearest + "'?";
  }

  std::map<std::string_view, const release::Migration*> migrations;  // the first of each name
  std::map<std::string_view, std::vector<const MigrationRow*>> rows;
};

Status AddApplied(const std::string& name, ByName& there, Resolution& resolution) {
  const auto found = there.migrations.find(name);
  const release::Migration* migration = found == there.migrations.end() ? nullptr : found->second;
  if (migration == nullptr || !migration->script) {
    return MakeError(ErrorCode::kMigrationNotFound,
                     fmt::format("The migration {} could not be found. Please make sure that the "
                                 "migration exists, and that you included the whole name of the "
                                 "directory. {}",
                                 name, kWholeName),
                     there.Suggestion(name));
  }
  bool open = false;
  for (const MigrationRow* row : there.rows[name]) {
    if (row->finished) {
      return MakeError(
          ErrorCode::kAlreadyApplied,
          fmt::format("The migration `{}` is already recorded as applied in the database.", name));
    }
    open = open || row->Failed();
  }
  if (open) resolution.close.push_back(name);
  resolution.mark.push_back({migration->name, migration->checksum});
  return {};
}

Status AddRolledBack(const std::string& name, ByName& there, Resolution& resolution) {
  const std::vector<const MigrationRow*>& rows = there.rows[name];
  if (rows.empty()) {
    return MakeError(
        ErrorCode::kNeverApplied,
        fmt::format("Migration `{}` cannot be rolled back because it was never applied to the "
                    "database. Hint: did you pass in the whole migration name? {}",
                    name, kWholeName));
  }
  if (std::all_of(rows.begin(), rows.end(), [](const auto* row) { return row->finished; })) {
    return MakeError(
        ErrorCode::kNotFailed,
        fmt::format("Migration `{}` cannot be rolled back because it is not in a failed state.",
                    name));
  }
  resolution.close.push_back(name);
  return {};
}

}  // namespace

Result<Resolution> DecideResolution(const ResolutionRequest& overrides,
                                    const std::vector<release::Migration>& on_disk,
                                    const Observation& observation) {
  ByName there(on_disk, observation);
  Resolution resolution;
  for (const std::string& name : overrides.applied) {
    TRY(AddApplied(name, there, resolution));
  }
  for (const std::string& name : overrides.rolled_back) {
    TRY(AddRolledBack(name, there, resolution));
  }
  return resolution;
}

}  // namespace ballast::plan
