// SPDX-License-Identifier: Apache-2.0
#include "commands/rollback.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "apply/replay.h"
#include "assess/assess.h"
#include "base/nearest_name.h"
#include "base/stopwatch.h"
#include "base/text.h"
#include "commands/live_change.h"
#include "commands/repair_goal.h"
#include "difference/difference.h"
#include "project/project_context.h"
#include "workspace/files.h"

namespace ballast::commands {
namespace {

Error NoRollback(const std::string& message, const std::string& hint = {}) {
  return MakeError(ErrorCode::kNoRollback, message, hint);
}

class RollingBack {
 public:
  RollingBack(const RollbackOptions& options, const project::Invocation& invocation,
              RollbackReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Run() {
    const LiveChangeOptions live{options_.strategy,         options_.branch, options_.trusted_keys,
                                 options_.dry_run,          options_.sql,    options_.lock_timeout,
                                 options_.statement_timeout};
    TRY_ASSIGN(LiveChange change, LiveChange::Begin(live, invocation_, report_));
    const plan::Observation& observation = change.assessment().observation;
    if (!plan::HasLiveRows(observation)) {
      return NoRollback(
          "the database has no rows in the migrations table, so nothing says where "
          "it could go back from",
          "record it first: ballast deploy --adopt, or ballast repair");
    }
    TRY_ASSIGN(const RepairGoal now,
               GoalByRows(change.intent(), change.context(), change.artifacts(), observation));
    TRY_ASSIGN(const RepairGoal goal, Target(change, observation));
    report_.from = now.recipe.name;
    report_.goal = goal.recipe.name;
    TRY_ASSIGN(scratch::ScratchServer server, change.StartScratch());
    TRY_ASSIGN(const proof::GoalState before, MakeGoal(now, server, *invocation_.progress));
    TRY_ASSIGN(const proof::GoalState after, MakeGoal(goal, server, *invocation_.progress));
    TRY(ReadGivenScript(change));
    TRY(Prove(server, now, before, after));
    TRY(RefuseDrift(change, before));
    ChangeQuestion question{"rollback",
                            goal.recipe.name,
                            after,
                            &before,
                            change.Rules(),
                            options_.accept_data_loss,
                            options_.keep_data,
                            false};
    question.given_script = given_;
    return change.Make(question, RowSteps(goal, observation), "--accept-data-loss",
                       {"to keep it in the schema ballast_kept: ballast rollback --keep-data"});
  }

 private:
  // The state of the given name: an earlier release, or the history up to a migration.
  Result<RepairGoal> Target(LiveChange& change, const plan::Observation& observation) const {
    TRY_ASSIGN(const std::vector<assess::ProvenState> states,
               assess::ProvenStatesOf(change.intent(), change.artifacts()));
    for (const assess::ProvenState& state : states) {
      if (state.state.schema_only || state.state.name != "release " + options_.to) continue;
      return GoalOfState(state, change.intent(), change.context(), change.artifacts());
    }
    const auto* history = std::get_if<plan::FollowHistory>(&change.intent());
    if (history != nullptr) {
      const auto last = std::find_if(
          history->migrations.begin(), history->migrations.end(),
          [&](const release::Migration& migration) { return migration.name == options_.to; });
      if (last != history->migrations.end()) {
        return HistoryUpTo(change, observation, history->migrations,
                           last - history->migrations.begin());
      }
    }
    return NoRollback("nothing here is called " + options_.to +
                          ", neither an earlier release of this package nor a migration" +
                          DidYouMean(options_.to, Names(states, history)),
                      "see the releases that it knows: ballast release show");
  }

  // What the option may name.
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
    return names;
  }

  // A script that somebody has written for this way, in the package folder.
  Status ReadGivenScript(LiveChange& change) {
    const std::filesystem::path file =
        change.artifacts().folder / "rollback" / (options_.to + ".sql");
    TRY_ASSIGN(const std::optional<std::string> text, workspace::ReadFileIfThere(file));
    if (!text) return {};
    given_ = *text;
    report_.notices.push_back("the script of " + file.string() + " is used, and proven the same");
    return {};
  }

