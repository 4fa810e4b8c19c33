// SPDX-License-Identifier: Apache-2.0
#include "commands/deploy.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "apply/executor.h"
#include "apply/uuid.h"
#include "assess/known_state_comparison.h"
#include "base/stopwatch.h"
#include "base/text.h"
#include "plan/planner.h"
#include "postgres/connect_with_retry.h"
#include "postgres/observe.h"
#include "project/project_context.h"
#include "sql/quote.h"

namespace ballast::commands {
namespace {

using std::chrono::milliseconds;

// Of each try, where nothing else is said: for that long an application's reads may queue behind a
// script that waits for a table.
constexpr milliseconds kTableLockTimeout{3000};

// One run of the command, step by step; what is found out goes into the report at once.
class Deployment {
 public:
  Deployment(const DeployOptions& options, const project::Invocation& invocation,
             DeployReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Run() {
    const std::future<void> loading = postgres::LoadAhead();
    TRY_ASSIGN(context_, project::LoadProject(invocation_));
    context_->option_keys = options_.trusted_keys;
    postgres::PendingConnection approach(project::TargetOf(*context_), options_.connect_timeout);
    TRY_ASSIGN(intent_, project::SelectIntent(*context_, {options_.strategy, options_.branch},
                                              artifacts_, report_));
    TRY_ASSIGN(postgres::Session session,
               approach.Finish(ConnectSettings(options_.wait_for_database), *invocation_.progress));
    Status done = ActPatiently(session);
    report_.round_trips += session.round_trips();
    if (!done && done.error().code == ErrorCode::kConnectionLost && began_) {
      return FindOutAfterLoss(session.target(), std::move(done).error());
    }
    return done;
  }

 private:
  postgres::ObserveOptions ObserveSettings() const {
    const workspace::Config& config = context_->project.config;
    postgres::ObserveOptions looking;
    const auto from_config = [](const std::optional<int64_t>& ms) {
      return ms ? std::optional<milliseconds>(*ms) : std::nullopt;
    };
    const auto lock =
        options_.lock_timeout ? options_.lock_timeout : from_config(config.lock_timeout_ms);
    const auto statement = options_.statement_timeout ? options_.statement_timeout
                                                      : from_config(config.statement_timeout_ms);
    if (lock) looking.lock_wait = *lock;
    looking.lock_timeout = lock.value_or(kTableLockTimeout);
    if (statement) looking.statement_timeout = *statement;
    looking.schemas = project::FurtherSchemas(*context_, *intent_);
    return looking;
  }

  // A crowd of deploys may take all connections; each of them waits for the lock anyway.
  postgres::ConnectOptions ConnectSettings(milliseconds timeout) const {
    return {options_.connect_timeout, timeout, ObserveSettings().lock_wait};
  }

  // A transaction that did not get a table lock in time (55P03) left nothing; it is tried again
  // from the look on, so that an application's reads, which queue behind a waiting ALTER TABLE, are
  // let through in between.
  Status ActPatiently(postgres::Session& session) {
    constexpr int kTries = 8;
    milliseconds pause{100};
    for (int attempt = 1;; ++attempt) {
      Status done = Act(session);
      if (done || done.error().Detail("sqlstate") != "55P03") return done;
      Error error = std::move(done).error();
      if (error.code == ErrorCode::kPartiallyApplied) return error;
      if (attempt == kTries || ObserveSettings().lock_timeout.count() == 0)
        return Locked(error, attempt);
      invocation_.progress->Notice(
          fmt::format("a table lock was not granted in time; try {} of {}", attempt + 1, kTries));
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, milliseconds(2000));
      report_.plan.clear();
    }
  }

  Error Locked(Error error, int tries) const {
    const bool midway = applied_ > applied_before_ || !error.Detail("applied").empty();
    error.code = midway ? ErrorCode::kPartiallyApplied : ErrorCode::kLockTimeout;
    error.message += fmt::format(" ({} tries)", tries);
    error.hint =
        "see who holds the lock (pg_stat_activity, pg_locks), or deploy when there is less "
        "traffic";
    return error;
  }

