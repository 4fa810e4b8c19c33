// SPDX-License-Identifier: Apache-2.0
#include "change/repair_goal.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "assess/live_state.h"
#include "base/text.h"
#include "plan/follow_squash.h"
#include "plan/steps.h"
#include "release/coverage.h"
#include "release/package.h"
#include "sql/cluster_changes.h"
#include "sql/row_changes.h"

namespace ballast::change {
namespace {

Error NoGoal() {
  return MakeError(ErrorCode::kAdoptRefused,
                   "the project has no proven state to restore the database to",
                   "create one: ballast release create, or ballast baseline create");
}

Error NotHere(const std::string& name) {
  return MakeError(ErrorCode::kNoRollback,
                   "the scripts that create " + name + " are not in this project or its package",
                   "check out the branch that has them, or pass the package of that release: "
                   "--package");
}

const assess::ProvenState* StateOfEnd(const std::vector<assess::ProvenState>& states,
                                      const plan::Intent& intent) {
  const release::FingerprintRecord* end = plan::ProvenEnd(intent);
  for (const assess::ProvenState& state : states) {
    if (state.state.schema_only) continue;
    if (end == nullptr || state.state.record.catalog == end->catalog) return &state;
  }
  return nullptr;
}

// The migrations of a coverage, if they exist here with the same scripts.
std::optional<std::vector<release::Migration>> ScriptsOf(
    const release::Coverage& coverage, const std::vector<release::Migration>& here) {
  std::map<std::string_view, const release::Migration*> by_name;
  for (const release::Migration& migration : here) by_name[migration.name] = &migration;
  std::vector<release::Migration> scripts;
  for (const release::CoveredMigration& expected : coverage) {
    const auto found = by_name.find(expected.name);
    if (found == by_name.end() || found->second->checksum != expected.checksum) return std::nullopt;
    scripts.push_back(*found->second);
  }
  return scripts;
}

// The hotfixes of an earlier release (`run`) that this history has, perhaps under other names. They
// ran after everything that the release covers.
void AddMergedHotfixes(const release::Coverage& run, const std::vector<release::Migration>& here,
                       std::vector<release::Migration>& scripts) {
  std::set<std::string_view> known;
  for (const release::Migration& migration : scripts) known.insert(migration.name);
  std::vector<release::Migration> merged;
  for (const release::Migration& migration : here) {
    const bool is_hotfix = std::ranges::any_of(run, [&](const release::CoveredMigration& row) {
      return row.name != release::kBaselineName &&
             (row.name == migration.name || row.checksum == migration.checksum);
    });
    if (is_hotfix && !known.contains(migration.name)) merged.push_back(migration);
  }
  std::move(merged.begin(), merged.end(), std::back_inserter(scripts));
}

const plan::ApplyRelease* ReleaseOf(const plan::Intent& intent) {
  if (const auto* release = std::get_if<plan::ApplyRelease>(&intent)) return release;
  const auto& history = std::get<plan::FollowHistory>(intent);
  return history.release ? &*history.release : nullptr;
}

// The baseline of the package, and the hotfixes of the state.
bool IsOfPackage(const plan::ApplyRelease& release, const plan::ComparedState& state) {
  return !state.run.empty() && state.run.front().checksum == release.baseline.checksum;
}

void UsePackage(const plan::ApplyRelease& release, const plan::ComparedState& state,
                RepairGoal& goal) {
  goal.scripts.baseline = release.baseline.script.TextOrEmpty();
  goal.scripts.known_rows = release.rows;
  const std::set<std::string_view> run = release::CoveredNames(state.run);
  for (const release::Migration& hotfix : release.hotfixes) {
    if (run.contains(hotfix.name)) goal.scripts.migrations.push_back(hotfix);
  }
}

// A database with a row per migration keeps such rows: a repair does not change the strategy.
void KeepHistoryRows(const assess::ProvenState& state, RepairGoal& goal) {
  goal.rows.run.clear();
  goal.rows.resolved = state.state.covers;
}

}  // namespace

release::Coverage RunBy(const RepairGoal& state) {
  release::Coverage run = state.covers;
  const release::Coverage scripts = release::CoverageOf(state.scripts.migrations);
  for (const release::Coverage* more : {&state.rows.run, &state.rows.resolved, &scripts}) {
    run.insert(run.end(), more->begin(), more->end());
  }
  return run;
}

std::vector<release::Migration> UnsquashedHistory(const plan::FollowHistory& history) {
  if (!history.squash) return history.migrations;
  std::vector<release::Migration> single = history.squash->history;
  for (const release::Migration& migration : history.migrations) {
    if (migration.name != history.squash->record.name) single.push_back(migration);
  }
  return single;
}

bool HasRun(const plan::FollowHistory& history, const plan::Observation& observation,
            std::string_view migration) {
  if (plan::IsApplied(observation, migration)) return true;
  if (!history.squash) return false;
  const release::Squash& squash = history.squash->record;
  if (plan::IsApplied(observation, squash.name) &&
      release::CoveredNames(squash.baseline.coverage).contains(migration)) {
    return true;
  }
  return std::any_of(squash.earlier.begin(), squash.earlier.end(), [&](const auto& earlier) {
    return plan::IsApplied(observation, earlier.name) &&
           std::find(earlier.covers.begin(), earlier.covers.end(), migration) !=
               earlier.covers.end();
  });
}

RepairGoal GoalOfHistory(std::vector<release::Migration> migrations, std::string setup_script) {
  RepairGoal goal;
  goal.scripts.name =
      migrations.empty() ? "the empty history" : "the history up to " + migrations.back().name;
  goal.rows.resolved = release::CoverageOf(migrations);
  goal.scripts.migrations = std::move(migrations);
  goal.scripts.setup_script = std::move(setup_script);
  return goal;
}

std::optional<RepairGoal> GoalOfSingleMigrations(const plan::FollowHistory& history,
                                                 const plan::Observation& observation,
                                                 const std::string& setup_script) {
  std::vector<release::Migration> ran;
  for (release::Migration& migration : UnsquashedHistory(history)) {
    if (HasRun(history, observation, migration.name)) ran.push_back(std::move(migration));
  }
  release::Coverage known = release::CoverageOf(history.migrations);
  const release::Coverage replaced = plan::SquashedNames(history);
  known.insert(known.end(), replaced.begin(), replaced.end());
  release::Coverage rows;
  for (const release::CoveredMigration& migration : known) {
    if (plan::IsApplied(observation, migration.name)) rows.push_back(migration);
  }
  if (ran.empty() || rows.size() != plan::AppliedNames(observation).size()) return std::nullopt;
  RepairGoal goal = GoalOfHistory(std::move(ran), setup_script);
  goal.rows.resolved = std::move(rows);
  return goal;
}

Result<RepairGoal> GoalOfState(const assess::ProvenState& state,
                               const project::LoadedProject& project) {
  const project::Artifacts& artifacts = project.artifacts;
  RepairGoal goal;
  goal.scripts.name = state.state.name;
  goal.scripts.asked = catalog::EverythingAnd(state.state.record.scope);
  goal.version = state.state.version;
  TRY_ASSIGN(goal.scripts.setup_script, project::SetupScriptOf(*project.context));
  goal.proven = state.state.record.catalog;
  goal.vocabulary = state.state.record.scope.vocabulary;
  goal.snapshot = state.snapshot;
  if (state.snapshot) goal.scripts.dated = catalog::DatedPartitionsOf(*state.snapshot);
  goal.rows.run = state.state.run;
  goal.rows.resolved = state.state.resolved;
  goal.covers = state.state.covers;
  const plan::ApplyRelease* release = ReleaseOf(*project.intent);
  if (release != nullptr && IsOfPackage(*release, state.state)) {
    UsePackage(*release, state.state, goal);
    return goal;
  }
  if (state.state.run.empty() && artifacts.baseline) {
    goal.scripts.baseline = artifacts.baseline_script;
    goal.scripts.known_rows = artifacts.baseline->rows;
    return goal;
  }
  TRY_ASSIGN(const std::vector<release::Migration> here, project::CoveredMigrations(artifacts));
  auto scripts = ScriptsOf(state.state.covers, here);
  if (!scripts) return NotHere(state.state.name);
  AddMergedHotfixes(state.state.run, here, *scripts);
  goal.scripts.migrations = *std::move(scripts);
  return goal;
}

namespace {

using Squash = std::optional<plan::SquashedHistory>;

Result<Squash> SquashOf(const project::LoadedProject& project) {
  const auto* history = std::get_if<plan::FollowHistory>(&*project.intent);
  if (history != nullptr) return history->squash;
  return project::ReadSquashedHistory(*project.context);
}

// The migrations whose scripts the project has: what a squash has replaced, those of its package,
// its hotfixes and its history.
Result<std::vector<release::Migration>> KnownScripts(const project::LoadedProject& project,
                                                     const Squash& squash) {
  std::vector<release::Migration> all;
  const auto add = [&](const std::vector<release::Migration>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  if (squash) add(squash->history);
  const project::Artifacts& artifacts = project.artifacts;
  if (artifacts.package && !artifacts.package_error) {
    TRY_ASSIGN(const std::vector<release::Migration> covered,
               project::CoveredMigrations(artifacts));
    add(covered);
    add(artifacts.package->Hotfixes());
  }
  const auto* history = std::get_if<plan::FollowHistory>(&*project.intent);
  if (history != nullptr) add(history->migrations);
  return all;
}

// Of those that the goal includes.
Result<std::vector<std::string>> RowChangesIn(const RepairGoal& goal,
                                              const project::LoadedProject& project) {
  TRY_ASSIGN(const Squash squash, SquashOf(project));
  const release::Coverage run = plan::Unsquashed(squash, RunBy(goal));
  std::set<std::string_view> included = release::CoveredNames(run);
  included.erase(release::kBaselineName);
  TRY_ASSIGN(const std::vector<release::Migration> known, KnownScripts(project, squash));
  std::vector<std::string> names;
  for (const release::Migration& migration : known) {
    if (included.erase(migration.name) == 0) continue;
    const std::string_view script = migration.script.TextOrEmpty();
    if (sql::DependsOnRows(script) || sql::ChangesCluster(script)) names.push_back(migration.name);
  }
  return names;
}

// The state in which a deploy ends.
Result<RepairGoal> StateOfDeploy(const std::vector<assess::ProvenState>& states,
                                 const project::LoadedProject& project) {
  const plan::Intent& intent = *project.intent;
  const auto* history = std::get_if<plan::FollowHistory>(&intent);
  const bool proven = history == nullptr || plan::ProvenEnd(intent) != nullptr;
  const assess::ProvenState* end = proven ? StateOfEnd(states, intent) : nullptr;
  if (end == nullptr) {
    if (history == nullptr) return NoGoal();
    TRY_ASSIGN(std::string setup, project::SetupScriptOf(*project.context));
    return GoalOfHistory(history->migrations, std::move(setup));
  }
  TRY_ASSIGN(RepairGoal goal, GoalOfState(*end, project));
  if (history != nullptr) KeepHistoryRows(*end, goal);
  return goal;
}

// The same, for a database whose rows do not show what has run.
Result<RepairGoal> GoalOfEnd(const std::vector<assess::ProvenState>& states,
                             const project::LoadedProject& project) {
  TRY_ASSIGN(RepairGoal goal, StateOfDeploy(states, project));
  TRY_ASSIGN(goal.unrecorded, RowChangesIn(goal, project));
  return goal;
}

std::vector<const assess::ProvenState*> StatesOfBaseline(
    const std::vector<assess::ProvenState>& states, const std::string& checksum) {
  std::vector<const assess::ProvenState*> found;
  for (const assess::ProvenState& state : states) {
    const release::Coverage& run = state.state.run;
    if (!run.empty() && run.front().checksum == checksum) found.push_back(&state);
  }
  return found;
}

// `again`: the command to run with another package.
Error RowsWithUnknown(const plan::Observation& observation, const std::string& again) {
  return MakeError(
      ErrorCode::kAdoptRefused,
      fmt::format("the database has the row of a release that the project does not know, and {}, "
                  "so its state cannot be determined",
                  Counted(plan::AppliedNames(observation).size() - 1, "row") + " of migrations"),
      "use the package of its release: " + again + " --package PATH");
}

Error LacksHotfixes(const plan::ComparedState& state, const std::set<std::string_view>& applied,
                    const std::string& again) {
  std::vector<std::string> missing;
  for (const release::CoveredMigration& row : state.run) {
    if (!applied.contains(row.name)) missing.push_back(row.name);
  }
  return MakeError(
      ErrorCode::kAdoptRefused,
      fmt::format("the state of the database cannot be determined: the package knows its release "
                  "only as {}, and the database lacks the rows of {}",
                  state.name, JoinSome(missing)),
      "use the package of its release: " + again + " --package PATH");
}

Error ScriptsNotHere(const std::vector<std::string>& names, const std::string& again) {
  return MakeError(
      ErrorCode::kAdoptRefused,
      fmt::format("the state of the database cannot be determined: the {} of {} {} not in this "
                  "project or its package",
                  names.size() == 1 ? "script" : "scripts", JoinSome(names),
                  names.size() == 1 ? "is" : "are"),
      "use the version of the project that has " + std::string(names.size() == 1 ? "it" : "them") +
          ", or its package: " + again + " --package PATH");
}

// Those that can run after a release; of equal names, the last one counts.
Result<std::vector<release::Migration>> ScriptsAfterReleases(
    const project::LoadedProject& project) {
  TRY_ASSIGN(std::vector<release::Migration> all, project::CoveredMigrations(project.artifacts));
  const auto add = [&](const std::vector<release::Migration>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  add(project.artifacts.package->Hotfixes());
  if (const auto* history = std::get_if<plan::FollowHistory>(&*project.intent)) {
    add(history->migrations);
  }
  return all;
}

// Runs them after the state of the goal. What it covers has run already.
void AddMigrations(std::vector<release::Migration> later, RepairGoal& goal) {
  goal.scripts.name += later.size() == 1 ? " and " + later.back().name
                                         : " and the " + Counted(later.size(), "migration") +
                                               " up to " + later.back().name;
  goal.version.clear();
  goal.proven.clear();
  for (release::Migration& migration : later) {
    goal.rows.resolved.push_back({migration.name, migration.checksum});
    if (release::Covers(goal.covers, migration.name)) continue;
    goal.covers.push_back({migration.name, migration.checksum});
    goal.scripts.migrations.push_back(std::move(migration));
  }
}

// The history of the migrations that the table has as applied.
Result<RepairGoal> GoalOfMigrations(const std::vector<release::Migration>& known,
                                    const plan::Observation& observation, std::string setup,
                                    const std::string& again) {
  std::set<std::string_view> applied = plan::AppliedNames(observation);
  std::vector<release::Migration> run;
  for (const release::Migration& migration : known) {
    if (applied.erase(migration.name) > 0) run.push_back(migration);
  }
  if (!applied.empty()) return ScriptsNotHere({applied.begin(), applied.end()}, again);
  return GoalOfHistory(std::move(run), std::move(setup));
}

// A part of an upgrade has run, or some of the hotfixes, or `resolve --applied` has added rows: the
// state of the release, and of just these migrations. `own`: the states with its baseline.
Result<RepairGoal> GoalSinceRelease(const std::vector<const assess::ProvenState*>& own,
                                    const project::LoadedProject& project,
                                    const plan::Observation& observation,
                                    const std::string& again) {
  std::set<std::string_view> later = plan::AppliedNames(observation);
  const assess::ProvenState* since = nullptr;  // with the most of its hotfixes
  for (const assess::ProvenState* state : own) {
    if (!release::AreAmong(state->state.run, later)) continue;
    if (since == nullptr || state->state.run.size() > since->state.run.size()) since = state;
  }
  if (since == nullptr) return LacksHotfixes(own.front()->state, later, again);
  TRY_ASSIGN(RepairGoal goal, GoalOfState(*since, project));
  for (const release::CoveredMigration& row : since->state.run) later.erase(row.name);
  TRY_ASSIGN(const std::vector<release::Migration> scripts, ScriptsAfterReleases(project));
  std::map<std::string_view, const release::Migration*> by_name;
  for (const release::Migration& migration : scripts) by_name[migration.name] = &migration;
  std::vector<std::string> unknown;
  std::vector<release::Migration> run;
  for (const std::string_view name : later) {
    const auto found = by_name.find(name);
    if (found == by_name.end()) {
      unknown.emplace_back(name);
    } else {
      run.push_back(*found->second);
    }
  }
  if (!unknown.empty()) return ScriptsNotHere(unknown, again);
  release::SortMigrations(run);
  AddMigrations(std::move(run), goal);
  return goal;
}

}  // namespace

bool KnowsRelease(const plan::Intent& intent, const std::vector<assess::ProvenState>& states,
                  const plan::Observation& observation) {
  const plan::MigrationRow* row = plan::RowOfRelease(intent, observation);
  return row == nullptr || !StatesOfBaseline(states, row->checksum).empty();
}

namespace {

Result<RepairGoal> FindGoal(project::LoadedProject& project, const plan::Observation& observation,
                            const std::string& again) {
  const plan::Intent& intent = *project.intent;
  TRY_ASSIGN(const std::vector<assess::ProvenState> states,
             assess::ProvenStatesOf(intent, project.artifacts));
  if (!plan::HasLiveRows(observation)) return GoalOfEnd(states, project);
  if (const assess::ProvenState* state = assess::StateByRows(states, observation)) {
    TRY_ASSIGN(RepairGoal goal, GoalOfState(*state, project));
    if (plan::AppliedRow(observation, release::kBaselineName) == nullptr) {
      KeepHistoryRows(*state, goal);
    }
    return goal;
  }
  if (const plan::MigrationRow* row = plan::RowOfRelease(intent, observation)) {
    const auto own = StatesOfBaseline(states, row->checksum);
    if (!own.empty()) return GoalSinceRelease(own, project, observation, again);
    if (plan::AppliedNames(observation).size() > 1) return RowsWithUnknown(observation, again);
    return GoalOfEnd(states, project);
  }
  TRY_ASSIGN(std::string setup, project::SetupScriptOf(*project.context));
  const auto* history = std::get_if<plan::FollowHistory>(&intent);
  if (history != nullptr && plan::HasRowsOfSquashed(*history, observation)) {
    if (auto goal = GoalOfSingleMigrations(*history, observation, setup)) return *std::move(goal);
    return NoGoal();
  }
  std::vector<release::Migration> known;
  if (history != nullptr) {
    known = history->migrations;
  } else {
    TRY_ASSIGN(known, project::CoveredMigrations(project.artifacts));
    for (release::Migration& hotfix : project.artifacts.package->Hotfixes()) {
      known.push_back(std::move(hotfix));
    }
  }
  return GoalOfMigrations(known, observation, std::move(setup), again);
}

}  // namespace

Result<RepairGoal> GoalByRows(project::LoadedProject& project, const plan::Observation& observation,
                              const std::string& again) {
  TRY_ASSIGN(RepairGoal goal, FindGoal(project, observation, again));
  if (goal.scripts.dated.empty()) {
    TRY_ASSIGN(goal.scripts.dated, project::DatedPartitionsIn(project.artifacts));
  }
  return goal;
}

Result<proof::GoalState> MakeGoal(const RepairGoal& goal, scratch::ScratchServer& server,
                                  Progress& progress) {
  TRY_ASSIGN(proof::GoalState made, proof::MakeGoalState(server, goal.scripts, progress));
  if (goal.proven.empty() || made.record.catalog == goal.proven) return made;
  if (goal.vocabulary != catalog::kVocabulary) return made;
  // Its migrations ran on another date.
  const bool dated = goal.snapshot && !goal.scripts.dated.empty();
  if (dated && catalog::DiffOnAnyDate(*goal.snapshot, *made.snapshot).empty()) return made;
  return MakeError(
      ErrorCode::kProofFailed,
      "the available scripts do not create the database that was proven for " + goal.scripts.name,
      goal.version.empty() ? "create the baseline again: ballast baseline create"
                           : "check the package: ballast release verify --deep");
}

}  // namespace ballast::change
