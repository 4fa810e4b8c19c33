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
      : proof::RollbackScene(server), question_(question) {}

  Result<proof::ProvenRollback> Prove() {
    question_.progress.Stage("testing the rollback in a scratch database", 2);
    TRY(Restart());
    TRY_ASSIGN(since_, MigrationsSince());
    std::vector<proof::RevertedRename> renames;
    for (const release::Migration& migration : since_) {
      const std::vector<proof::RevertedRename> undo = proof::RevertedRenamesOf(migration);
      renames.insert(renames.begin(), undo.begin(), undo.end());
    }
    catalog::DatedPartitions dated = catalog::DatedPartitionsOf(*question_.before.snapshot);
    dated.Add(catalog::DatedPartitionsOf(*question_.after.snapshot));
    return proof::ProveRollback({.from = question_.from,
                                 .to = question_.to,
                                 .older = question_.after.model,
                                 .older_snapshot = *question_.after.snapshot,
                                 .dated = std::move(dated),
                                 .migrations = since_,
                                 .renames = std::move(renames),
                                 .scripts = question_.scripts},
                                *this);
  }

 private:
  Result<scratch::ScratchDatabase> Build(const char* hint, const proof::GoalScripts& scripts) {
    TRY_ASSIGN(scratch::ScratchDatabase database, server().CreateDatabase(hint));
    TRY(proof::BuildGoal(database, scripts, question_.progress));
    return database;
  }
  Result<scratch::ScratchDatabase> BuildNewer() override {
    return Build("back", question_.now.scripts);
  }
  Result<scratch::ScratchDatabase> BuildOlder() override {
    return Build("older", question_.goal.scripts);
  }

  // Of its rows and of its scripts, which differ for a squash.
  static std::set<std::string_view> NamesOf(const RepairGoal& goal) {
    std::set<std::string_view> names = release::CoveredNames(goal.rows.resolved);
    for (const release::Migration& migration : goal.scripts.migrations) {
      names.insert(migration.name);
    }
    return names;
  }

  // Those whose scripts the project has, in order.
  Result<std::vector<release::Migration>> KnownMigrations() const {
    std::vector<release::Migration> all;
    if (const auto* history = std::get_if<plan::FollowHistory>(&*question_.project.intent)) {
      all = UnsquashedHistory(*history);
    } else {
      TRY_ASSIGN(all, project::CoveredMigrations(question_.project.artifacts));
    }
    Add(question_.now.scripts.migrations, all);
    return all;
  }

  // Those that have not been added yet.
  static void Add(const std::vector<release::Migration>& more,
                  std::vector<release::Migration>& all) {
    for (const release::Migration& migration : more) {
      if (std::ranges::find(all, migration.name, &release::Migration::name) == all.end()) {
        all.push_back(migration);
      }
    }
  }

  // The migrations and hotfixes that the database has and the goal has not, in order; at the end,
  // without a script, those that the project does not have.
  Result<std::vector<release::Migration>> MigrationsSince() const {
    TRY_ASSIGN(std::vector<release::Migration> all, KnownMigrations());
    for (const release::Coverage* names : {&question_.now.covers, &question_.now.rows.resolved}) {
      std::vector<release::Migration> without_script;
      for (const release::CoveredMigration& one : *names) {
        without_script.push_back({one.name, {}, one.checksum});
      }
      Add(without_script, all);
    }
    const std::set<std::string_view> kept = NamesOf(question_.goal);
    const std::set<std::string_view> had = NamesOf(question_.now);
    std::erase_if(all, [&](const release::Migration& migration) {
      const bool ran =
          had.contains(migration.name) || release::Covers(question_.now.covers, migration.name);
      const bool remains =
          kept.contains(migration.name) || release::Covers(question_.goal.covers, migration.name);
      return !ran || remains;
    });
    return all;
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
    TRY_ASSIGN(const scratch::RolesAside aside, server().SetRolesAside());
    TRY_ASSIGN(proof::GoalState state, MakeGoal(goal, server(), question_.progress));
    return std::move(state.model);
  }

  // As a deploy does: with the migrations. By the difference if they are not all available.
  Status Forward() override {
    const std::string what = "forward again to " + question_.from;
    const bool has_all = std::ranges::all_of(
        since_, [](const release::Migration& migration) { return migration.script.has_value(); });
    if (since_.empty() || !has_all) return Move(database(), question_.before, what);
    TRY_ASSIGN(postgres::Session fresh, database().Connect());
    SilentProgress silent;
    TRY(apply::Replay(fresh, since_, {}, silent));
    return Compare(database(), question_.before, what);
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
    TRY_ASSIGN(const catalog::Snapshot reached,
               proof::ReadSnapshotOf(database.target(), catalog::EverythingAnd(*to.snapshot)));
    const auto differences = catalog::DiffOnAnyDate(*to.snapshot, reached);
    if (differences.empty()) return {};
    Error error = NotProven(
        fmt::format("the script {} leaves {}", what, Counted(differences.size(), "difference")));
    for (std::string& object : catalog::DescribeAll(differences)) {
      error.details.emplace_back("object", std::move(object));
    }
    return error;
  }

  const ScratchRollbackQuestion& question_;
  std::vector<release::Migration> since_;
};

}  // namespace

Result<proof::ProvenRollback> ProveInScratch(const ScratchRollbackQuestion& question,
                                             scratch::ScratchServer& server) {
  return ScratchRollback(question, server).Prove();
}

}  // namespace ballast::change
