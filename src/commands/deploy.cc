// SPDX-License-Identifier: Apache-2.0
#include "commands/deploy.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <future>
#include <iterator>
#include <set>
#include <thread>

#include "apply/executor.h"
#include "apply/render_sql.h"
#include "apply/split_script.h"
#include "assess/assess.h"
#include "base/interruption.h"
#include "base/stopwatch.h"
#include "base/text.h"
#include "commands/kept_data.h"
#include "commands/live_change.h"
#include "commands/prepared_deploy.h"
#include "commands/run_report.h"
#include "commands/uncovered.h"
#include "postgres/connect_with_retry.h"
#include "postgres/create_database.h"
#include "postgres/observe.h"
#include "project/project_context.h"
#include "report/stage_timer.h"

namespace ballast::commands {
namespace {

using release::ReplayMode;
using std::chrono::milliseconds;

// The default lock timeout of each attempt: an application's reads queue behind a script that waits
// for a table lock.
constexpr milliseconds kTableLockTimeout{3000};

double MillisecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

// Copies the data that the command's report has about its run.
void CompleteRun(const DeployReport& report, report::RunReport& run) {
  if (report.strategy) run.strategy = plan::NameOf(*report.strategy);
  if (report.found) run.found = plan::NameOf(*report.found);
  if (report.release) run.release = report.release->version;
  run.recorded = report.recorded;
  run.drift = report.drift;
  run.additions = report.additions;
  run.fingerprint_expected = report.fingerprint_expected;
  run.fingerprint_actual = report.fingerprint_actual;
  run.round_trips = report.round_trips;
}

// One run of the command. Everything that it finds is added to the report at once.
class Deployment {
 public:
  Deployment(const DeployOptions& options, const project::Invocation& invocation,
             PreparedDeploy& prepared, DeployReport& report)
      : options_(options),
        invocation_(invocation),
        report_(report),
        context_(prepared.context),
        artifacts_(prepared.artifacts),
        intent_(prepared.intent),
        stages_(&report.run.stages) {}

  Status Run() {
    const std::future<void> loading = postgres::LoadAhead();
    stages_.Begin("load");
    TRY_ASSIGN(context_, project::LoadProject(invocation_));
    context_->option_keys = options_.trusted_keys;
    report_.run.project = NameOf(*context_);
    const Result<postgres::Target> target = project::TargetOf(*context_);
    if (target) report_.run.target = TargetOf(*target);
    postgres::PendingConnection approach(target, options_.connect_timeout);
    TRY_ASSIGN(intent_,
               project::SelectIntent(*context_, {options_.strategy, options_.branch, options_.to},
                                     artifacts_, report_));
    // All scripts are read for it, while the server works.
    std::future<std::vector<std::string>> uncovered;
    if (std::holds_alternative<plan::ApplyRelease>(*intent_)) {
      uncovered = std::async(std::launch::async,
                             [this] { return NoticesOfUncovered(*context_, artifacts_, true); });
    }
    const auto place = static_cast<std::ptrdiff_t>(report_.notices.size());
    stages_.Begin("connect");
    Status done = Continue(
        approach.Finish(ConnectSettings(options_.wait_for_database), *invocation_.progress),
        target);
    if (uncovered.valid()) {
      const std::vector<std::string> notices = uncovered.get();
      report_.notices.insert(report_.notices.begin() + place, notices.begin(), notices.end());
    }
    return done;
  }

  // For a prepared project and one of its databases.
  Status RunAt(const postgres::Target& target) {
    report_.run.project = NameOf(*context_);
    report_.run.target = TargetOf(target);
    stages_.Begin("connect");
    return Continue(postgres::ConnectWithRetry(target, ConnectSettings(options_.wait_for_database),
                                               *invocation_.progress),
                    target);
  }

