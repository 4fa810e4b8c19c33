// SPDX-License-Identifier: Apache-2.0
#include "change/scratch_rollback.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "apply/replay.h"
#include "base/text.h"
#include "difference/difference.h"
#include "plan/follow_squash.h"
#include "project/project_context.h"
#include "proof/script_errors.h"
#include "release/coverage.h"

namespace ballast::change {
namespace {

Error NotProven(const std::string& message) {
  return MakeError(ErrorCode::kNoRollback, message);
}

class ScratchRollback : private proof::RollbackScene {
 public:
  ScratchRollback(const ScratchRollbackQuestion& question, scratch::ScratchServer& server)
      : question_(question), server_(server) {}

  Result<proof::ProvenRollback> Prove() {
    question_.progress.Stage("testing the rollback in a scratch database", 2);
    TRY(Restart());
    TRY_ASSIGN(std::vector<proof::RevertedRename> renames, RenamesSince());
    return proof::ProveRollback({.from = question_.from,
                                 .to = question_.to,
                                 .older = question_.after.model,
                                 .older_snapshot = *question_.after.snapshot,
                                 .migrations = MigrationsSince(),
                                 .renames = std::move(renames),
                                 .scripts = question_.scripts},
                                *this);
  }

 private:
  Result<scratch::ScratchDatabase> Build(const char* hint, const proof::GoalScripts& scripts) {
    TRY_ASSIGN(scratch::ScratchDatabase database, server_.CreateDatabase(hint));
    TRY(proof::BuildGoal(database, scripts, question_.progress));
    return database;
  }
  Result<scratch::ScratchDatabase> BuildNewer() override {
    return Build("back", question_.now.scripts);
  }
  Result<scratch::ScratchDatabase> BuildOlder() override {
    return Build("older", question_.goal.scripts);
  }

  std::vector<std::string> MigrationsSince() const {
    const std::set<std::string_view> kept = NamesOf(question_.goal);
    std::vector<std::string> since;
    if (question_.now.scripts.baseline.empty()) {
      for (const release::Migration& migration : question_.now.scripts.migrations) {
        if (!kept.contains(migration.name)) since.push_back(migration.name);
      }
      return since;
    }
    for (const release::CoveredMigration& migration : question_.now.rows.resolved) {
      if (!kept.contains(migration.name)) since.push_back(migration.name);
    }
    return since;
  }

  // Of its rows and of its scripts, which differ for a squash.
  static std::set<std::string_view> NamesOf(const RepairGoal& goal) {
    std::set<std::string_view> names = release::CoveredNames(goal.rows.resolved);
    for (const release::Migration& migration : goal.scripts.migrations) {
      names.insert(migration.name);
    }
    return names;
  }

  // Of the migrations and hotfixes that the database has and the goal has not, the last one first.
  Result<std::vector<proof::RevertedRename>> RenamesSince() const {
    std::vector<release::Migration> all;
    if (const auto* history = std::get_if<plan::FollowHistory>(&*question_.project.intent)) {
      all = UnsquashedHistory(*history);
    } else {
      TRY_ASSIGN(all, project::CoveredMigrations(question_.project.artifacts));
    }
    for (const release::Migration& migration : question_.now.scripts.migrations) {
      const bool known =
          std::ranges::any_of(all, [&](const auto& one) { return one.name == migration.name; });
      if (!known) all.push_back(migration);
    }
    const std::set<std::string_view> kept = NamesOf(question_.goal);
    const std::set<std::string_view> had = NamesOf(question_.now);
    std::vector<proof::RevertedRename> renames;
    for (const release::Migration& migration : all) {
      const bool ran =
          had.contains(migration.name) || release::Covers(question_.now.covers, migration.name);
      const bool remains =
          kept.contains(migration.name) || release::Covers(question_.goal.covers, migration.name);
      if (!ran || remains) continue;
      const std::vector<proof::RevertedRename> undo = proof::RevertedRenamesOf(migration);
      renames.insert(renames.begin(), undo.begin(), undo.end());
    }
    return renames;
  }

