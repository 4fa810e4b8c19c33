// SPDX-License-Identifier: Apache-2.0
#include "commands/rollback.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "apply/replay.h"
#include "apply/verify_catalog.h"
#include "assess/assess.h"
#include "base/nearest_name.h"
#include "base/text.h"
#include "commands/live_change.h"
#include "commands/repair_goal.h"
#include "difference/dependents_of_others.h"
#include "difference/difference.h"
#include "plan/change_refusals.h"
#include "plan/follow_squash.h"
#include "plan/loss_guard.h"
#include "project/project_context.h"
#include "proof/package_inputs.h"
#include "proof/rollback_proof.h"
#include "release/coverage.h"
#include "release/package.h"
#include "release/rollback_script.h"
#include "sql/renames.h"

namespace ballast::commands {
namespace {

Error NoRollback(const std::string& message, const std::string& hint = {}) {
  return MakeError(ErrorCode::kNoRollback, message, hint);
}

class RollbackRun {
 public:
  RollbackRun(const RollbackOptions& options, const project::Invocation& invocation,
              RollbackReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Run() {
    TRY_ASSIGN(LiveChange change, LiveChange::Begin(options_, invocation_, report_));
    return change.Recorded(Act(change));
  }

 private:
  Status Act(LiveChange& change) {
    const plan::Observation& observation = change.assessment().observation;
    if (const auto refusal = plan::RefuseRollback(observation)) return plan::ErrorOf(*refusal);
    TRY_ASSIGN(const bool reached, HasReachedGoal(change));
    if (reached) return {};
    TRY_ASSIGN(const std::optional<PackagedRollback> packaged, FindPackagedRollback(change));
    if (packaged) {
      Status done = UsePackagedRollback(*packaged, change);
      if (done || !IgnoresAdditions(done.error(), *packaged)) return done;
      return KeepAdditions(change, *packaged, std::move(done).error());
    }
    TRY(RefuseFailedScript(change));
    return ProveAndRollBack(change);
  }

 private:
  // What the package has proven, so that no scratch server is needed.
  struct PackagedRollback {
    proof::GoalState before, after;
    plan::StateRows rows;  // of `after`
    std::string path;
    std::string origin;  // as release::Rollback
    std::string script;
    std::vector<release::RollbackLoss> losses;
    std::map<std::string, int64_t> removable_rows;
  };

  // By its rows, and without drift (B503).
  Result<bool> HasReachedGoal(LiveChange& change) {
    TRY_ASSIGN(const std::vector<assess::ProvenState> states,
               assess::ProvenStatesOf(change.intent(), change.artifacts()));
    const assess::ProvenState* now = assess::StateByRows(states, change.assessment().observation);
    if (now == nullptr || now->snapshot.empty() || now->state.name != "release " + options_.to) {
      return false;
    }
    report_.from = now->state.name;
    report_.goal = now->state.name;
    proof::GoalState state;
    state.state.snapshot = now->snapshot;
    state.record = now->state.record;
    TRY(RefuseDrift(change, state));
    report_.decision = plan::DecisionKind::kNothing;
    report_.fingerprint_expected = state.record.catalog;
    return true;
  }

  // Nothing where the database is not exactly the release of the package, or the package has no
  // rollback to it.
  Result<std::optional<PackagedRollback>> FindPackagedRollback(LiveChange& change) {
    const plan::Observation& observation = change.assessment().observation;
    const std::optional<release::Package>& package = change.artifacts().package;
    const std::optional<PackagedRollback> none;
    if (!package || change.artifacts().package_error) return none;
    const release::Rollback* rollback = release::RollbackTo(package->manifest, options_.to);
    if (rollback == nullptr) return none;
    if (plan::AppliedRow(observation, release::kBaselineName) == nullptr) return none;
    TRY_ASSIGN(const std::vector<assess::ProvenState> states,
               assess::ProvenStatesOf(change.intent(), change.artifacts()));
    const assess::ProvenState* now = assess::StateByRows(states, observation);
    const assess::ProvenState* goal = StateNamed(states, "release " + options_.to);
    if (now == nullptr || goal == nullptr) return none;
    const release::Coverage& run = now->state.run;
    if (!IsOf(run, *package) || now->snapshot.empty() || goal->snapshot.empty()) return none;
    PackagedRollback packaged;
    report_.from = now->state.name;
    report_.goal = goal->state.name;
    packaged.before.state.snapshot = now->snapshot;
    packaged.before.record = now->state.record;
    packaged.after.state.snapshot = goal->snapshot;
    packaged.after.record = goal->state.record;
    packaged.rows = {goal->state.run, goal->state.resolved};
    packaged.path = rollback->path;
    packaged.origin = rollback->origin;
    packaged.script = package->files.at(rollback->path);
    packaged.losses = rollback->losses;
    for (const release::TableRows& rows : package->manifest.rows) {
      packaged.removable_rows[rows.table] = rows.count;
    }
    if (rollback->origin != "difference") {
      const char* what = rollback->origin == "script"
                             ? "the script that was written by hand is used: "
                             : "the down.sql of migrations is used, as in ";
      report_.notices.push_back(what + packaged.path);
    }
    return std::optional<PackagedRollback>(std::move(packaged));
  }

  // Whether a database in which this ran is at the release of the package.
  static bool IsOf(const release::Coverage& run, const release::Package& package) {
    return run.size() == 1 && run.front().checksum == package.manifest.baseline_checksum;
  }

  // A script that somebody wrote for this rollback is not replaced by another where its proof
  // failed when the release was made. One in the package folder is proven again now.
  Status RefuseFailedScript(LiveChange& change) {
    const std::optional<release::Package>& package = change.artifacts().package;
    if (!package || change.artifacts().package_error) return {};
    TRY_ASSIGN(const proof::RollbackScripts scripts, ReadScripts(change));
    if (scripts.by_version.contains(options_.to)) return {};
    TRY_ASSIGN(const std::vector<assess::ProvenState> states,
               assess::ProvenStatesOf(change.intent(), change.artifacts()));
    const assess::ProvenState* now = assess::StateByRows(states, change.assessment().observation);
    if (now == nullptr || !IsOf(now->state.run, *package)) return {};
    for (const release::Rollback& rollback : package->manifest.rollbacks) {
      const bool own = rollback.origin == "script" || rollback.origin == "down.sql";
      if (rollback.version != options_.to || rollback.reason.empty() || !own) continue;
      return NoRollback(
          fmt::format("the {} was not proven when {} was made: {}",
                      rollback.origin == "script" ? "script " + release::RollbackPath(options_.to)
                                                  : std::string("down.sql of migrations"),
                      now->state.name, rollback.reason),
          "correct it and make the release again, or write " + release::RollbackPath(options_.to) +
              " of the package folder, which is proven before it runs");
    }
    return {};
  }

  static const assess::ProvenState* StateNamed(const std::vector<assess::ProvenState>& states,
                                               const std::string& name) {
    for (const assess::ProvenState& state : states) {
      if (!state.state.schema_only && state.state.name == name) return &state;
    }
    return nullptr;
  }

  Status UsePackagedRollback(const PackagedRollback& packaged, LiveChange& change) {
    TRY(RefuseDrift(change, packaged.before));
    given_ = packaged.script;
    losses_ = packaged.losses;
    removable_rows_ = packaged.removable_rows;
    Status done = Change(change, packaged.before, packaged.after, packaged.rows);
    given_.clear();
    losses_.reset();
    return done;
  }

  // Whether a script failed because objects of others depend on what it drops, or would be lost.
  static bool LacksAdditions(const Error& error) {
    const std::string state = error.Detail("sqlstate");
    const bool of_text = state.starts_with("42") && state != "42501";
    return state == "2BP01" || state == "0A000" || of_text || apply::IsLossOfAdditions(error) ||
           difference::AreObjectsOfOthersInTheWay(error);
  }

  // The same for a difference; or an earlier version has not found all losses.
  static bool IgnoresAdditions(const Error& error, const PackagedRollback& packaged) {
    const bool fits_not =
        LacksAdditions(error) || error.Detail("sqlstate") == plan::kUnexpectedLoss;
    return fits_not && packaged.origin == "difference" &&
           release::IsWrittenRollback(packaged.script);
  }

  // The remedy where the difference does not suffice.
  std::string OwnScript(LiveChange& change) const {
    if (!std::holds_alternative<plan::ApplyRelease>(change.intent())) {
      return "write the statements yourself, in down.sql next to the migration.sql";
    }
    return "write the statements yourself, in " + release::RollbackPath(options_.to) +
           " of the package folder";
  }

  // Writes and proves a script for this database, which creates its additions again.
  Status KeepAdditions(LiveChange& change, const PackagedRollback& packaged, Error refused) {
    const bool loses = refused.Detail("sqlstate") == plan::kUnexpectedLoss;
    report_.notices.push_back(
        loses ? "the script " + packaged.path +
                    " drops more than its package lists, so another script is proven"
              : "additions depend on objects that the script " + packaged.path +
                    " drops, so another script is proven, which creates them again");
    Status done = ProveAndRollBack(change);
    if (done || done.error().code != ErrorCode::kNoServerBinaries) return done;
    refused.code = ErrorCode::kNoDifferenceScript;
    refused.message += fmt::format(
        "; the script {} does not keep them, and another one cannot be "
        "proven: {}",
        packaged.path, done.error().message);
    refused.hint = done.error().hint;
    return refused;
  }

  // Builds both states, and proves the rollback now.
  Status ProveAndRollBack(LiveChange& change) {
    const plan::Observation& observation = change.assessment().observation;
    TRY_ASSIGN(const RepairGoal now, Now(change, observation));
    TRY_ASSIGN(const RepairGoal goal, Target(change, observation));
    report_.from = now.scripts.name;
    report_.goal = goal.scripts.name;
    TRY_ASSIGN(scratch::ScratchServer server, change.StartScratch());
    TRY_ASSIGN(const proof::GoalState before, MakeGoal(now, server, *invocation_.progress));
    TRY_ASSIGN(const proof::GoalState after, MakeGoal(goal, server, *invocation_.progress));
    TRY(RefuseDrift(change, before));
    TRY(Prove(change, server, {now, goal, before, after}));
    Status done = Change(change, before, after, goal.rows);
    if (done || renames_.empty() || !LacksAdditions(done.error())) return done;
    // The script that was proven does not know the additions.
    given_.clear();
    return Change(change, before, after, goal.rows);
  }

  Status Change(LiveChange& change, const proof::GoalState& before, const proof::GoalState& after,
                const plan::StateRows& rows) {
    ChangeQuestion question{after, &before, change.Rules(), options_.accept_data_loss,
                            options_.keep_data};
    question.given_script = given_;
    if (given_.empty()) question.renames = renames_;
    question.renamed = &renamed_;
    question.given_losses = losses_;
    question.guard_losses = true;
    question.removable_rows = removable_rows_;
    return change.Make(question, rows,
                       {"--accept-data-loss",
                        {"to keep it in the schema ballast_kept: ballast rollback --keep-data"},
                        "or " + OwnScript(change)});
  }

  // The state by the rows; for a migration that a squash replaced, from its archive.
  Result<RepairGoal> Now(LiveChange& change, const plan::Observation& observation) const {
    const auto* history = std::get_if<plan::FollowHistory>(&change.intent());
    if (history != nullptr && history->squash) {
      const std::vector<release::Migration>& replaced = history->squash->history;
      const bool single = std::any_of(
          replaced.begin(), replaced.end(),
          [&](const release::Migration& migration) { return migration.name == options_.to; });
      TRY_ASSIGN(std::string setup, project::SetupScriptOf(change.context()));
      std::optional<RepairGoal> goal = GoalOfSingleMigrations(*history, observation, setup);
      if (single && goal) return *std::move(goal);
    }
    return GoalByRows(change.intent(), change.context(), change.artifacts(), observation);
  }

  // The state with the given name: an earlier release, or the history up to a migration.
  Result<RepairGoal> Target(LiveChange& change, const plan::Observation& observation) const {
    TRY_ASSIGN(const std::vector<assess::ProvenState> states,
               assess::ProvenStatesOf(change.intent(), change.artifacts()));
    for (const assess::ProvenState& state : states) {
      if (state.state.schema_only || state.state.name != "release " + options_.to) continue;
      return GoalOfState(state, change.intent(), change.context(), change.artifacts());
    }
    const auto* history = std::get_if<plan::FollowHistory>(&change.intent());
    const std::vector<std::string> names = Names(states, history);
    if (history != nullptr && std::find(names.begin(), names.end(), options_.to) != names.end()) {
      return HistoryUpTo(change, observation, *history);
    }
    return NoRollback(
        "there is nothing named " + options_.to + What(history) + DidYouMean(options_.to, names),
        names.empty() ? std::string("see what the database has: ballast status")
                      : "the known names are " + JoinSome(names));
  }

  static std::string What(const plan::FollowHistory* history) {
    return history != nullptr ? ", neither an earlier release nor a migration"
                              : " among the releases that this package knows";
  }

  // The names that the option accepts.
  static std::vector<std::string> Names(const std::vector<assess::ProvenState>& states,
                                        const plan::FollowHistory* history) {
    constexpr std::string_view kRelease = "release ";
    std::vector<std::string> names;
    for (const assess::ProvenState& state : states) {
      if (!state.state.name.starts_with(kRelease)) continue;
      names.push_back(state.state.name.substr(kRelease.size()));
    }
    if (history == nullptr) return names;
    for (const release::Migration& migration : history->migrations) names.push_back(migration.name);
    if (!history->squash) return names;
    for (const auto& replaced : history->squash->history) names.push_back(replaced.name);
    return names;
  }

  // Scripts that somebody has written for this rollback, in the package folder or next to
  // migrations.
  Result<proof::RollbackScripts> ReadScripts(LiveChange& change) const {
    const workspace::Project& project = change.context().project;
    TRY_ASSIGN(proof::RollbackScripts scripts, proof::ReadRollbackScripts(project));
    if (std::holds_alternative<plan::ApplyRelease>(change.intent())) scripts.by_migration.clear();
    return scripts;
  }

  // The applied migrations up to and including the given one.
  Result<RepairGoal> HistoryUpTo(LiveChange& change, const plan::Observation& observation,
                                 const plan::FollowHistory& history) const {
    std::string last = options_.to;
    std::vector<release::Migration> known = history.migrations;
    if (history.squash && !plan::IsApplied(observation, last)) {
      known = UnsquashedHistory(history);
      if (last == history.squash->record.name) last = history.squash->history.back().name;
    }
    if (plan::HasRowsOfSquashed(history, observation)) known = UnsquashedHistory(history);
    std::vector<release::Migration> kept;
    for (release::Migration& migration : known) {
      const bool end = migration.name == last;
      if (HasRun(history, observation, migration.name)) kept.push_back(std::move(migration));
      if (end) break;
    }
    if (kept.empty() || kept.back().name != last) {
      return NoRollback(
          "the database does not have " + options_.to + ", so it cannot go back to it",
          "see which migrations it has: ballast status");
    }
    TRY_ASSIGN(std::string setup, project::SetupScriptOf(change.context()));
    return GoalOfHistory(std::move(kept), std::move(setup));
  }

  struct Ends {
    const RepairGoal& now;
    const RepairGoal& goal;
    const proof::GoalState& before;
    const proof::GoalState& after;
  };

  // Back in a scratch database, and forward again: each time the proven catalog, with rows.
  Status Prove(LiveChange& change, scratch::ScratchServer& server, const Ends& ends) {
    invocation_.progress->Stage("testing the rollback in a scratch database", 2);
    TRY_ASSIGN(const proof::RollbackScripts scripts, ReadScripts(change));
    TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("back"));
    TRY(proof::BuildGoal(database, ends.now.scripts, *invocation_.progress));
    TRY_ASSIGN(postgres::Session session, database.Connect());
    TRY_ASSIGN(std::vector<std::string> renames, RenamesSince(change, ends));
    const proof::RollbackQuestion question{
        report_.from,
        options_.to,
        ends.after.model,
        ends.after.state.snapshot,
        MigrationsSince(ends),
        std::move(renames),
        scripts,
        [&] { return Forward(change, database, ends); },
        [&](const catalog::Database& newer) { return OlderRows(newer, ends, server); },
        [&](const std::string& name) { return StateBefore(change, name, server); }};
    TRY_ASSIGN(proof::ProvenRollback proven, proof::ProveRollback(question, session));
    if (!proven.record.reason.empty()) {
      return NoRollback(proven.record.reason, OwnScript(change));
    }
    if (!proven.repeated.empty()) report_.notices.push_back(proven.repeated);
    if (proven.record.origin == "difference" && proven.renames.empty()) return {};
    given_ = std::move(proven.script);
    losses_ = std::move(proven.record.losses);
    removable_rows_ = std::move(proven.removed_rows);
    renames_ = std::move(proven.renames);
    renamed_ = std::move(proven.renamed);
    if (!renames_.empty()) return {};
    report_.notices.push_back(proven.record.origin == "script"
                                  ? "the script of " + release::RollbackPath(options_.to) +
                                        " is used, and tested in the same way"
                                  : std::string("the down.sql of migrations is used, and tested "
                                                "in the same way"));
    return {};
  }