 private:
  Status Continue(Result<postgres::Session> connected, const Result<postgres::Target>& target) {
    const bool missing = !connected && connected.error().code == ErrorCode::kNoDatabase;
    if (missing && options_.dry_run && target) return TryWithoutDatabase(*target);
    TRY_ASSIGN(postgres::Session session, EnsureDatabase(std::move(connected), target));
    TakeServer(session, *report_.run.target, *invocation_.progress);
    Status done = ActPatiently(session);
    stages_.End();
    report_.round_trips += session.round_trips();
    if (!done && !options_.dry_run) Record(session, done.error());
    if (!done && done.error().code == ErrorCode::kConnectionLost && began_) {
      return FindOutAfterLoss(session.target(), std::move(done).error());
    }
    return done;
  }

  // A database that does not exist is created, as with Prisma.
  Result<postgres::Session> EnsureDatabase(Result<postgres::Session> connected,
                                           const Result<postgres::Target>& target) {
    postgres::SessionOptions session;
    if (options_.connect_timeout) session.connect_timeout = *options_.connect_timeout;
    return postgres::CreateIfMissing(std::move(connected), target, session, &report_.remarks);
  }

  // A dry run shows what would be done after the database is created.
  Status TryWithoutDatabase(const postgres::Target& target) {
    report_.remarks.push_back(postgres::MissingInWords(target));
    TRY_ASSIGN(assess::Assessment assessment,
               assess::AssessMissing(*context_, artifacts_, *intent_, target, AssessSettings(),
                                     *invocation_.progress));
    TRY(Report(assessment));
    RenderSql(assessment, target);
    return {};
  }

  void RenderSql(const assess::Assessment& assessment, const postgres::Target& target) {
    if (!options_.sql) return;
    report_.sql = apply::RenderSql(report_.plan, assessment.observation, target, Context(),
                                   ObserveSettings());
  }

  // The run as far as it is known.
  report::RunReport RunSoFar() const {
    report::RunReport run = report_.run;
    CompleteRun(report_, run);
    if (const release::FingerprintRecord* proven = assess::ProvenAfter(report_.plan)) {
      run.fingerprint_expected = proven->catalog;
    }
    run.duration_ms = MillisecondsSince(began_at_);
    return run;
  }

  void Record(postgres::Session& session, const Error& error) const {
    RecordFailure(session, journal_, RunSoFar(), error);
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

  // Many concurrent deploys may take all connections; each of them waits for the lock anyway.
  postgres::ConnectOptions ConnectSettings(milliseconds timeout) const {
    return {options_.connect_timeout, timeout,
            std::max(options_.wait_when_full, ObserveSettings().lock_wait)};
  }

  // A transaction that did not get a table lock in time (55P03) changed nothing. The deploy is
  // repeated from the observation on, so that an application's reads, which queue behind a waiting
  // ALTER TABLE, can proceed in between.
  Status ActPatiently(postgres::Session& session) {
    constexpr int kTries = 8;
    milliseconds pause{100};
    for (int attempt = 1;; ++attempt) {
      Status done = Act(session);
      if (done) return done;
      if (CanBeSplit(done.error())) continue;
      if (done.error().Detail("sqlstate") != "55P03") return done;
      Error error = std::move(done).error();
      const bool resumable = !error.Detail(apply::kResumable).empty();
      if (error.code == ErrorCode::kPartiallyApplied && !resumable) return error;
      if (attempt == kTries || ObserveSettings().lock_timeout.count() == 0)
        return Locked(error, attempt);
      invocation_.progress->Notice(
          fmt::format("a table lock was not granted in time; try {} of {}", attempt + 1, kTries));
      if (Interruption::WaitFor(pause)) return Interruption::AsError();
      pause = std::min(pause * 2, milliseconds(2000));
    }
  }

  // The server refused the script in one transaction, and nothing of it remains: from now on it
  // runs statement by statement. False for a script that already does, or must not.
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
    error.partial =
        error.partial || error.code == ErrorCode::kPartiallyApplied || !report_.applied.empty();
    error.code = error.partial ? ErrorCode::kPartiallyApplied : ErrorCode::kLockTimeout;
    error.message += fmt::format(" ({} tries)", tries);
    error.hint =
        "find who holds the lock (pg_stat_activity, pg_locks), or deploy when there is less "
        "traffic";
    return error;
  }

