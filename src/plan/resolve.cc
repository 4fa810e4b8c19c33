// SPDX-License-Identifier: Apache-2.0
#include "plan/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "base/nearest_name.h"
#include "base/text.h"
#include "plan/failed_migrations.h"
#include "plan/other_project.h"
#include "release/package.h"

namespace ballast::plan {
namespace {

constexpr char kWholeName[] = "(example: \"20201207184859_initial_migration\")";

// Rows and migrations by name, because there can be many.
struct ByName {
  ByName(const ResolvableMigrations& project, const Observation& observation) {
    for (const auto* list : {&project.history, &project.package}) {
      for (const release::Migration& migration : *list) {
        migrations.emplace(migration.name, &migration);
      }
    }
    for (const MigrationRow& row : observation.rows) rows[row.name].push_back(&row);
  }

  std::string Suggestion(const std::string& name) const {
    std::vector<std::string> names;
    for (const auto& [known, migration] : migrations) names.emplace_back(known);
    const std::string nearest = NearestName(name, names);
    if (!nearest.empty()) return "did you mean '" + nearest + "'?";
    if (names.empty()) return "the project has no migrations";
    constexpr size_t kNamed = 3;
    const size_t first = names.size() - std::min(names.size(), kNamed);
    names.erase(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(first));
    return fmt::format("the last migrations of the project are {}", Join(names, ", "));
  }