  Status Act(postgres::Session& session) {
    TRY_ASSIGN(plan::Observation observation,
               postgres::Observe(session, ObserveSettings(), *invocation_.progress));
    if (options_.adopt) TRY(assess::CompareStates(*intent_, artifacts_, session, observation));
    TRY(AddHistory(observation));
    TRY(project::InspectStepUnderWay(*intent_, session, observation));
    TRY(assess::InspectFailures(*intent_, artifacts_, session, observation));
    report_.failures = assess::FailureLines(observation);
    plan::Decision decision =
        plan::Decide(*intent_, observation, {options_.adopt, options_.strict});
    TRY(assess::ExplainUnknownBaseline(*intent_, artifacts_, session, observation, decision));
    TRY(Report(decision));
    TRY(CheckServer(observation, *decision.plan()));
    if (options_.dry_run || decision.plan()->steps.empty()) return {};
    began_ = true;
    applied_ = AppliedRows(observation);
    if (applied_before_ < 0) applied_before_ = applied_;
    TRY_ASSIGN(apply::RunOutcome outcome, apply::Run(*decision.plan(), observation, session,
                                                     Context(), *invocation_.progress));
    Take(std::move(outcome), *decision.plan());
    return {};
  }

  // Unpacking the covered migrations costs, so it is done only where the decision needs them.
  Status AddHistory(const plan::Observation& observation) {
    if (!plan::NeedsHistory(*intent_, observation)) return {};
    TRY_ASSIGN(std::get<plan::ApplyRelease>(*intent_).history,
               project::CoveredMigrations(artifacts_));
    return {};
  }

  Status Report(const plan::Decision& decision) {
    report_.found = plan::NameOf(decision.found);
    Note(decision.notices);
    if (const plan::Refusal* refusal = decision.refusal()) {
      report_.decision = "refuse";
      report_.evidence = refusal->evidence;
      report_.remedies = refusal->remedies;
      return MakeError(refusal->code, refusal->message);
    }
    report_.decision = decision.plan()->steps.empty() ? "nothing" : "apply";
    for (const plan::Step& step : decision.plan()->steps) {
      report_.plan.push_back(plan::Describe(step));
    }
    return {};
  }

  static Status CheckServer(const plan::Observation& observation, const plan::Plan& plan) {
    if (plan.steps.empty()) return {};
    if (observation.server.in_recovery || observation.server.read_only) {
      return MakeError(ErrorCode::kReadOnly,
                       observation.server.in_recovery ? "the server is a replica in recovery"
                                                      : "the session is read-only",
                       "deploy to the primary server");
    }
    if (observation.schema_exists && !observation.server.can_create_in_schema) {
      return MakeError(
          ErrorCode::kPrivilege,
          "role " + observation.server.role + " may not create in schema " + observation.schema,
          "GRANT CREATE ON SCHEMA " + observation.schema + " TO " + observation.server.role);
    }
    if (!observation.server.missing_privileges.empty()) return CannotRecord(observation.server);
    return {};
  }

  int ProvenOn() const {
    if (const auto* release = std::get_if<plan::ApplyRelease>(&*intent_)) {
      return release->fingerprint.server_major;
    }
    const auto& baseline = std::get<plan::FollowHistory>(*intent_).baseline;
    return baseline ? baseline->fingerprint.server_major : 0;
  }

  // Scripts would run whose rows cannot be written.
  static Error CannotRecord(const plan::ServerState& server) {
    std::vector<std::string> grants;
    for (const std::string& right : server.missing_privileges) {
      grants.push_back(fmt::format("GRANT {} TO {}", right, sql::QuoteIdentifier(server.role)));
    }
    return MakeError(ErrorCode::kPrivilege,
                     fmt::format("role {} may not record what is deployed: it lacks {}; nothing "
                                 "was changed",
                                 server.role, Join(server.missing_privileges, ", ")),
                     Join(grants, "; "));
  }

  apply::RunContext Context() const {
    apply::RunContext context;
    context.journal.deployment = apply::NewUuid();
    context.journal.strategy = report_.strategy;
    if (const auto* release = std::get_if<plan::ApplyRelease>(&*intent_)) {
      context.journal.release = release->version;
      context.journal.baseline_checksum = release->baseline.checksum;
      context.journal.fingerprint = release->fingerprint.catalog;
      for (const release::PreviousRelease& previous : release->previous) {
        context.journal.older_baselines.push_back(previous.baseline_checksum);
      }
    }
    context.proven_on = ProvenOn();
    context.expected_facts = [this](const std::string& fingerprint) {
      return project::ProvenSnapshot(artifacts_, fingerprint);
    };
    return context;
  }

