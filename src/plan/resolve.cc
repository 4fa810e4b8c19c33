#include "plan/resolve.h"

#include <fmt/format.h>

#include <algorithm>

namespace ballast::plan {
namespace {

constexpr char kWholeName[] = "(example: \"20201207184859_initial_migration\")";

std::vector<const MigrationRow*> RowsNamed(const Observation& observation,
                                           const std::string& name) {
  std::vector<const MigrationRow*> rows;
  for (const MigrationRow& row : observation.rows) {
    if (row.name == name) rows.push_back(&row);
  }
  return rows;
}

Status AddApplied(const std::string& name, const std::vector<release::Migration>& on_disk,
                  const Observation& observation, Resolution& resolution) {
  const auto migration =
      std::find_if(on_disk.begin(), on_disk.end(), [&](const auto& m) { return m.name == name; });
  if (migration == on_disk.end() || !migration->script) {
    return MakeError(ErrorCode::kMigrationNotFound,
                     fmt::format("The migration {} could not be found. Please make sure that the "
                                 "migration exists, and that you included the whole name of the "
                                 "directory. {}",
                                 name, kWholeName),
                     "ballast status lists the names");
  }
  bool open = false;
  for (const MigrationRow* row : RowsNamed(observation, name)) {
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

Status AddRolledBack(const std::string& name, const Observation& observation,
                     Resolution& resolution) {
  const std::vector<const MigrationRow*> rows = RowsNamed(observation, name);
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

Result<Resolution> DecideResolution(const ResolutionWish& wish,
                                    const std::vector<release::Migration>& on_disk,
                                    const Observation& observation) {
  Resolution resolution;
  for (const std::string& name : wish.applied) {
    TRY(AddApplied(name, on_disk, observation, resolution));
  }
  for (const std::string& name : wish.rolled_back) {
    TRY(AddRolledBack(name, observation, resolution));
  }
  return resolution;
}

}  // namespace ballast::plan