  Result<std::vector<proof::TableDigest>> OlderRows(const catalog::Database& newer,
                                                    const Ends& ends,
                                                    scratch::ScratchServer& server) const {
    TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("older"));
    TRY(proof::BuildGoal(database, ends.goal.scripts, *invocation_.progress));
    TRY_ASSIGN(postgres::Session session, database.Connect());
    TRY(session.Query("SET search_path = public"));
    return proof::DigestsOfCommonRows(ends.after.model, newer, session);
  }

  static std::vector<std::string> MigrationsSince(const Ends& ends) {
    const std::set<std::string_view> kept = NamesOf(ends.goal);
    std::vector<std::string> since;
    if (ends.now.scripts.baseline.empty()) {
      for (const release::Migration& migration : ends.now.scripts.migrations) {
        if (!kept.contains(migration.name)) since.push_back(migration.name);
      }
      return since;
    }
    for (const release::CoveredMigration& migration : ends.now.rows.resolved) {
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
  static Result<std::vector<std::string>> RenamesSince(LiveChange& change, const Ends& ends) {
    std::vector<release::Migration> all;
    if (const auto* history = std::get_if<plan::FollowHistory>(&change.intent())) {
      all = UnsquashedHistory(*history);
    } else {
      TRY_ASSIGN(all, project::CoveredMigrations(change.artifacts()));
    }
    for (const release::Migration& migration : ends.now.scripts.migrations) {
      const bool known =
          std::ranges::any_of(all, [&](const auto& one) { return one.name == migration.name; });
      if (!known) all.push_back(migration);
    }
    const std::set<std::string_view> kept = NamesOf(ends.goal);
    const std::set<std::string_view> had = NamesOf(ends.now);
    std::vector<std::string> renames;
    for (const release::Migration& migration : all) {
      const bool ran =
          had.contains(migration.name) || release::Covers(ends.now.covers, migration.name);
      const bool remains =
          kept.contains(migration.name) || release::Covers(ends.goal.covers, migration.name);
      if (!ran || remains) continue;
      const std::vector<std::string> undo = sql::UndoRenames(migration.script.TextOrEmpty());
      renames.insert(renames.begin(), undo.begin(), undo.end());
    }
    return renames;
  }

  // The migrations that the database has, before that one. Only histories ask.
  Result<catalog::Database> StateBefore(LiveChange& change, const std::string& name,
                                        scratch::ScratchServer& server) const {
    std::vector<release::Migration> before;
    if (const auto* history = std::get_if<plan::FollowHistory>(&change.intent())) {
      for (release::Migration& migration : UnsquashedHistory(*history)) {
        if (migration.name == name) break;
        if (HasRun(*history, change.assessment().observation, migration.name)) {
          before.push_back(std::move(migration));
        }
      }
    }
    TRY_ASSIGN(std::string setup, project::SetupScriptOf(change.context()));
    const RepairGoal goal = GoalOfHistory(std::move(before), std::move(setup));
    TRY_ASSIGN(proof::GoalState state, MakeGoal(goal, server, *invocation_.progress));
    return std::move(state.model);
  }

  // As a deploy does: with the migrations. By the difference where they are not available, and for
  // a release with hotfixes.
  Status Forward(LiveChange& change, const scratch::ScratchDatabase& database,
                 const Ends& ends) const {
    const std::string what = "forward again to " + report_.from;
    TRY_ASSIGN(const std::vector<release::Migration> since, ScriptsSince(change, ends));
    if (since.empty()) return Move(database, ends.before, what);
    TRY_ASSIGN(postgres::Session session, database.Connect());
    SilentProgress silent;
    TRY(apply::Replay(session, since, {}, silent));
    return Compare(database, ends.before, what);
  }

  static Result<std::vector<release::Migration>> ScriptsSince(LiveChange& change,
                                                              const Ends& ends) {
    const bool single = ends.now.scripts.baseline.empty();
    std::set<std::string_view> kept = NamesOf(ends.goal);
    std::vector<release::Migration> all = ends.now.scripts.migrations, since;
    if (!single) {
      if (ends.now.rows.run.size() > 1) return since;
      kept.merge(release::CoveredNames(ends.goal.covers));
      TRY_ASSIGN(all, project::CoveredMigrations(change.artifacts()));
    }
    for (release::Migration& migration : all) {
      const bool ran = single || release::Covers(ends.now.covers, migration.name);
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
      return NoRollback(
          fmt::format("the script {} fails in a scratch database: {} "
                      "(SQLSTATE {})",
                      what, outcome.error->message, outcome.error->sqlstate));
    }
    return Compare(database, to, what);
  }

  static Status Compare(const scratch::ScratchDatabase& database, const proof::GoalState& to,
                        const std::string& what) {
    TRY_ASSIGN(const catalog::Snapshot reached, proof::ReadSnapshotOf(database.target(), {}));
    const auto differences = catalog::Diff(to.state.snapshot, reached);
    if (differences.empty()) return {};
    Error error = NoRollback(
        fmt::format("the script {} leaves {}", what, Counted(differences.size(), "difference")));
    for (std::string& object : catalog::DescribeAll(differences)) {
      error.details.emplace_back("object", std::move(object));
    }
    return error;
  }

  // Drift must be repaired first, because the rollback is tested from the proven state.
  Status RefuseDrift(LiveChange& change, const proof::GoalState& before) const {
    ChangeQuestion question{before, nullptr, change.Rules()};
    question.only_compare = true;
    TRY_ASSIGN(const CatalogChange found,
               FindChange(question, change.assessment().observation.schema, change.session()));
    const auto refusal = plan::RefuseDriftFrom(report_.from, found.drift);
    return refusal ? change.Refuse(*refusal) : Status();
  }

  const RollbackOptions& options_;
  const project::Invocation& invocation_;
  RollbackReport& report_;
  std::string given_;  // a script that is used in place of the difference; empty: none
  std::optional<std::vector<release::RollbackLoss>> losses_;  // of it
  std::map<std::string, int64_t> removable_rows_;             // by it
  std::string renames_;        // that the rollback begins with, where no script is used
  catalog::Database renamed_;  // the state that the database has, after them
};

}  // namespace

RollbackReport Rollback(const RollbackOptions& options, const project::Invocation& invocation) {
  return ReportOf<RollbackReport>("rollback", options, invocation, [&](RollbackReport& report) {
    return RollbackRun(options, invocation, report).Run();
  });
}

}  // namespace ballast::commands
