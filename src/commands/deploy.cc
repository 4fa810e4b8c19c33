// SPDX-License-Identifier: Apache-2.0
#include "commands/deploy.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <future>
#include <set>

#include "apply/deploy_failure.h"
#include "apply/executor.h"
#include "apply/render_sql.h"
#include "assess/assess.h"
#include "assess/duplicate_object.h"
#include "base/interruption.h"
#include "base/text.h"
#include "change/lost_connection.h"
#include "commands/deploy_report.h"
#include "commands/kept_tables.h"
#include "plan/retry.h"
#include "postgres/connect_with_retry.h"
#include "postgres/create_database.h"
#include "postgres/journal_reader.h"
#include "postgres/observe.h"
#include "postgres/session_settings.h"
#include "project/project_context.h"
#include "report/stage_timer.h"
#include "run/deploy_settings.h"
#include "run/lock_remedy.h"
#include "run/prepared_deploy.h"
#include "run/project_start.h"
#include "run/recorded_run.h"
#include "run/run_report.h"
#include "run/uncovered_migrations.h"

namespace ballast::commands {
namespace {

using release::ReplayMode;
using std::chrono::milliseconds;

// Passes everything on. While an observation waits for the deployment lock, the stage is "wait".
class WaitStage : public Progress {
 public:
  WaitStage(Progress& inner, report::StageTimer& stages) : inner_(inner), stages_(stages) {}
  void Stage(std::string_view what, size_t total) override { inner_.Stage(what, total); }
  void Step(size_t done, std::string_view what) override { inner_.Step(done, what); }
  void Notice(std::string_view sentence) override { inner_.Notice(sentence); }
  void Event(const RunEvent& event) override {
    if (event.name == "waiting_for_lock") stages_.Begin("wait");
    if (event.name == "lock_obtained") stages_.Begin("observe");
    inner_.Event(event);
  }

 private:
  Progress& inner_;
  report::StageTimer& stages_;
};

// One run of the command. Everything that it finds is added to the report at once.
class Deployment {
 public:
  Deployment(const run::DeployOptions& options, const project::Invocation& invocation,
             project::LoadedProject& project, DeployReport& report)
      : options_(options),
        invocation_(invocation),
        report_(report),
        project_(project),
        run_(report) {}

  Status Run() {
    run::ProjectStart start(invocation_, project_, report_.run.target);
    run_.stages().Begin("load");
    const auto observing = [this](const project::ProjectContext& context) {
      return assess::ObserveSettings(
          context, {}, run::AssessSettings(options_, context.project.config, refused_));
    };
    TRY(start.Load(options_.trusted_keys, options_.connect_timeout, observing));
    const Status selected =
        start.Select({options_.strategy, options_.branch, options_.to}, report_);
    AddSelection();
    TRY(selected);
    // All scripts are read for it, while the server works.
    std::future<std::vector<std::string>> uncovered;
    if (std::holds_alternative<plan::ApplyRelease>(*project_.intent)) {
      uncovered = std::async(std::launch::async, [this] {
        return run::NoticesOfUncovered(*project_.context, project_.artifacts, true);
      });
    }
    const auto place = static_cast<std::ptrdiff_t>(report_.notices.size());
    run_.stages().Begin("connect");
    Status done = Continue(start.Connect(Connecting(options_.wait_for_database)), start.target());
    if (uncovered.valid()) {
      const std::vector<std::string> notices = uncovered.get();
      report_.notices.insert(report_.notices.begin() + place, notices.begin(), notices.end());
    }
    return done;
  }

  // For a loaded project and one of its databases.
  Status RunAt(const postgres::Target& target) {
    report_.run.target = run::TargetOf(target, *project_.context);
    AddSelection();
    run_.stages().Begin("connect");
    return Continue(postgres::ConnectWithRetry(target, Connecting(options_.wait_for_database),
                                               *invocation_.progress),
                    target);
  }

 private:
  void AddSelection() {
    run_.NoteSelection(*project_.context);
    if (report_.release) report_.run.release = report_.release->version;
  }

  Status Continue(Result<postgres::Session> connected, const Result<postgres::Target>& target) {
    const bool missing = !connected && connected.error().code == ErrorCode::kNoDatabase;
    if (missing && !options_.create_database) return std::move(connected).error();
    if (missing && options_.dry_run && target) return TryWithoutDatabase(*target);
    if (missing && target) TRY(RefuseBeforeCreating(*target));
    TRY_ASSIGN(postgres::Session session, EnsureDatabase(std::move(connected), target));
    run::ReportConnected(session, *report_.run.target, *invocation_.progress);
    Status done = RunWithRetries(session);
    run_.stages().End();
    report_.run.round_trips += session.round_trips();
    if (!done && !options_.dry_run) run_.RecordFailure(session, SoFar(), done.error());
    if (!done && done.error().code == ErrorCode::kConnectionLost && began_) {
      return FindOutAfterLoss(session.target(), std::move(done).error());
    }
    return done;
  }

