// SPDX-License-Identifier: Apache-2.0
#include "commands/live_change.h"

#include <fmt/format.h>

#include <utility>

#include "apply/deploy_failure.h"
#include "apply/executor.h"
#include "apply/render_sql.h"
#include "apply/retry.h"
#include "assess/live_state.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "commands/deploy_settings.h"
#include "commands/lock_remedy.h"
#include "commands/object_globs.h"
#include "commands/project_start.h"
#include "difference/dependent_additions.h"
#include "plan/loss_guard.h"
#include "plan/server_refusals.h"
#include "project/scratch_options.h"
#include "project/strategy_selection.h"

namespace ballast::commands {
namespace {

// Describes the release of this version, which `release` is or upgrades from.
void DescribeRelease(const plan::ApplyRelease& release, const std::string& version,
                     postgres::JournalEntry& entry) {
  entry.release = version;
  for (const release::PreviousRelease& previous : release.previous) {
    if (previous.version == version) {
      entry.baseline_checksum = previous.baseline_checksum;
      return;
    }
    entry.older_baselines.push_back(previous.baseline_checksum);
  }
  entry.baseline_checksum = release.baseline.checksum;
}

// Rows that no query of the change had counted beforehand.
Error ConflictWith(const std::string& object, Error error) {
  error.code = ErrorCode::kConflictingRows;
  error.message = fmt::format("rows conflict with {}: {}", object, error.Detail("server_message"));
  error.hint = "correct these rows, then run the command again; nothing was changed";
  return error;
}

}  // namespace

using std::chrono::milliseconds;

Result<LiveChange> LiveChange::Begin(const LiveChangeOptions& options,
                                     const project::Invocation& invocation, ChangeReport& report) {
  LiveChange change(options, invocation, report);
  TRY(change.Connect());
  TRY(change.Recorded(change.Observe()));
  return change;
}

postgres::ObserveOptions LiveChange::ObserveSettings() const {
  constexpr milliseconds kTableLockTimeout{10000};
  postgres::ObserveOptions settings =
      TimeoutSettings(options_.lock_timeout, options_.statement_timeout, context().project.config,
                      kTableLockTimeout);
  settings.lock = !options_.dry_run && !options_.sql;
  return settings;
}

Status LiveChange::Connect() {
  ProjectStart start(*invocation_, project_, report_->run.target);
  stages_->Begin("load");
  TRY(start.Load(options_.trusted_keys));
  report_->run.project = NameOf(context());
  const Status selected = start.Select({options_.strategy, options_.branch}, *report_);
  if (report_->strategy) report_->run.strategy = plan::NameOf(*report_->strategy);
  TRY(selected);
  stages_->Begin("connect");
  TRY_ASSIGN(session_, start.Connect());
  ReportConnected(*session_, *report_->run.target, *invocation_->progress);
  return {};
}

Result<assess::Assessment> LiveChange::Assess(postgres::Session& session) {
  const postgres::ObserveOptions observe = ObserveSettings();
  assess::AssessOptions assess(assess::Purpose::kDeploy, {.allow_drift = true}, observe);
  assess.observe.lock = observe.lock;
  return assess::Assess(context(), project_.artifacts, *project_.intent, session, assess,
                        *invocation_->progress);
}

Status LiveChange::Observe() {
  stages_->Begin("observe");
  TRY_ASSIGN(assessment_, Assess(*session_));
  report_->found = assessment_->decision.found;
  report_->run.found = plan::NameOf(*report_->found);
  FillTarget(assessment_->observation, *report_->run.target);
  journal_ = JournalState(assessment_->observation);
  if (assessment_->observation.journal_release) {
    report_->run.release_before = assessment_->observation.journal_release->version;
  }
  return {};
}

report::RunReport LiveChange::RunSoFar() const {
  report::RunReport run = report_->run;
  run.duration_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began_at_)
          .count();
  return run;
}

Status LiveChange::Recorded(Status done) {
  stages_->End();
  const bool changes = !options_.dry_run && !options_.sql;
  if (!done && changes) {
    RecordFailure(*session_, journal_, RunSoFar(), done.error(), done.error().partial);
  }
  return done;
}

catalog::ComparisonRules LiveChange::Rules() const {
  return assess::RulesOf(context(), project_.artifacts);
}