  std::map<std::string_view, const release::Migration*> migrations;  // the first of each name
  std::map<std::string_view, std::vector<const MigrationRow*>> rows;
};

Status AddApplied(const std::string& name, ByName& known, Resolution& resolution) {
  const auto found = known.migrations.find(name);
  const release::Migration* migration = found == known.migrations.end() ? nullptr : found->second;
  if (migration == nullptr || !migration->script) {
    return MakeError(ErrorCode::kMigrationNotFound,
                     fmt::format("The migration {} could not be found. Please make sure that the "
                                 "migration exists, and that you included the whole name of the "
                                 "directory. {}",
                                 name, kWholeName),
                     known.Suggestion(name));
  }
  bool open = false;
  for (const MigrationRow* row : known.rows[name]) {
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

Status AddRolledBack(const std::string& name, ByName& known, Resolution& resolution) {
  const std::vector<const MigrationRow*>& rows = known.rows[name];
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

// Replaces patterns by the names that they match; a name without * and ? is taken literally.
std::vector<std::string> Expand(const std::vector<std::string>& patterns,
                                const std::vector<std::string>& names) {
  std::vector<std::string> expanded;
  for (const std::string& pattern : patterns) {
    if (pattern.find_first_of("*?") == std::string::npos) {
      expanded.push_back(pattern);
      continue;
    }
    std::copy_if(names.begin(), names.end(), std::back_inserter(expanded),
                 [&](const std::string& name) { return MatchesGlob(pattern, name); });
  }
  return expanded;
}

// Whether the rows of the database are those of the release strategy; without rows, whether that
// strategy is selected.
Result<bool> IsOfRelease(const ResolvableMigrations& migrations, const Observation& observation) {
  if (HasLiveRows(observation)) return IsApplied(observation, release::kBaselineName);
  if (!migrations.strategy) return migrations.strategy.error();
  return *migrations.strategy == Strategy::kRelease;
}

// The names that a pattern for applied migrations can match: those without a row, and only those of
// the strategy to which the database's rows belong, or, without rows, of the selected strategy.
Result<std::vector<std::string>> NamesForPatterns(const ResolvableMigrations& migrations,
                                                  const Observation& observation) {
  TRY_ASSIGN(const bool release, IsOfRelease(migrations, observation));
  const std::set<std::string_view> applied = AppliedNames(observation);
  std::vector<std::string> names;
  for (const release::Migration& migration : release ? migrations.package : migrations.history) {
    if (!applied.contains(migration.name)) names.push_back(migration.name);
  }
  return names;
}

// Whether the database records the release of the package, rather than another one.
bool IsOfPackage(const ResolvableMigrations& migrations, const Observation& observation) {
  if (migrations.package.empty()) return false;
  const std::string& checksum = migrations.package.front().checksum;
  return std::ranges::any_of(observation.rows, [&](const MigrationRow& row) {
    return row.name == release::kBaselineName && !row.rolled_back && row.checksum == checksum;
  });
}

// A release is recorded with one row for all that it covers. Rows of both strategies describe no
// state.
Status CheckFormat(const std::vector<std::string>& names, const ResolvableMigrations& migrations,
                   const Observation& observation) {
  if (!HasLiveRows(observation)) return {};
  const bool release = IsApplied(observation, release::kBaselineName);
  const bool of_package = IsOfPackage(migrations, observation);
  for (const std::string& name : names) {
    if (name == release::kBaselineName && !release) {
      return MakeError(
          ErrorCode::kOtherStrategy,
          "0_baseline records a release, and the database has rows of the development or history "
          "strategy",
          "convert them: ballast resolve --all-covered --strategy release");
    }
    const bool is_covered = of_package && Covers(migrations.of_package, name);
    if (!is_covered || IsApplied(observation, name)) continue;
    return MakeError(
        ErrorCode::kOtherStrategy,
        fmt::format("{} has no row because the row of the release, 0_baseline, covers it", name),
        "to have a row for each migration: ballast resolve --all-covered --strategy history");
  }
  return {};
}

// Without rows there is nothing to convert, and the row of a release says that the catalog is
// proven.
Status CheckCoveredByRelease(const ResolutionRequest& request,
                             const ResolvableMigrations& migrations,
                             const Observation& observation) {
  if (!request.all_covered || HasLiveRows(observation)) return {};
  TRY_ASSIGN(const bool release, IsOfRelease(migrations, observation));
  if (!release) return {};
  return MakeError(
      ErrorCode::kOtherStrategy,
      "the database has no rows, and --all-covered writes those of a release only in the place of "
      "others",
      "to compare the database with the release and record it: ballast deploy --adopt --strategy "
      "release");
}

bool HasRowsToKeep(const ResolutionRequest& request, const Observation& observation) {
  return request.all_covered && request.only_converts && HasLiveRows(observation);
}

Result<std::vector<std::string>> NamesToApply(const ResolutionRequest& request,
                                              const ResolvableMigrations& migrations,
                                              const Observation& observation) {
  TRY_ASSIGN(const std::vector<std::string> names, NamesForPatterns(migrations, observation));
  std::vector<std::string> applied = Expand(request.applied, names);
  std::set<std::string> seen;
  std::erase_if(applied, [&](const std::string& name) { return !seen.insert(name).second; });
  if (!request.all_covered) return applied;
  if (!migrations.covered) {
    return MakeError(ErrorCode::kBaselineStale,
                     "--all-covered needs a development baseline or a release package, and there "
                     "is none",
                     "create one: ballast baseline create");
  }
  TRY_ASSIGN(const bool release, IsOfRelease(migrations, observation));
  const std::set<std::string_view> recorded = AppliedNames(observation);
  std::erase_if(applied, [&](const std::string& name) { return recorded.contains(name); });
  if (HasRowsToKeep(request, observation)) return applied;
  if (release && recorded.contains(release::kBaselineName)) return applied;  // its row covers them
  for (const release::CoveredMigration& covered : *migrations.covered) {
    if (!recorded.contains(covered.name) && seen.insert(covered.name).second) {
      applied.push_back(covered.name);
    }
  }
  return applied;
}

std::vector<std::string> FailedNames(const Observation& observation) {
  std::vector<std::string> names;
  for (const MigrationRow& row : observation.rows) {
    if (row.Failed()) names.push_back(row.name);
  }
  return names;
}

}  // namespace

Result<bool> NeedsConversion(const ResolutionRequest& request,
                             const ResolvableMigrations& migrations,
                             const Observation& observation) {
  if (!request.all_covered) return false;
  if (!migrations.strategy) return migrations.strategy.error();
  return IsRecordedByOtherStrategy(observation, FormatOf(*migrations.strategy));
}

Result<ResolutionDecision> DecideResolution(const ResolutionRequest& request,
                                            const ResolvableMigrations& migrations,
                                            const Observation& observation) {
  TRY_ASSIGN(const bool converts, NeedsConversion(request, migrations, observation));
  if (converts) {
    const HistoryFormat format = FormatOf(*migrations.strategy);
    const bool to_release = format == HistoryFormat::kRelease;
    auto other = to_release
                     ? RefuseOtherRows(migrations.history, migrations.of_package, observation)
                     : std::nullopt;
    if (other && FailedRows(observation).empty()) {
      return ResolutionDecision(RowConversion{format, *std::move(other), {}});
    }
    return ResolutionDecision(SwitchStrategy(observation, *migrations.strategy));
  }
  TRY(CheckCoveredByRelease(request, migrations, observation));
  Resolution resolution;
  resolution.has_its_rows = HasRowsToKeep(request, observation);
  if (resolution.has_its_rows && !FailedRows(observation).empty()) {
    return ResolutionDecision(
        RowConversion{FormatOf(*migrations.strategy), FailedMigrations(observation), {}});
  }
  TRY_ASSIGN(resolution.applied, NamesToApply(request, migrations, observation));
  TRY(CheckFormat(resolution.applied, migrations, observation));
  resolution.rolled_back = Expand(request.rolled_back, FailedNames(observation));
  ByName known(migrations, observation);
  for (const std::string& name : resolution.applied) TRY(AddApplied(name, known, resolution));
  for (const std::string& name : resolution.rolled_back) {
    TRY(AddRolledBack(name, known, resolution));
  }
  return ResolutionDecision(std::move(resolution));
}

}  // namespace ballast::plan