  // A database that does not exist is created, as with Prisma. If the role may not, somebody else
  // may be about to do it.
  Result<postgres::Session> EnsureDatabase(Result<postgres::Session> connected,
                                           const Result<postgres::Target>& target) {
    const bool missing = !connected && connected.error().code == ErrorCode::kNoDatabase;
    postgres::ConnectOptions connect = Connecting(options_.wait_for_database);
    Result<postgres::Session> ensured = postgres::CreateIfMissing(
        std::move(connected), target, connect, *invocation_.progress, &report_.remarks);
    report_.created_database = missing && ensured.ok();
    const bool waits = missing && !ensured && ensured.error().code == ErrorCode::kAccessDenied &&
                       options_.wait_for_database.count() > 0;
    if (!waits) return ensured;
    connect.until_created = true;
    Result<postgres::Session> created =
        postgres::ConnectWithRetry(*target, connect, *invocation_.progress);
    const bool still_missing = !created && created.error().code == ErrorCode::kNoDatabase;
    return still_missing ? std::move(ensured) : std::move(created);
  }

  // A deploy that will be refused does not create the database. If the server cannot be observed,
  // creating the database fails for the same reason.
  Status RefuseBeforeCreating(const postgres::Target& target) {
    auto assessment = assess::AssessMissing(*project_.context, project_.artifacts, *project_.intent,
                                            target, Connecting(options_.wait_for_database),
                                            Assessing(), *invocation_.progress);
    if (!assessment || assessment->decision.refusal() == nullptr) return {};
    run::FillTarget(assessment->observation, *report_.run.target);
    return FillDecision(*assessment, report_);
  }

  // A dry run shows what would be done after the database is created.
  Status TryWithoutDatabase(const postgres::Target& target) {
    TRY_ASSIGN(assess::Assessment assessment,
               assess::AssessMissing(*project_.context, project_.artifacts, *project_.intent,
                                     target, Connecting(options_.wait_for_database), Assessing(),
                                     *invocation_.progress));
    report_.remarks.push_back(postgres::DescribeMissing(target));
    run::FillTarget(assessment.observation, *report_.run.target);
    TRY(FillDecision(assessment, report_));
    RenderSql(assessment, target);
    return {};
  }

  void RenderSql(const assess::Assessment& assessment, const postgres::Target& target) {
    if (!options_.sql) return;
    report_.sql = apply::RenderSql(report_.plan, assessment.observation, target,
                                   Context(assessment, target), Observing());
  }

  postgres::ObserveOptions Observing() const {
    return run::ObserveSettings(options_, project_.context->project.config);
  }
  postgres::ConnectOptions Connecting(milliseconds timeout) const {
    return run::ConnectSettings(options_, project_.context->project.config, timeout);
  }
  assess::AssessOptions Assessing() const {
    assess::AssessOptions assess =
        run::AssessSettings(options_, project_.context->project.config, refused_);
    if (report_.assessed_again) assess.shortcuts.relies_on_end = false;
    // Rows that are complete do not show that the run has ended.
    if (began_) assess.shortcuts.rows_first = false;
    return assess;
  }

  // The run so far, with the fingerprint that the plan leads to.
  report::RunReport SoFar() const {
    report::RunReport run = run_.SoFar();
    const release::FingerprintRecord* proven = plan::ProvenAfter(report_.plan);
    if (proven != nullptr && plan::ScriptsAfterComparison(report_.plan) == 0) {
      run.fingerprint_expected = proven->catalog;
    }
    return run;
  }

  // An attempt that committed something makes the error of a later one partial.
  Status RunWithRetries(postgres::Session& session) {
    Status done = RunAttempts(session);
    if (done || done.error().partial || report_.applied.empty()) return done;
    return apply::AfterApplied(std::move(done).error(), report_.applied);
  }