Result<scratch::ScratchServer> LiveChange::StartScratch() {
  stages_->Begin("prove");
  return proof::StartServerOf(
      session_->server_major(),
      project::ScratchOptionsOf(context(), project::ScriptSourceOf(*project_.intent)),
      *invocation_->progress);
}

Status LiveChange::Refuse(const plan::Refusal& refusal) {
  report_->decision = plan::DecisionKind::kRefuse;
  report_->evidence = refusal.evidence;
  report_->remedies = refusal.remedies;
  return plan::ErrorOf(refusal);
}

apply::RunContext LiveChange::Context(const ChangeQuestion& question, int rows) const {
  apply::RunContext context;
  context.stage = report_->run.command == "rollback" ? "rolling back" : "repairing the database";
  context.journal.deployment = report_->run.run;
  if (report_->strategy) context.journal.strategy = plan::NameOf(*report_->strategy);
  if (const auto* release = std::get_if<plan::ApplyRelease>(&*project_.intent)) {
    DescribeRelease(*release, report_->run.release, context.journal);
  }
  context.journal.fingerprint = question.goal.record.catalog;
  context.proven_on = question.goal.record.server_major;
  context.expected_snapshot = [&question](const std::string&) {
    return std::make_shared<const catalog::Snapshot>(question.goal.state.snapshot);
  };
  context.comparer = apply::Comparer::kBallast;  // object by object
  context.run_row = [this, rows] {
    report::RunReport run = RunSoFar();
    run.recorded = rows;
    run.round_trips = session_->round_trips() + 1;  // with the message that this row is part of
    postgres::RunRow row = RowOf(run);
    row.apply_ms = stages_->RunningMilliseconds();
    return row;
  };
  context.state_before = [this](postgres::Session&) {
    return Result<const apply::LiveStateBefore*>(&report_->change.live);
  };
  return context;
}

Status LiveChange::Make(const ChangeQuestion& question, const plan::StateRows& rows,
                        const plan::ChangePolicy& policy) {
  const plan::Observation& observation = assessment_->observation;
  TRY_ASSIGN(report_->change, FindChange(question, observation.schema, *session_));
  report_->run.drift = report_->change.drift;
  report_->run.additions = report_->change.additions;
  const std::vector<std::string>& notices = report_->change.notices;
  report_->notices.insert(report_->notices.end(), notices.begin(), notices.end());
  const plan::ChangeGoal goal{report_->run.command, report_->goal, question.goal.record, rows};
  const auto [plan, refusal] = plan::DecideChange(report_->change, goal, policy, observation);
  // The error's details have what others list as evidence.
  if (refusal && refusal->evidence.empty()) return plan::ErrorOf(*refusal);
  report_->run.fingerprint_expected = goal.record.catalog;
  report_->decision = plan.empty() ? plan::DecisionKind::kNothing : plan::DecisionKind::kApply;
  const apply::RunContext context = Context(question, RowsWrittenBy(plan));
  if (options_.sql) {
    apply::RunContext for_psql = context;
    const bool as_proven = report_->change.additions.empty() && report_->change.ignored.empty();
    if (as_proven) for_psql.comparer = apply::Comparer::kServerFirst;
    report_->sql =
        apply::RenderSql(plan, observation, session_->target(), for_psql, ObserveSettings());
  }
  if (refusal) return Refuse(*refusal);
  const auto no_journal = plan::NoticeOfJournal(observation);
  if (no_journal && !plan.empty()) report_->notices.push_back(*no_journal);
  if (options_.dry_run || options_.sql || plan.empty()) {
    report_->run.round_trips = session_->round_trips();
    return {};
  }
  stages_->Begin("apply");
  apply::RunOutcome outcome;
  Status done = apply::Run(plan, observation, *session_, context, *invocation_->progress, outcome);
  report_->applied = std::move(outcome.applied);
  if (!done && apply::IsLockNotAvailable(done.error())) return Locked(plan, done.error());
  if (!done && done.error().code == ErrorCode::kMigrationFailed) return ScriptFailed(done.error());
  if (!done && done.error().code == ErrorCode::kConnectionLost) {
    TRY(FindOutAfterLoss(question, goal, std::move(done).error()));
    report_->run.recorded = RowsWrittenBy(plan);
    return {};
  }
  if (!done && !report_->change.apart.empty() && done.error().partial) {
    Error error = done.error();
    error.hint = "correct the cause, then run the command again: it continues from here";
    return error;
  }
  if (done) report_->run.recorded = RowsWrittenBy(plan);
  report_->run.fingerprint_actual = std::move(outcome.fingerprint);
  report_->notices.insert(report_->notices.end(), outcome.notices.begin(), outcome.notices.end());
  report_->run.round_trips = session_->round_trips();
  return done;
}

