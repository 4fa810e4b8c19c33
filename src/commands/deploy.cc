// SPDX-License-Identifier: Apache-2.0
#include "commands/deploy.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <thread>

#include "apply/executor.h"
#include "apply/render_sql.h"
#include "apply/uuid.h"
#include "assess/assess.h"
#include "base/interruption.h"
#include "base/stopwatch.h"
#include "base/text.h"
#include "commands/uncovered.h"
#include "postgres/connect_with_retry.h"
#include "postgres/create_database.h"
#include "postgres/observe.h"
#include "project/project_context.h"

namespace ballast::commands {
namespace {

using release::ReplayMode;
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
    const Result<postgres::Target> target = project::TargetOf(*context_);
    postgres::PendingConnection approach(target, options_.connect_timeout);
    TRY_ASSIGN(intent_, project::SelectIntent(*context_, {options_.strategy, options_.branch},
                                              artifacts_, report_));
    if (std::holds_alternative<plan::ApplyRelease>(*intent_)) {
      Note(NoticesOfUncovered(*context_, artifacts_, true));
    }
    TRY_ASSIGN(postgres::Session session,
               EnsureDatabase(approach.Finish(ConnectSettings(options_.wait_for_database),
                                              *invocation_.progress),
                              target));
    Status done = ActPatiently(session);
    report_.round_trips += session.round_trips();
    if (!done && done.error().code == ErrorCode::kConnectionLost && began_) {
      return FindOutAfterLoss(session.target(), std::move(done).error());
    }
    return done;
  }