  Status RunAttempts(postgres::Session& session) {
    constexpr plan::RetryPolicy kPolicy;
    for (int attempt = 1;; ++attempt) {
      Status done = Act(session);
      if (done) return done;
      Error error = std::move(done).error();
      const bool waits = Observing().lock_timeout.count() > 0;
      const ReplayMode mode = options_.replay_mode.value_or(ReplayMode::kAuto);
      switch (plan::NextAttemptAfter(error, attempt, waits, mode, report_.plan, kPolicy)) {
        case plan::NextAttempt::kNone:
          return plan::IsRetriedAfterLock(error) ? Locked(session, std::move(error), attempt)
                                                 : error;
        case plan::NextAttempt::kAtOnce:
          break;
        case plan::NextAttempt::kSplit:
          if (!SplitFromNowOn(error)) return error;
          break;
        case plan::NextAttempt::kApart:
          ApartFromNowOn(error);
          break;
        case plan::NextAttempt::kAfterPause:
          ReportLock(session, error, attempt + 1, kPolicy.lock_attempts);
          if (Interruption::WaitFor(kPolicy.PauseAfter(attempt))) return Interruption::AsError();
          break;
      }
    }
  }

  void ReportLock(postgres::Session& session, const Error& error, int next, int attempts) const {
    const std::string holder = run::LockHolders(session, report_.plan, error);
    invocation_.progress->Event({"waiting_for_lock", {{"holder", holder}}});
    invocation_.progress->Notice(
        fmt::format("a table lock was not granted in time; try {} of {}{}{}", next, attempts,
                    holder.empty() ? "" : ": ", holder));
  }

  // False for a script that is sent in this way already.
  bool SplitFromNowOn(const Error& error) {
    const std::string name = error.Detail("migration");
    if (!refused_.split.insert(name).second) return false;
    report_.notices.push_back(fmt::format("{} runs {}: {}", name,
                                          plan::HasOneStatement(report_.plan, name)
                                              ? "outside of a transaction block"
                                              : "statement by statement",
                                          error.Detail("server_message")));
    return true;
  }

  void ApartFromNowOn(const Error& error) {
    const std::string name = error.Detail("migration");
    refused_.apart.insert(name);
    report_.notices.push_back(fmt::format("the migrations before {} are committed first: {}", name,
                                          error.Detail("server_message")));
  }

  Error Locked(postgres::Session& session, Error error, int tries) const {
    error.partial =
        error.partial || error.code == ErrorCode::kPartiallyApplied || !report_.applied.empty();
    error.code = error.partial ? ErrorCode::kPartiallyApplied : ErrorCode::kLockTimeout;
    error.message += fmt::format(" ({} tries)", tries);
    error.hint = run::LockRemedy(session, report_.plan, error, "deploy when there is less traffic");
    return error;
  }

  Result<assess::Assessment> Assess(postgres::Session& session) {
    WaitStage progress(*invocation_.progress, run_.stages());
    return assess::Assess(*project_.context, project_.artifacts, *project_.intent, session,
                          Assessing(), progress);
  }

  Status Act(postgres::Session& session) {
    run_.stages().Begin("observe");
    TRY_ASSIGN(assess::Assessment assessment, Assess(session));
    return Act(session, std::move(assessment));
  }

  Status Act(postgres::Session& session, assess::Assessment assessment) {
    if (auto notice = run::NoticeOfSchema(assessment.observation, *report_.run.target))
      report_.notices.push_back(*std::move(notice));
    run_.NoteObservation(assessment.observation);
    TRY(TakePlan(assessment));
    const plan::Plan& plan = report_.plan;
    RenderSql(assessment, session.target());
    report_.is_found_only = options_.dry_run && EndsUnproven(plan);
    if (options_.dry_run || plan.empty()) return {};
    std::vector<std::string> kept;
    if (assessment.observation.has_kept_data) {
      TRY_ASSIGN(kept, KeptTables(session, assessment.observation.schema));
    }
    began_ = true;
    if (!applied_before_) applied_before_ = change::AppliedRows(assessment.observation);
    const plan::Transaction* comparison = plan::FinalComparison(plan);
    comparison_ = comparison == nullptr ? std::nullopt : std::optional(*comparison);
    apply::RunOutcome outcome;
    apply::RunContext context = Context(assessment, session.target());
    context.committed_before = CommittedBefore(assessment.observation);
    context.state_before = [&](postgres::Session& same) {
      const bool untouched = !context.committed_before && outcome.applied.empty();
      return StateBefore(same, assessment, untouched);
    };
    if (EndsUnproven(plan) && live_ && live_->before.proven) context.watched = &live_->before;
    context.run_row = [this, &session] {
      return run_.Row(SoFar(), report_.plan, report_.run.round_trips + session.round_trips());
    };
    run_.stages().Begin("apply");
    Status done =
        apply::Run(plan, assessment.observation, session, context, *invocation_.progress, outcome);
    const bool skipped = assessment.comparer == apply::Comparer::kServerOnly;
    if (!done && skipped && IsAssessedAgain(done.error(), outcome)) {
      report_.assessed_again = true;
      return Act(session);
    }
    const std::vector<std::string> server_notices = std::move(outcome.server_notices);
    const std::vector<std::string> lost = outcome.lost_additions;
    if (context.watched != nullptr && !outcome.compared_again) ClearAdditions();
    AddOutcome(std::move(outcome), report_);
    if (done) EndPredictions(lost, report_);
    if (done && !kept.empty()) {
      TRY(ReportKeptTables(kept, assessment.observation.schema, server_notices, session, report_));
    }
    return done ? done : Explained(std::move(done).error(), assessment);
  }