std::optional<bool> LiveChange::IsComplete(const ChangeQuestion& question,
                                           const plan::ChangeGoal& goal, SecondLook& look) const {
  const plan::Observation& now = look.assessment.observation;
  if (!plan::RowSteps(goal.rows, goal.name, assessment_->observation).empty()) {
    return plan::RowSteps(goal.rows, goal.name, now).empty();
  }
  // The database is not in the state that the question begins with.
  if (question.before != nullptr) return std::nullopt;
  const auto change = FindChange(question, now.schema, look.session);
  if (!change) return std::nullopt;
  return plan::DecideChange(*change, goal, {}, now).plan.empty();
}

Status LiveChange::FindOutAfterLoss(const ChangeQuestion& question, const plan::ChangeGoal& goal,
                                    Error loss) {
  const milliseconds lock_wait = ObserveSettings().lock_wait;
  auto look = LookAfterLoss(
      session_->target(), {{}, lock_wait, lock_wait},
      [this](postgres::Session& session) { return Assess(session); }, *invocation_->progress);
  const std::optional<bool> complete =
      look ? IsComplete(question, goal, *look) : std::optional<bool>();
  if (!complete) return UnknownOutcome(loss, "run the command again");
  report_->run.round_trips = session_->round_trips() + look->session.round_trips();
  if (!*complete) return ChangeAfterLoss(std::move(loss));
  report_->notices.push_back(BrokeAfterCommit(loss));
  // The transaction has compared the catalog before its commit.
  if (report_->change.ignored.empty()) report_->run.fingerprint_actual = goal.record.catalog;
  return {};
}

Error LiveChange::Locked(const plan::Plan& plan, Error error) {
  if (!error.partial) error.code = ErrorCode::kLockTimeout;
  error.hint = LockRemedy(
      *session_, plan, error,
      error.partial ? "run the command again, which continues from here"
                    : "run the command again with a longer --lock-timeout; nothing was changed");
  return error;
}

Error LiveChange::ScriptFailed(Error error) const {
  error.hint = "see the script with --sql; nothing was changed";
  const std::string state = error.Detail("sqlstate");
  if (plan::IsUnexpectedLoss(state)) error.code = ErrorCode::kDataLoss;
  if (state == plan::kDataSinceCounted) {
    error.hint = "run the command again, which counts the data again; nothing was changed";
  }
  const std::vector<std::string> dependents = apply::DependentsIn(error.Detail("detail"));
  if (!dependents.empty() && !report_->change.additions.empty()) {
    return difference::AdditionsInTheWay(Split(error.Detail("detail"), '\n'));
  }
  const std::string object = ObjectAtLine(report_->change, error.where.line);
  if (!IsAddition(report_->change.additions, object)) {
    return object.empty() || !sqlstate::IsCausedByRows(state) ? error : ConflictWith(object, error);
  }
  error.code = ErrorCode::kNoDifferenceScript;
  error.message = fmt::format("{} is not part of the release and cannot be created again at {}: {}",
                              object, report_->goal, error.Detail("server_message"));
  error.hint =
      "drop " + object + ", run the command again, and create it again in a form that fits";
  return error;
}

int RowsWrittenBy(const plan::Plan& plan) {
  size_t rows = 0;
  for (const plan::Step* step : plan::StepsOf(plan)) {
    if (const auto* run = std::get_if<plan::InsertExecutedRows>(&step->act)) {
      rows += run->migrations.size();
    } else if (const auto* marked = std::get_if<plan::InsertResolvedRows>(&step->act)) {
      rows += marked->migrations.size();
    } else if (const auto* script = std::get_if<plan::RunScript>(&step->act)) {
      rows += script->record ? 1 : 0;
    }
  }
  return static_cast<int>(rows);
}

}  // namespace ballast::commands