  void Take(apply::RunOutcome outcome, const plan::Plan& plan) {
    report_.applied = std::move(outcome.applied);
    report_.recorded = outcome.recorded;
    report_.fingerprint_expected = outcome.expected_fingerprint;
    report_.fingerprint_actual = outcome.fingerprint;
    report_.layout_equal = outcome.layout_equal;
    Note(outcome.notices);
    for (const plan::Step& step : plan.steps) {
      if (const auto* record = std::get_if<plan::InsertResolvedRows>(&step.act)) {
        report_.covered += static_cast<int>(record->migrations.size());
      }
    }
  }

  // The connection broke after something was sent: whether it was committed, only the database can
  // say, and a server that restarts or fails over needs some seconds. Rows are written in the same
  // transaction, so a database that is now current had its commit.
  Status FindOutAfterLoss(const postgres::Target& target, Error loss) {
    const milliseconds timeout = std::max(options_.wait_for_database, ObserveSettings().lock_wait);
    auto session =
        postgres::ConnectWithRetry(target, ConnectSettings(timeout), *invocation_.progress);
    if (!session) return Unknown(loss);
    auto observation = postgres::Observe(*session, ObserveSettings(), *invocation_.progress);
    report_.round_trips += session->round_trips();
    if (!observation) return Unknown(loss);
    const plan::Decision now = plan::Decide(*intent_, *observation, {});
    if (now.found == plan::Found::kCurrent) {
      report_.notices.push_back("the connection broke, but the commit had happened: " +
                                loss.message);
      report_.found = plan::NameOf(now.found);
      return {};
    }
    return AfterLoss(std::move(loss), now.found, AppliedRows(*observation) - applied_before_);
  }

  static long AppliedRows(const plan::Observation& observation) {
    return std::count_if(
        observation.rows.begin(), observation.rows.end(),
        [](const plan::MigrationRow& row) { return row.finished && !row.rolled_back; });
  }

  static Error AfterLoss(Error loss, plan::Found found, long applied) {
    if (found == plan::Found::kFailed) {
      loss.code = ErrorCode::kPartiallyApplied;
      loss.message += "; a step outside a transaction is left open";
      loss.hint = "see which, and what to do: ballast status";
    } else if (applied > 0) {
      loss.code = ErrorCode::kPartiallyApplied;
      loss.message += fmt::format("; {} migrations were applied, the others not", applied);
      loss.hint = "nothing is half done: ballast deploy goes on from there";
    } else {
      loss.message += "; a second look found that it was not committed";
    }
    return loss;
  }

  static Error Unknown(const Error& loss) {
    return MakeError(ErrorCode::kOutcomeUnknown,
                     loss.message + "; the server could not be asked whether it was committed",
                     "when it is back: ballast status, then ballast deploy");
  }

  void Note(const std::vector<std::string>& notices) {
    report_.notices.insert(report_.notices.end(), notices.begin(), notices.end());
  }

  const DeployOptions& options_;
  const project::Invocation& invocation_;
  DeployReport& report_;
  std::optional<project::ProjectContext> context_;
  project::Artifacts artifacts_;
  std::optional<plan::Intent> intent_;
  bool began_ = false;
  long applied_before_ = -1;  // rows, before anything was done
  long applied_ = -1;         // before the last try
};

}  // namespace

DeployReport Deploy(const DeployOptions& options, const project::Invocation& invocation) {
  Stopwatch watch;
  DeployReport report;
  report.dry_run = options.dry_run;
  Status done = Deployment(options, invocation, report).Run();
  if (!done) {
    report.error = std::move(done).error();
    if (report.decision.empty() || StatusOf(report.error->code) == ExitStatus::kRefused) {
      report.decision = "refuse";
    }
  }
  report.duration_ms = watch.Lap();
  return report;
}

}  // namespace ballast::commands