  // An attempt whose final comparison was not committed leaves a database that is current by its
  // rows: the next attempt makes up the comparison, with the state that was found before.
  Status TakePlan(assess::Assessment& assessment) {
    if (comparison_ && assessment.decision.IsCurrent()) {
      report_.plan.transactions = {*comparison_};
      return {};
    }
    report_.has_proven_end = plan::ProvenEnd(*project_.intent) != nullptr;
    const Status decided = FillDecision(assessment, report_);
    live_ = std::move(assessment.live);
    return decided;
  }

  // The scripts that earlier attempts have committed; nothing if they have committed nothing.
  std::optional<std::vector<std::string>> CommittedBefore(
      const plan::Observation& observation) const {
    const bool committed =
        !report_.applied.empty() || change::AppliedRows(observation) > applied_before_.value_or(0);
    return committed ? std::optional(report_.applied) : std::nullopt;
  }

  // What nobody has seen after the deploy is not reported as left alone.
  void ClearAdditions() {
    report_.run.additions.clear();
    report_.run.drift.clear();
    report_.ignored.clear();
  }

  // Whether scripts run that no comparison follows.
  static bool EndsUnproven(const plan::Plan& plan) {
    if (plan::ProvenAfter(plan) != nullptr) return plan::ScriptsAfterComparison(plan) > 0;
    return plan::HasStep<plan::RunScript>(plan);
  }

  // Nothing of the transaction remains, and the comparison that was omitted can explain why it
  // failed.
  static bool IsAssessedAgain(const Error& error, const apply::RunOutcome& outcome) {
    return outcome.applied.empty() && StatusOf(error) == ExitStatus::kRefused &&
           !plan::IsLockNotAvailable(error) && !Interruption::Requested();
  }

  // A migration can fail because another one has created its objects, or because it was applied
  // under its earlier name.
  Error Explained(Error error, const assess::Assessment& assessment) const {
    if (error.code != ErrorCode::kMigrationFailed) return error;
    assess::NameCreatorOfDuplicate(*project_.intent, assessment.observation, report_.plan, error);
    for (const plan::RenamedMigration& one : assessment.decision.renamed) {
      if (one.name == error.Detail("migration")) error.hint = plan::RemedyOf(one);
    }
    return error;
  }

  // For a fresh database that seemed to be empty: read now, because the server's hash shows that it
  // has other objects. Once something is committed, the state before can no longer be read.
  Result<const apply::LiveStateBefore*> StateBefore(postgres::Session& session,
                                                    const assess::Assessment& assessment,
                                                    bool untouched) {
    const release::FingerprintRecord* after = plan::ProvenAfter(report_.plan);
    if (!live_ && after != nullptr && untouched) {
      const assess::LiveStateReader reader(*project_.context, project_.artifacts, *project_.intent,
                                           options_.allow_drift);
      TRY_ASSIGN(live_, reader.Read(session, assessment.observation, assessment.decision, *after));
      if (live_) report_.run.additions = plan::NamesOfAdditions(live_->comparison);
    }
    return live_ ? &live_->before : nullptr;
  }

  int ProvenOn() const {
    if (const auto* release = std::get_if<plan::ApplyRelease>(&*project_.intent)) {
      return release->fingerprint.server_major;
    }
    const auto& baseline = std::get<plan::FollowHistory>(*project_.intent).baseline;
    return baseline ? baseline->fingerprint.server_major : 0;
  }

