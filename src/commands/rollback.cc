// SPDX-License-Identifier: Apache-2.0
#include "commands/rollback.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "apply/verify_catalog.h"
#include "assess/assess.h"
#include "base/nearest_name.h"
#include "base/shell_word.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "change/live_change.h"
#include "change/missing_migrations.h"
#include "change/repair_goal.h"
#include "change/scratch_rollback.h"
#include "difference/dependent_additions.h"
#include "plan/change_refusals.h"
#include "plan/follow_squash.h"
#include "plan/loss_guard.h"
#include "project/project_context.h"
#include "proof/package_inputs.h"
#include "proof/rollback_proof.h"
#include "proof/rollback_statements.h"
#include "release/coverage.h"
#include "release/package.h"

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

  Status Act(change::LiveChange& change) {
    const plan::Observation& observation = change.assessment().observation;
    TRY_ASSIGN(states_, assess::ProvenStatesOf(change.intent(), change.artifacts()));
    const auto refusal =
        plan::RefuseRollback(change.assessment().decision, observation,
                             change::KnowsRelease(change.intent(), states_, observation));
    if (refusal) return change.Refuse(*refusal);
    now_ = assess::StateByRows(states_, observation);
    TRY_ASSIGN(const bool reached, HasReachedGoal(change));
    if (reached) return {};
    const std::optional<PackagedRollback> packaged = FindPackagedRollback(change);
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
    proof::KnownState before, after;
    plan::StateRows rows;  // of `after`
    proof::ProvenRollback rollback;
  };

  // By its rows, and without drift (B503).
  Result<bool> HasReachedGoal(change::LiveChange& change) {
    if (now_ == nullptr || !now_->snapshot || now_->state.version != options_.to) return false;
    report_.from = now_->state.name;
    SetGoal(now_->state.name, now_->state.version);
    TRY(RefuseDrift(change, {now_->snapshot, now_->state.record}));
    report_.decision = plan::DecisionKind::kNothing;
    report_.run.fingerprint_expected = now_->state.record.catalog;
    return true;
  }

  // Nothing where the database is not exactly the release of the package, or the package has no
  // rollback to it.
  std::optional<PackagedRollback> FindPackagedRollback(change::LiveChange& change) {
    const plan::Observation& observation = change.assessment().observation;
    const std::optional<release::Package>& package = change.artifacts().package;
    if (!package || change.artifacts().package_error) return std::nullopt;
    const release::Rollback* rollback = release::RollbackTo(package->manifest, options_.to);
    if (rollback == nullptr) return std::nullopt;
    if (plan::AppliedRow(observation, release::kBaselineName) == nullptr) return std::nullopt;
    const assess::ProvenState* goal = StateOfRelease(options_.to);
    if (now_ == nullptr || goal == nullptr) return std::nullopt;
    if (!IsOf(now_->state.run, *package) || !now_->snapshot || !goal->snapshot) return std::nullopt;
    PackagedRollback packaged;
    report_.from = now_->state.name;
    SetGoal(goal->state.name, goal->state.version);
    packaged.before = {now_->snapshot, now_->state.record};
    packaged.after = {goal->snapshot, goal->state.record};
    packaged.rows = {goal->state.run, goal->state.resolved};
    packaged.rollback.record = *rollback;
    packaged.rollback.script = package->files.at(rollback->path);
    packaged.rollback.statements = proof::StatementsOf(*rollback, packaged.rollback.script);
    packaged.rollback.removed_rows = RemovableRows(*rollback, package->manifest);
    report_.notices.insert(report_.notices.end(), rollback->notices.begin(),
                           rollback->notices.end());
    if (IsWrittenByHand(rollback->origin)) {
      const char* what = rollback->origin == release::RollbackOrigin::kScript
                             ? "the script that was written by hand is used: "
                             : "the down.sql of migrations is used, as in ";
      report_.notices.push_back(what + rollback->path);
    }
    return packaged;
  }

  static std::map<std::string, int64_t> RemovableRows(const release::Rollback& rollback,
                                                      const release::Manifest& manifest) {
    std::map<std::string, int64_t> rows;
    if (!rollback.removed_rows) {
      for (const release::TableRows& one : manifest.rows) rows[one.table] = one.count;
      return rows;
    }
    for (const release::RemovedRows& one : *rollback.removed_rows) rows[one.table] = one.count;
    return rows;
  }

  // Whether a database in which this ran is at the release of the package.
  static bool IsOf(const release::Coverage& run, const release::Package& package) {
    return run.size() == 1 && run.front().checksum == package.manifest.baseline_checksum;
  }

  // A script that somebody wrote for this rollback is not replaced by another where its proof
  // failed when the release was made. One in the package folder is proven again now.
  Status RefuseFailedScript(change::LiveChange& change) {
    const std::optional<release::Package>& package = change.artifacts().package;
    if (!package || change.artifacts().package_error) return {};
    TRY_ASSIGN(const proof::RollbackScripts scripts, ReadScripts(change));
    if (scripts.by_version.contains(options_.to)) return {};
    if (now_ == nullptr || !IsOf(now_->state.run, *package)) return {};
    for (const release::Rollback& rollback : package->manifest.rollbacks) {
      if (rollback.version != options_.to || rollback.reason.empty()) continue;
      if (!IsWrittenByHand(rollback.origin)) continue;
      return NoRollback(fmt::format("the {} was not proven when {} was created: {}",
                                    rollback.origin == release::RollbackOrigin::kScript
                                        ? "script " + release::RollbackPath(options_.to)
                                        : std::string("down.sql of migrations"),
                                    now_->state.name, rollback.reason),
                        "correct it and create the release again, or write " +
                            release::RollbackPath(options_.to) +
                            " of the package folder, which is proven before it runs");
    }
    return {};
  }

  const assess::ProvenState* StateOfRelease(const std::string& version) const {
    for (const assess::ProvenState& state : states_) {
      if (state.state.version == version) return &state;
    }
    return nullptr;
  }

  void SetGoal(const std::string& name, const std::string& version) {
    report_.goal = name;
    report_.run.release = version;
  }

  Status UsePackagedRollback(const PackagedRollback& packaged, change::LiveChange& change) {
    TRY(proof::RefuseUnfitStatements(packaged.rollback.record, packaged.rollback.script));
    TRY(RefuseDrift(change, packaged.before));
    made_again_ = packaged.rollback.record.made_again;
    return Change(change,
                  change::RollBackByScript{packaged.before, packaged.after, packaged.rollback},
                  packaged.rows);
  }

  // Whether a script failed because additions depend on what it drops, or would be lost.
  static bool LacksAdditions(const Error& error) {
    const std::string state = error.Detail("sqlstate");
    return state == sqlstate::kDependentObjectsStillExist || sqlstate::IsCausedByText(state) ||
           apply::IsLossOfAdditions(error) || difference::AreAdditionsInTheWay(error);
  }

  // The same for a difference; or an earlier version has not found all losses.
  static bool IgnoresAdditions(const Error& error, const PackagedRollback& packaged) {
    const bool fits_not = LacksAdditions(error) || plan::IsUnexpectedLoss(error.Detail("sqlstate"));
    return fits_not && packaged.rollback.record.origin == release::RollbackOrigin::kDifference;
  }

  // The migrations that are rolled back, in order.
  std::vector<std::string> RolledBack(change::LiveChange& change) const {
    std::vector<std::string> names;
    const auto* history = std::get_if<plan::FollowHistory>(&change.intent());
    if (history == nullptr) return names;
    bool later = false;
    for (const release::Migration& migration : change::UnsquashedHistory(*history)) {
      const bool has_run =
          change::HasRun(*history, change.assessment().observation, migration.name);
      if (later && has_run) names.push_back(migration.name);
      later = later || migration.name == options_.to;
    }
    return names;
  }

  static std::string DownScriptOf(const std::vector<std::string>& migrations) {
    return "down.sql next to the migration.sql" +
           (migrations.empty() ? std::string() : " of " + JoinSome(migrations));
  }

  // The remedy where the difference does not suffice.
  std::string OwnScript(change::LiveChange& change) const {
    const std::optional<release::Package>& package = change.artifacts().package;
    const release::Rollback* written =
        package ? release::RollbackTo(package->manifest, options_.to) : nullptr;
    const bool is_release = now_ != nullptr && package && IsOf(now_->state.run, *package);
    if (written != nullptr && IsWrittenByHand(written->origin) && !is_release) {
      const std::string from = release::SplitHotfixes(package->manifest.version).base;
      return fmt::format(
          "go back in two steps, because {} begins at {}: ballast rollback --to {}, "
          "then ballast rollback --to {}",
          written->path, from, ShellWord(from), ShellWord(options_.to));
    }
    if (!std::holds_alternative<plan::ApplyRelease>(change.intent())) {
      return "write the statements yourself, in " + DownScriptOf(RolledBack(change));
    }
    return fmt::format(
        "write the statements yourself, in {} of the package folder, then: ballast release create "
        "{} --replace",
        release::RollbackPath(options_.to),
        package ? ShellWord(release::SplitHotfixes(package->manifest.version).base) : "VERSION");
  }

  std::string CorrectScript(release::RollbackOrigin origin, change::LiveChange& change,
                            const proof::RollbackScripts& scripts) const {
    if (origin == release::RollbackOrigin::kDownScripts) {
      std::vector<std::string> names = RolledBack(change);
      std::erase_if(names, [&](const auto& name) { return !scripts.by_migration.contains(name); });
      return "correct the " + DownScriptOf(names);
    }
    return "correct " + release::RollbackPath(options_.to) + " of the package folder";
  }

  static std::string WhyAnotherScript(const std::string& path, const Error& refused) {
    const std::string state = refused.Detail("sqlstate");
    if (plan::IsUnexpectedLoss(state)) {
      return "the script " + path +
             " drops more than its package lists, so another script is proven";
    }
    if (sqlstate::IsUndefinedObject(state)) {  // as where `ignore` names it
      return fmt::format(
          "the script {} does not run on this database ({}), so another one is proven", path,
          refused.Detail("server_message"));
    }
    return "additions depend on objects that the script " + path +
           " drops, so another script is proven, which creates them again";
  }

  // Writes and proves a script for this database, which creates its additions again.
  Status KeepAdditions(change::LiveChange& change, const PackagedRollback& packaged,
                       Error refused) {
    const std::string& path = packaged.rollback.record.path;
    report_.notices.push_back(WhyAnotherScript(path, refused));
    Status done = ProveAndRollBack(change);
    if (done || done.error().code != ErrorCode::kNoServerBinaries) return done;
    refused.code = ErrorCode::kNoDifferenceScript;
    refused.message += fmt::format(
        "; the script {} does not keep them, and another one cannot be "
        "proven: {}",
        path, done.error().message);
    refused.hint = done.error().hint;
    return refused;
  }

  // Builds both states, and proves the rollback now.
  Status ProveAndRollBack(change::LiveChange& change) {
    const plan::Observation& observation = change.assessment().observation;
    TRY_ASSIGN(const change::RepairGoal now, Now(change, observation));
    TRY_ASSIGN(const change::RepairGoal goal, Target(change, observation));
    report_.from = now.scripts.name;
    SetGoal(goal.scripts.name, goal.version);
    TRY(RefuseForward(now, goal, change));
    TRY_ASSIGN(scratch::ScratchServer server, change.StartScratch());
    TRY_ASSIGN(const proof::GoalState before, change::MakeGoal(now, server, *invocation_.progress));
    TRY_ASSIGN(const proof::GoalState after, change::MakeGoal(goal, server, *invocation_.progress));
    TRY(RefuseDrift(change, before));
    TRY_ASSIGN(const proof::RollbackScripts scripts, ReadScripts(change));
    TRY_ASSIGN(proof::ProvenRollback proven,
               change::ProveInScratch({report_.from, options_.to, now, goal, before, after, scripts,
                                       change.project(), observation, *invocation_.progress},
                                      server));
    if (!proven.record.reason.empty()) {
      const bool by_hand = IsWrittenByHand(proven.record.origin);
      return NoRollback(
          proven.record.reason,
          by_hand ? CorrectScript(proven.record.origin, change, scripts) : OwnScript(change));
    }
    NoteProven(proven);
    made_again_ = proven.record.made_again;
    // A difference is made again for the database as it is, so that it keeps the additions.
    if (!IsWrittenByHand(proven.record.origin) && proven.renames.empty()) {
      return Change(change, change::RollBackByDifference{before, after, proven.lost_later},
                    goal.rows);
    }
    Status done = Change(change, change::RollBackByScript{before, after, proven}, goal.rows);
    if (done || proven.renames.empty() || !LacksAdditions(done.error())) return done;
    return Change(change, change::RollBackAfterRenames{before, after, proven}, goal.rows);
  }

  // A rollback would record migrations that have not run.
  Status RefuseForward(const change::RepairGoal& now, const change::RepairGoal& goal,
                       change::LiveChange& change) const {
    const std::optional<release::Package>& package = change.artifacts().package;
    if (!package || change.artifacts().package_error) return {};
    const std::vector<std::string> missing = change::MissingMigrations(
        goal, now, package->manifest, std::get_if<plan::FollowHistory>(&change.intent()),
        change.assessment().observation);
    if (missing.empty()) return {};
    return NoRollback(fmt::format("{} is not an earlier state of the database, which lacks {}",
                                  goal.scripts.name, JoinSome(missing)),
                      "to run what is missing: ballast deploy");
  }

  void NoteProven(const proof::ProvenRollback& proven) {
    report_.notices.insert(report_.notices.end(), proven.repeated.begin(), proven.repeated.end());
    if (!IsWrittenByHand(proven.record.origin)) return;
    report_.notices.push_back((proven.record.origin == release::RollbackOrigin::kScript
                                   ? "the script of " + release::RollbackPath(options_.to)
                                   : std::string("the down.sql of migrations")) +
                              " is used, and tested in the same way");
  }

  template <class Kind>
  Status Change(change::LiveChange& change, const Kind& kind, const plan::StateRows& rows) {
    return change.Make(
        {kind, change.Rules(), options_.accept_data_loss, options_.keep_data, made_again_}, rows,
        {"--accept-data-loss",
         {fmt::format("to keep it in the schema ballast_kept: ballast rollback --to {} "
                      "--keep-data",
                      ShellWord(options_.to))},
         OwnScript(change)});
  }

  // The state by the rows; for a migration that a squash replaced, from its archive.
  Result<change::RepairGoal> Now(change::LiveChange& change,
                                 const plan::Observation& observation) const {
    const auto* history = std::get_if<plan::FollowHistory>(&change.intent());
    if (history != nullptr && history->squash) {
      const std::vector<release::Migration>& replaced = history->squash->history;
      const bool single = std::any_of(
          replaced.begin(), replaced.end(),
          [&](const release::Migration& migration) { return migration.name == options_.to; });
      TRY_ASSIGN(std::string setup, project::SetupScriptOf(change.context()));
      std::optional<change::RepairGoal> goal =
          change::GoalOfSingleMigrations(*history, observation, setup);
      if (single && goal) return *std::move(goal);
    }
    return change::GoalByRows(change.project(), observation,
                              "ballast rollback --to " + ShellWord(options_.to));
  }

  // The state with the given name: an earlier release, or the history up to a migration.
  Result<change::RepairGoal> Target(change::LiveChange& change,
                                    const plan::Observation& observation) const {
    if (const assess::ProvenState* state = StateOfRelease(options_.to)) {
      return change::GoalOfState(*state, change.project());
    }
    const auto* history = std::get_if<plan::FollowHistory>(&change.intent());
    const std::vector<std::string> names = Names(history);
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
  std::vector<std::string> Names(const plan::FollowHistory* history) const {
    std::vector<std::string> names;
    for (const assess::ProvenState& state : states_) {
      if (!state.state.version.empty()) names.push_back(state.state.version);
    }
    if (history == nullptr) return names;
    for (const release::Migration& migration : history->migrations) names.push_back(migration.name);
    if (!history->squash) return names;
    for (const auto& replaced : history->squash->history) names.push_back(replaced.name);
    return names;
  }

  // Scripts that somebody has written for this rollback, in the package folder or next to
  // migrations.
  Result<proof::RollbackScripts> ReadScripts(change::LiveChange& change) const {
    const workspace::Project& project = change.context().project;
    TRY_ASSIGN(proof::RollbackScripts scripts, proof::ReadRollbackScripts(project));
    if (std::holds_alternative<plan::ApplyRelease>(change.intent())) scripts.by_migration.clear();
    return scripts;
  }

  // The applied migrations up to and including the given one.
  Result<change::RepairGoal> HistoryUpTo(change::LiveChange& change,
                                         const plan::Observation& observation,
                                         const plan::FollowHistory& history) const {
    std::string last = options_.to;
    std::vector<release::Migration> known = history.migrations;
    if (history.squash && !plan::IsApplied(observation, last)) {
      known = change::UnsquashedHistory(history);
      if (last == history.squash->record.name) last = history.squash->history.back().name;
    }
    if (plan::HasRowsOfSquashed(history, observation)) known = change::UnsquashedHistory(history);
    std::vector<release::Migration> kept;
    for (release::Migration& migration : known) {
      const bool end = migration.name == last;
      if (change::HasRun(history, observation, migration.name))
        kept.push_back(std::move(migration));
      if (end) break;
    }
    if (kept.empty() || kept.back().name != last) {
      return NoRollback(
          "the database does not have " + options_.to + ", so it cannot go back to it",
          "see which migrations it has: ballast status");
    }
    TRY_ASSIGN(std::string setup, project::SetupScriptOf(change.context()));
    return change::GoalOfHistory(std::move(kept), std::move(setup));
  }

  // Drift must be repaired first, because the rollback is tested from the proven state.
  Status RefuseDrift(change::LiveChange& change, const proof::KnownState& before) const {
    TRY_ASSIGN(const std::vector<std::string> drift,
               change::FindDrift(before, change.Rules(), change.assessment().observation.schema,
                                 change.session()));
    const auto refusal = plan::RefuseDriftFrom(report_.from, drift);
    return refusal ? change.Refuse(*refusal) : Status();
  }

  const RollbackOptions& options_;
  const project::Invocation& invocation_;
  RollbackReport& report_;
  std::vector<assess::ProvenState> states_;        // that the project knows
  const assess::ProvenState* now_ = nullptr;       // the one that the database's rows describe
  std::vector<release::RollbackLoss> made_again_;  // by the rollback that is used
};

}  // namespace

RollbackReport Rollback(const RollbackOptions& options, const project::Invocation& invocation) {
  return change::ReportChange<RollbackReport>(
      "rollback", options, invocation, [&](change::LiveChange& change, RollbackReport& report) {
        return RollbackRun(options, invocation, report).Act(change);
      });
}

}  // namespace ballast::commands