  // Those that the database has, up to that one.
  static Result<RepairGoal> HistoryUpTo(LiveChange& change, const plan::Observation& observation,
                                        const std::vector<release::Migration>& migrations,
                                        std::ptrdiff_t last) {
    std::vector<release::Migration> kept;
    for (std::ptrdiff_t at = 0; at <= last; ++at) {
      const release::Migration& migration = migrations[static_cast<size_t>(at)];
      if (plan::IsApplied(observation, migration.name)) kept.push_back(migration);
    }
    if (kept.empty() || kept.back().name != migrations[static_cast<size_t>(last)].name) {
      return NoRollback("the database does not have " + migrations[static_cast<size_t>(last)].name);
    }
    TRY_ASSIGN(std::string setup, project::SetupScriptOf(change.context()));
    return GoalOfHistory(std::move(kept), std::move(setup));
  }

  // Back in a scratch database, and forward again: each time the proven catalog.
  Status Prove(scratch::ScratchServer& server, const RepairGoal& now,
               const proof::GoalState& before, const proof::GoalState& after) const {
    invocation_.progress->Stage("proving the way back in a scratch database", 2);
    TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("back"));
    TRY(proof::BuildGoal(database, now.recipe, *invocation_.progress));
    if (given_.empty()) {
      TRY(Move(database, after, "back to " + report_.goal));
    } else {
      TRY(RunGiven(database, after));
    }
    return Move(database, before, "forward again to " + report_.from);
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
          fmt::format("the way {} does not run in a scratch database: {} "
                      "(SQLSTATE {})",
                      what, outcome.error->message, outcome.error->sqlstate));
    }
    return Compare(database, to, what);
  }

  Status RunGiven(const scratch::ScratchDatabase& database, const proof::GoalState& to) const {
    TRY_ASSIGN(postgres::Session session, database.Connect());
    const postgres::Outcome outcome = session.Run("BEGIN;\n" + given_ + "\nCOMMIT;\n");
    if (!outcome.error) return Compare(database, to, "back to " + report_.goal);
    return NoRollback(
        fmt::format("the script that was written for this way does not run in a "
                    "scratch database: {} (SQLSTATE {})",
                    outcome.error->message, outcome.error->sqlstate));
  }

  static Status Compare(const scratch::ScratchDatabase& database, const proof::GoalState& to,
                        const std::string& what) {
    TRY_ASSIGN(const catalog::Snapshot reached, proof::ReadSnapshotOf(database.target(), {}));
    const auto differences = catalog::Diff(to.state.snapshot, reached);
    if (differences.empty()) return {};
    Error error = NoRollback(fmt::format("the way {} leaves {} that should not be", what,
                                         Counted(differences.size(), "difference")));
    for (const auto& difference : differences) {
      error.details.emplace_back("object", catalog::Describe(difference));
    }
    return error;
  }

  // What has drifted has to be repaired first: the way back is proven from the proven state.
  Status RefuseDrift(LiveChange& change, const proof::GoalState& before) const {
    ChangeQuestion question{"rollback",     report_.from, before, nullptr,
                            change.Rules(), {},           false,  false};
    TRY_ASSIGN(const CatalogChange found,
               FindChange(question, change.assessment().observation.schema, change.session()));
    if (found.drift.empty()) return {};
    plan::Refusal refusal;
    refusal.code = ErrorCode::kDrift;
    refusal.message = fmt::format("the database differs from {} in {}", report_.from,
                                  Counted(found.drift.size(), "object"));
    refusal.evidence = found.drift;
    refusal.remedies = {
        "see what would restore them: ballast repair --dry-run; then: ballast repair"};
    return change.Refuse(refusal);
  }

  const RollbackOptions& options_;
  const project::Invocation& invocation_;
  RollbackReport& report_;
  std::string given_;  // a script written by hand; empty: none
};

}  // namespace

RollbackReport Rollback(const RollbackOptions& options, const project::Invocation& invocation) {
  Stopwatch watch;
  RollbackReport report;
  report.dry_run = options.dry_run || options.sql;
  Status done = RollingBack(options, invocation, report).Run();
  Conclude(std::move(done), report);
  report.duration_ms = watch.Lap();
  return report;
}

}  // namespace ballast::commands