 private:
  // A database that does not exist is created, as Prisma does; a dry run only says so.
  Result<postgres::Session> EnsureDatabase(Result<postgres::Session> connected,
                                           const Result<postgres::Target>& target) {
    if (options_.dry_run) {
      if (connected) return connected;
      return postgres::WouldBeCreated(std::move(connected).error());
    }
    postgres::SessionOptions session;
    if (options_.connect_timeout) session.connect_timeout = *options_.connect_timeout;
    return postgres::CreateIfMissing(std::move(connected), target, session, &report_.notices);
  }

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
      if (done) return done;
      if (CanBeSplit(done.error())) continue;
      if (done.error().Detail("sqlstate") != "55P03") return done;
      Error error = std::move(done).error();
      if (error.code == ErrorCode::kPartiallyApplied) return error;
      if (attempt == kTries || ObserveSettings().lock_timeout.count() == 0)
        return Locked(error, attempt);
      invocation_.progress->Notice(
          fmt::format("a table lock was not granted in time; try {} of {}", attempt + 1, kTries));
      if (Interruption::WaitFor(pause)) return Interruption::AsError();
      pause = std::min(pause * 2, milliseconds(2000));
    }
  }

  // The server refused the script as one transaction, and nothing of it remains: from now on it
  // runs statement by statement. False for a script that does so already, or must not.
  bool CanBeSplit(const Error& error) {
    const auto mode = release::ReplayModeOf(options_.replay_mode);
    if (mode != ReplayMode::kAuto || error.code != ErrorCode::kMigrationFailed) return false;
    if (!release::IsCuredBySplitting(error.Detail("sqlstate"))) return false;
    const std::string name = error.Detail("migration");
    if (name.empty() || !split_.insert(name).second) return false;
    report_.notices.push_back(
        fmt::format("{} runs statement by statement: {}", name, error.Detail("server_message")));
    return true;
  }

  Error Locked(Error error, int tries) const {
    error.partial = error.partial || !report_.applied.empty();
    error.code = error.partial ? ErrorCode::kPartiallyApplied : ErrorCode::kLockTimeout;
    error.message += fmt::format(" ({} tries)", tries);
    error.hint =
        "see who holds the lock (pg_stat_activity, pg_locks), or deploy when there is less "
        "traffic";
    return error;
  }

  Result<assess::Assessment> Assess(postgres::Session& session) {
    assess::AssessOptions options;
    options.policy = {options_.adopt, options_.strict,
                      release::ReplayModeOf(options_.replay_mode).value_or(ReplayMode::kAuto),
                      split_};
    options.observe = ObserveSettings();
    options.compare_current = options_.dry_run;
    options.allow_drift = options_.allow_drift;
    return assess::Assess(*context_, artifacts_, *intent_, session, options, *invocation_.progress);
  }

  Status Act(postgres::Session& session) {
    TRY_ASSIGN(assess::Assessment assessment, Assess(session));
    live_ = std::move(assessment.live);
    TRY(Report(assessment));
    const plan::Plan& plan = report_.plan;
    if (options_.sql) {
      report_.sql = apply::RenderSql(plan, assessment.observation, session.target(), Context(),
                                     ObserveSettings());
    }
    if (options_.dry_run || plan.empty()) return {};
    began_ = true;
    if (!applied_before_) applied_before_ = AppliedRows(assessment.observation);
    apply::RunOutcome outcome;
    apply::RunContext context = Context();
    context.has_additions = live_ && !live_->found.Equal();
    context.state_before = [&](postgres::Session& same) { return StateBefore(same, assessment); };
    Status done =
        apply::Run(plan, assessment.observation, session, context, *invocation_.progress, outcome);
    Take(std::move(outcome));
    return done;
  }

  // Of a fresh database that seemed to have nothing in it: read now, where the server's hash says
  // that something else is there.
  Result<const apply::LiveStateBefore*> StateBefore(postgres::Session& session,
                                                    const assess::Assessment& assessment) {
    const release::FingerprintRecord* after = assess::ProvenAfter(report_.plan);
    if (!live_ && after != nullptr) {
      catalog::ComparisonRules rules = assess::RulesOf(*context_, artifacts_);
      rules.allow_drift = options_.allow_drift;
      TRY_ASSIGN(live_,
                 assess::AssessLiveState(*intent_, artifacts_, session, assessment.observation,
                                         assessment.decision, *after, rules));
      if (live_) report_.additions = assess::AdditionNames(*live_);
    }
    return live_ ? &live_->before : nullptr;
  }

  Status Report(assess::Assessment& assessment) {
    if (live_) {
      report_.additions = assess::AdditionNames(*live_);
      report_.drift = assess::DriftInWords(*live_);
    }
    plan::Decision& decision = assessment.decision;
    report_.found = decision.found;
    report_.decision = decision.kind();
    report_.failures = std::move(assessment.failures);
    Note(decision.notices);
    if (const auto& comparison = assessment.comparison) {
      report_.fingerprint_expected = comparison->expected;
      report_.fingerprint_actual = comparison->actual;
    }
    if (const plan::Refusal* refusal = decision.refusal()) {
      report_.evidence = refusal->evidence;
      report_.remedies = refusal->remedies;
      return plan::ErrorOf(*refusal);
    }
    report_.plan = std::get<plan::Plan>(std::move(decision.answer));
    for (const plan::Step* step : plan::StepsOf(report_.plan)) {
      const auto* record = std::get_if<plan::InsertResolvedRows>(&step->act);
      if (record != nullptr) report_.covered = static_cast<int>(record->migrations.size());
    }
    return {};
  }

  int ProvenOn() const {
    if (const auto* release = std::get_if<plan::ApplyRelease>(&*intent_)) {
      return release->fingerprint.server_major;
    }
    const auto& baseline = std::get<plan::FollowHistory>(*intent_).baseline;
    return baseline ? baseline->fingerprint.server_major : 0;
  }

  apply::RunContext Context() const {
    apply::RunContext context;
    context.journal.deployment = apply::NewUuid();
    if (report_.strategy) context.journal.strategy = plan::NameOf(*report_.strategy);
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

  // Of several tries, each continues where the one before it ended.
  void Take(apply::RunOutcome outcome) {
    std::move(outcome.applied.begin(), outcome.applied.end(), std::back_inserter(report_.applied));
    report_.recorded += outcome.recorded;
    report_.fingerprint_expected = outcome.expected_fingerprint;
    report_.fingerprint_actual = outcome.fingerprint;
    report_.live_objects = outcome.live_objects;
    report_.layout_equal = outcome.layout_equal;
    Note(outcome.notices);
  }

  // The connection broke after something was sent: whether it was committed, only the database can
  // say, and a server that restarts or fails over needs some seconds. Rows are written in the same
  // transaction, so a database that is now current had its commit.
  Status FindOutAfterLoss(const postgres::Target& target, Error loss) {
    const milliseconds timeout = std::max(options_.wait_for_database, ObserveSettings().lock_wait);
    auto session =
        postgres::ConnectWithRetry(target, ConnectSettings(timeout), *invocation_.progress);
    if (!session) return Unknown(loss);
    const auto assessment = Assess(*session);
    report_.round_trips += session->round_trips();
    if (!assessment) return Unknown(loss);
    const plan::Found found = assessment->decision.found;
    if (found == plan::Found::kCurrent) {
      report_.notices.push_back("the connection broke, but the commit had happened: " +
                                loss.message);
      report_.found = found;
      return {};
    }
    return AfterLoss(std::move(loss), assessment->observation);
  }

  static long AppliedRows(const plan::Observation& observation) {
    return std::count_if(
        observation.rows.begin(), observation.rows.end(),
        [](const plan::MigrationRow& row) { return row.finished && !row.rolled_back; });
  }

  // An open row is a step that began, also where the next deploy can resume it.
  Error AfterLoss(Error loss, const plan::Observation& observation) const {
    const long applied = AppliedRows(observation) - *applied_before_;
    if (!plan::FailedRows(observation).empty()) {
      loss.code = ErrorCode::kPartiallyApplied;
      loss.message += "; a step outside a transaction is left open";
      loss.hint = "see which, and what to do: ballast status";
    } else if (applied > 0) {
      loss.code = ErrorCode::kPartiallyApplied;
      loss.message += fmt::format("; {} applied, the others not",
                                  Counted(static_cast<size_t>(applied), "migration"));
      loss.hint = "nothing is half done: ballast deploy continues from there";
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
  std::optional<assess::LiveState> live_;  // the database before the deploy
  std::set<std::string> split_;            // scripts that the server refused as one transaction
  bool began_ = false;
  std::optional<long> applied_before_;  // rows, before anything was done
};

}  // namespace

DeployReport Deploy(const DeployOptions& options, const project::Invocation& invocation) {
  Stopwatch watch;
  DeployReport report;
  report.dry_run = options.dry_run;
  Status done = Deployment(options, invocation, report).Run();
  if (!done) {
    report.error = std::move(done).error();
    if (!report.decision || StatusOf(*report.error) == ExitStatus::kRefused) {
      report.decision = plan::DecisionKind::kRefuse;
    }
  }
  report.duration_ms = watch.Lap();
  return report;
}

}  // namespace ballast::commands
