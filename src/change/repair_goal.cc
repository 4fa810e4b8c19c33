// SPDX-License-Identifier: Apache-2.0
#include "change/repair_goal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "assess/live_state.h"
#include "base/text.h"
#include "plan/follow_squash.h"
#include "release/coverage.h"
#include "release/package.h"

namespace ballast::change {
namespace {

Error NoGoal() {
  return MakeError(ErrorCode::kAdoptRefused,
                   "the project has no proven state to restore the database to",
                   "make one: ballast release create, or ballast baseline create");
}

Error NotHere(const std::string& name) {
  return MakeError(ErrorCode::kNoRollback,
                   "the scripts that make " + name + " are not in this project or its package");
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

// The migrations of the project that the table has as applied; empty if it also has others.
std::optional<std::vector<release::Migration>> AppliedMigrations(
    const std::vector<release::Migration>& known, const plan::Observation& observation) {
  const std::set<std::string_view> applied = plan::AppliedNames(observation);
  std::vector<release::Migration> found;
  for (const release::Migration& migration : known) {
    if (applied.contains(migration.name)) found.push_back(migration);
  }
  if (found.size() != applied.size()) return std::nullopt;
  return found;
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
  goal.version = state.state.version;
  TRY_ASSIGN(goal.scripts.setup_script, project::SetupScriptOf(*project.context));
  goal.proven = state.state.record.catalog;
  goal.vocabulary = state.state.record.scope.vocabulary;
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
  goal.scripts.migrations = *std::move(scripts);
  return goal;
}

Result<RepairGoal> GoalByRows(project::LoadedProject& project,
                              const plan::Observation& observation) {
  const plan::Intent& intent = *project.intent;
  TRY_ASSIGN(const std::vector<assess::ProvenState> states,
             assess::ProvenStatesOf(intent, project.artifacts));
  const bool has_rows = plan::HasLiveRows(observation);
  if (has_rows) {
    if (const assess::ProvenState* state = assess::StateByRows(states, observation)) {
      TRY_ASSIGN(RepairGoal goal, GoalOfState(*state, project));
      if (plan::AppliedRow(observation, release::kBaselineName) == nullptr) {
        KeepHistoryRows(*state, goal);
      }
      return goal;
    }
  }
  TRY_ASSIGN(std::string setup, project::SetupScriptOf(*project.context));
  if (const auto* history = std::get_if<plan::FollowHistory>(&intent)) {
    const assess::ProvenState* end =
        has_rows || plan::ProvenEnd(intent) == nullptr ? nullptr : StateOfEnd(states, intent);
    if (end != nullptr) {
      TRY_ASSIGN(RepairGoal goal, GoalOfState(*end, project));
      KeepHistoryRows(*end, goal);
      return goal;
    }
    if (!has_rows || plan::AppliedRow(observation, release::kBaselineName) != nullptr) {
      return GoalOfHistory(history->migrations, std::move(setup));
    }
    if (plan::HasRowsOfSquashed(*history, observation)) {
      if (auto goal = GoalOfSingleMigrations(*history, observation, setup)) return *std::move(goal);
      return NoGoal();
    }
    if (auto applied = AppliedMigrations(history->migrations, observation)) {
      return GoalOfHistory(*std::move(applied), std::move(setup));
    }
    return NoGoal();
  }
  const bool unknown = plan::AppliedRow(observation, release::kBaselineName) != nullptr;
  if (has_rows && !unknown) {
    TRY_ASSIGN(const auto here, project::CoveredMigrations(project.artifacts));
    if (auto applied = AppliedMigrations(here, observation)) {
      return GoalOfHistory(*std::move(applied), std::move(setup));
    }
    return NoGoal();
  }
  const assess::ProvenState* end = StateOfEnd(states, intent);
  if (end == nullptr) return NoGoal();
  return GoalOfState(*end, project);
}

Result<proof::GoalState> MakeGoal(const RepairGoal& goal, scratch::ScratchServer& server,
                                  Progress& progress) {
  TRY_ASSIGN(proof::GoalState made, proof::MakeGoalState(server, goal.scripts, progress));
  if (goal.proven.empty() || made.record.catalog == goal.proven) return made;
  if (goal.vocabulary != catalog::kVocabulary) return made;
  return MakeError(
      ErrorCode::kProofFailed,
      "the available scripts do not create the database that was proven for " + goal.scripts.name);
}

}  // namespace ballast::change