  apply::RunContext Context(const assess::Assessment& assessment,
                            const postgres::Target& target) const {
    apply::RunContext context;
    context.comparer = assessment.comparer;
    context.settings = postgres::RenewedSettings(target, Observing());
    const auto* release = std::get_if<plan::ApplyRelease>(&*project_.intent);
    context.journal = run_.Journal(*project_.intent, release != nullptr ? release->version : "");
    if (release != nullptr) context.journal.fingerprint = release->fingerprint.catalog;
    context.proven_on = ProvenOn();
    context.time_limit_remedy = run::TimeLimitRemedy(
        options_.statement_timeout, project_.context->project.config, "ballast deploy");
    context.drift_remedy =
        "if somebody else changed these objects, see what would restore them: ballast repair "
        "--dry-run, or leave them: ballast deploy --allow-drift";
    if (release != nullptr) {
      context.drift_remedy += "; otherwise check the package: ballast release verify --deep";
    } else if (project_.artifacts.baseline) {
      context.drift_remedy += "; otherwise create the baseline again: ballast baseline create";
    }
    context.expected_snapshot = [this](const std::string& fingerprint) {
      return project::ProvenSnapshot(project_.artifacts, fingerprint);
    };
    return context;
  }

  // The connection broke after something was sent: only the database can tell whether it was
  // committed, and a server that restarts or fails over needs some seconds. Rows are written in the
  // same transaction, so a database that is now current had its commit, unless the last transaction
  // only compares.
  Status FindOutAfterLoss(const postgres::Target& target, Error loss) {
    const milliseconds timeout = std::max(options_.wait_for_database, Observing().lock_wait);
    auto look = change::LookAfterLoss(
        target, Connecting(timeout), [this](postgres::Session& session) { return Assess(session); },
        *invocation_.progress);
    if (!look) return change::UnknownOutcome(loss, "ballast deploy");
    const plan::Found found = look->assessment.decision.found;
    const bool has_rows = found == plan::Found::kCurrent;
    if (has_rows && comparison_ && !HasCompared(*look)) return CompareAfterLoss(*look, loss);
    report_.run.round_trips += look->session.round_trips();
    if (has_rows) {
      report_.remarks.push_back(change::BrokeAfterCommit(loss));
      report_.found = found;
      report_.run.found = plan::NameOf(found);
      return {};
    }
    return change::AfterLoss(std::move(loss), look->assessment.observation, *applied_before_);
  }

  // Whether the final comparison was committed. False if that is not known.
  bool HasCompared(change::SecondLook& look) const {
    if (!look.assessment.observation.has_journal) return false;
    const Result<bool> ended = postgres::HasEnded(look.session, report_.run.run);
    return ended && *ended;
  }

  Status CompareAfterLoss(change::SecondLook& look, const Error& loss) {
    Status done = Act(look.session, std::move(look.assessment));
    run_.stages().End();
    report_.run.round_trips += look.session.round_trips();
    if (done) {
      report_.remarks.push_back(change::ComparedAfterLoss(loss));
      return done;
    }
    Error error = std::move(done).error();
    if (!error.partial) error = apply::AfterApplied(std::move(error), report_.applied);
    error = change::UncomparedAfterLoss(std::move(error));
    run_.RecordFailure(look.session, SoFar(), error);
    return error;
  }

  const run::DeployOptions& options_;
  const project::Invocation& invocation_;
  DeployReport& report_;
  project::LoadedProject& project_;
  run::RecordedRun run_;
  std::optional<assess::LiveState> live_;  // the database before the deploy
  plan::RefusedScripts refused_;
  bool began_ = false;
  std::optional<long> applied_before_;  // number of rows before the deploy
  // With which the last attempt was to end, if it is a transaction of its own.
  std::optional<plan::Transaction> comparison_;
};

// The report of a deploy that `act` carries out.
template <class Act>
DeployReport ReportDeploy(const run::DeployOptions& options, const project::Invocation& invocation,
                          const Act& act) {
  return run::RunCommand<DeployReport>("deploy", invocation, [&](DeployReport& report) {
    report.dry_run = options.dry_run;
    report.accepts_drift = options.allow_drift;
    return run::Decided(act(report), report.decision);
  });
}

}  // namespace

DeployReport Deploy(const run::DeployOptions& options, const project::Invocation& invocation) {
  project::LoadedProject project;
  return ReportDeploy(options, invocation, [&](DeployReport& report) {
    return Deployment(options, invocation, project, report).Run();
  });
}

DeployReport DeployTo(const postgres::Target& target, const run::DeployOptions& options,
                      const project::Invocation& invocation, run::PreparedDeploy& prepared) {
  return ReportDeploy(options, invocation, [&](DeployReport& report) {
    static_cast<project::StrategySelection&>(report) = prepared.selection;
    return Deployment(options, invocation, prepared, report).RunAt(target);
  });
}

}  // namespace ballast::commands