  assess::AssessOptions AssessSettings() const {
    assess::AssessOptions options;
    options.policy = {options_.adopt, options_.strict,
                      release::ReplayModeOf(options_.replay_mode).value_or(ReplayMode::kAuto),
                      split_};
    options.observe = ObserveSettings();
    options.compare_current = options_.dry_run;
    options.allow_drift = options_.allow_drift;
    return options;
  }

  Result<assess::Assessment> Assess(postgres::Session& session) {
    return assess::Assess(*context_, artifacts_, *intent_, session, AssessSettings(),
                          *invocation_.progress);
  }

  Status Act(postgres::Session& session) {
    stages_.Begin("observe");
    TRY_ASSIGN(assess::Assessment assessment, Assess(session));
    TakeObservation(assessment.observation, *report_.run.target);
    journal_ = JournalState(assessment.observation);
    if (assessment.observation.journal_release) {
      report_.run.release_before = assessment.observation.journal_release->version;
    }
    live_ = std::move(assessment.live);
    TRY(Report(assessment));
    const plan::Plan& plan = report_.plan;
    RenderSql(assessment, session.target());
    if (options_.dry_run || plan.empty()) return {};
    if (assessment.decision.found == plan::Found::kBehind) TRY(BringBackKeptData(session));
    began_ = true;
    if (!applied_before_) applied_before_ = AppliedRows(assessment.observation);
    apply::RunOutcome outcome;
    apply::RunContext context = Context();
    context.has_additions = live_ && !live_->found.Equal();
    context.state_before = [&](postgres::Session& same) { return StateBefore(same, assessment); };
    context.run_row = [this] {
      report::RunReport run = RunSoFar();
      run.recorded += RowsWrittenBy(report_.plan);
      postgres::RunRow row = RowOf(run);
      row.apply_ms = stages_.RunningMilliseconds();
      return row;
    };
    stages_.Begin("apply");
    Status done =
        apply::Run(plan, assessment.observation, session, context, *invocation_.progress, outcome);
    Take(std::move(outcome));
    return Explained(std::move(done), assessment.decision.renamed);
  }

  // A migration that fails because it is there under its earlier name.
  static Status Explained(Status done, const std::vector<plan::RenamedMigration>& renamed) {
    if (done || done.error().code != ErrorCode::kMigrationFailed) return done;
    Error error = std::move(done).error();
    for (const plan::RenamedMigration& one : renamed) {
      if (one.name == error.Detail("migration")) error.hint = plan::RemedyOf(one);
    }
    return error;
  }

  // For a fresh database that seemed to be empty: read now, because the server's hash shows that it
  // has other objects.
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

  // Data that a rollback has kept is restored in the last transaction of an upgrade.
  Status BringBackKeptData(postgres::Session& session) {
    TRY_ASSIGN(const auto answer, session.Query("SELECT pg_catalog.to_regnamespace('" +
                                                std::string(kKeptSchema) + "') IS NOT NULL"));
    if (answer.back().rows.at(0).at(0) != "t") return {};
    std::vector<plan::Step>& steps = report_.plan.transactions.back().steps;
    if (report_.plan.transactions.back().mode != plan::ScriptMode::kInTransaction) return {};
    plan::RunScript run{release::MakeMigration("ballast_kept", RestoreDataSql())};
    run.record = false;
    const auto verify = std::find_if(steps.begin(), steps.end(), [](const plan::Step& step) {
      return std::holds_alternative<plan::VerifyCatalog>(step.act);
    });
    steps.insert(verify, {std::move(run), "restore data that a rollback has kept"});
    return {};
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
    std::move(decision.notices.begin(), decision.notices.end(),
              std::back_inserter(report_.remarks));
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
    context.journal.deployment = report_.run.run;
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
    context.expected_snapshot = [this](const std::string& fingerprint) {
      return project::ProvenSnapshot(artifacts_, fingerprint);
    };
    return context;
  }