  // The migrations that the database has, before that one. Only histories ask.
  Result<catalog::Database> StateBefore(const std::string& name) override {
    std::vector<release::Migration> before;
    if (const auto* history = std::get_if<plan::FollowHistory>(&*question_.project.intent)) {
      for (release::Migration& migration : UnsquashedHistory(*history)) {
        if (migration.name == name) break;
        if (HasRun(*history, question_.observation, migration.name)) {
          before.push_back(std::move(migration));
        }
      }
    }
    TRY_ASSIGN(std::string setup, project::SetupScriptOf(*question_.project.context));
    const RepairGoal goal = GoalOfHistory(std::move(before), std::move(setup));
    TRY_ASSIGN(proof::GoalState state, MakeGoal(goal, server_, question_.progress));
    return std::move(state.model);
  }

  // As a deploy does: with the migrations. By the difference where they are not available, and for
  // a release with hotfixes or later migrations.
  Status Forward() override {
    const std::string what = "forward again to " + question_.from;
    TRY_ASSIGN(const std::vector<release::Migration> since, ScriptsSince());
    if (since.empty()) return Move(database(), question_.before, what);
    TRY_ASSIGN(postgres::Session fresh, database().Connect());
    SilentProgress silent;
    TRY(apply::Replay(fresh, since, {}, silent));
    return Compare(database(), question_.before, what);
  }

  Result<std::vector<release::Migration>> ScriptsSince() const {
    const bool single = question_.now.scripts.baseline.empty();
    std::set<std::string_view> kept = NamesOf(question_.goal);
    std::vector<release::Migration> all = question_.now.scripts.migrations, since;
    if (!single) {
      if (!question_.now.scripts.migrations.empty()) return since;
      kept.merge(release::CoveredNames(question_.goal.covers));
      TRY_ASSIGN(all, project::CoveredMigrations(question_.project.artifacts));
    }
    for (release::Migration& migration : all) {
      const bool ran = single || release::Covers(question_.now.covers, migration.name);
      if (ran && !kept.contains(migration.name)) since.push_back(std::move(migration));
    }
    return since;
  }

  static Status Move(const scratch::ScratchDatabase& database, const proof::GoalState& to,
                     const std::string& what) {
    difference::Options options;
    TRY_ASSIGN(postgres::Session session, database.Connect());
    options.server_major = session.server_major();
    TRY_ASSIGN(const proof::GoalState here, proof::ReadGoal(database, {}));
    TRY_ASSIGN(const difference::Script script, difference::Diff(here.model, to.model, options));
    for (const std::string& text : difference::TransactionsOf(script)) {
      const postgres::Outcome outcome = session.Run("BEGIN;\n" + text + "COMMIT;\n");
      if (!outcome.error) continue;
      return proof::ScriptRefused(ErrorCode::kNoRollback, "the script " + what, *outcome.error);
    }
    return Compare(database, to, what);
  }

  static Status Compare(const scratch::ScratchDatabase& database, const proof::GoalState& to,
                        const std::string& what) {
    TRY_ASSIGN(const catalog::Snapshot reached, proof::ReadSnapshotOf(database.target(), {}));
    const auto differences = catalog::Diff(*to.snapshot, reached);
    if (differences.empty()) return {};
    Error error = NotProven(
        fmt::format("the script {} leaves {}", what, Counted(differences.size(), "difference")));
    for (std::string& object : catalog::DescribeAll(differences)) {
      error.details.emplace_back("object", std::move(object));
    }
    return error;
  }

  const ScratchRollbackQuestion& question_;
  scratch::ScratchServer& server_;
};

}  // namespace

Result<proof::ProvenRollback> ProveInScratch(const ScratchRollbackQuestion& question,
                                             scratch::ScratchServer& server) {
  return ScratchRollback(question, server).Prove();
}

}  // namespace ballast::change