  // Each repetition continues where the previous attempt ended.
  void Take(apply::RunOutcome outcome) {
    for (size_t i = 0; i < outcome.applied.size() && i < outcome.took.size(); ++i) {
      report_.run.migrations.push_back({outcome.applied[i], outcome.took[i]});
    }
    std::move(outcome.applied.begin(), outcome.applied.end(), std::back_inserter(report_.applied));
    report_.recorded += outcome.recorded;
    report_.fingerprint_expected = outcome.expected_fingerprint;
    report_.fingerprint_actual = outcome.fingerprint;
    report_.live_objects = outcome.live_objects;
    report_.layout_equal = outcome.layout_equal;
    Note(outcome.notices);
  }

  // The connection broke after something was sent: only the database can tell whether it was
  // committed, and a server that restarts or fails over needs some seconds. Rows are written in the
  // same transaction, so a database that is now current had its commit.
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
      report_.remarks.push_back("the connection broke after the commit: " + loss.message);
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

  // An open row is a step that has begun, even if the next deploy can resume it.
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
      loss.hint = "ballast deploy continues from there";
    } else {
      loss.message += "; a second connection found that it was not committed";
    }
    return loss;
  }

  static Error Unknown(const Error& loss) {
    return MakeError(ErrorCode::kOutcomeUnknown,
                     loss.message + "; it is not known whether it was committed",
                     "when the server is back: ballast status, then ballast deploy");
  }

  // Each notice once, even if the database is observed again.
  void Note(const std::vector<std::string>& notices) {
    std::vector<std::string>& noted = report_.notices;
    for (const std::string& notice : notices) {
      if (std::find(noted.begin(), noted.end(), notice) == noted.end()) noted.push_back(notice);
    }
  }

  const DeployOptions& options_;
  const project::Invocation& invocation_;
  DeployReport& report_;
  std::optional<project::ProjectContext>& context_;
  project::Artifacts& artifacts_;
  std::optional<plan::Intent>& intent_;
  std::optional<assess::LiveState> live_;  // the database before the deploy
  std::set<std::string> split_;            // scripts that the server refused in one transaction
  bool began_ = false;
  std::optional<long> applied_before_;  // number of rows before the deploy
  report::StageTimer stages_;
  std::optional<JournalState> journal_;  // set once the database was observed
  const std::chrono::steady_clock::time_point began_at_ = std::chrono::steady_clock::now();
};

void TakeError(Status done, DeployReport& report) {
  if (done) return;
  report.error = std::move(done).error();
  if (!report.decision || StatusOf(*report.error) == ExitStatus::kRefused) {
    report.decision = plan::DecisionKind::kRefuse;
  }
}

void EndDeploy(const DeployOptions& options, const project::Invocation& invocation,
               double duration_ms, DeployReport& report) {
  report.duration_ms = duration_ms;
  CompleteRun(report, report.run);
  const bool changed = !options.dry_run && report.decision == plan::DecisionKind::kApply;
  EndRun(report.run, report.duration_ms, changed, report.error, invocation);
}

}  // namespace

DeployReport Deploy(const DeployOptions& options, const project::Invocation& invocation) {
  Stopwatch watch;
  DeployReport report;
  report.dry_run = options.dry_run;
  report.run = BeginRun("deploy", invocation);
  PreparedDeploy prepared;
  TakeError(Deployment(options, invocation, prepared, report).Run(), report);
  EndDeploy(options, invocation, watch.Lap(), report);
  return report;
}

DeployReport DeployTo(const postgres::Target& target, const DeployOptions& options,
                      const project::Invocation& invocation, PreparedDeploy& prepared) {
  Stopwatch watch;
  DeployReport report;
  static_cast<project::StrategySelection&>(report) = prepared.selection;
  report.dry_run = options.dry_run;
  report.run = BeginRun("deploy", invocation);
  TakeError(Deployment(options, invocation, prepared, report).RunAt(target), report);
  EndDeploy(options, invocation, watch.Lap(), report);
  return report;
}

}  // namespace ballast::commands
