// SPDX-License-Identifier: Apache-2.0
#include "change/live_change.h"

#include <fmt/format.h>

#include <utility>

#include "apply/deploy_failure.h"
#include "apply/executor.h"
#include "apply/render_sql.h"
#include "assess/live_state.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "change/named_losses.h"
#include "change/object_globs.h"
#include "difference/dependent_additions.h"
#include "plan/loss_guard.h"
#include "plan/retry.h"
#include "plan/server_refusals.h"
#include "postgres/session_settings.h"
#include "project/scratch_options.h"
#include "run/deploy_settings.h"
#include "run/lock_remedy.h"
#include "run/project_start.h"

namespace ballast::change {
namespace {

// Rows that no query of the change had counted beforehand.
Error ConflictWith(const std::string& object, Error error) {
  error.code = ErrorCode::kConflictingRows;
  error.message = fmt::format("rows conflict with {}: {}", object, error.Detail("server_message"));
  error.hint = "correct these rows, then run the command again";
  return error;
}

// What became of the steps before the one that failed.
Error WithRest(Error error, bool partial) {
  error.partial = partial;
  error.hint += partial ? "; the steps before it are committed, and it continues after them"
                        : "; nothing was changed";
  return error;
}

}  // namespace

using std::chrono::milliseconds;

Status LiveChange::Begin() {
  TRY(Connect());
  Status observed = Observe();
  return observed ? observed : Recorded(std::move(observed));
}

postgres::ObserveOptions LiveChange::ObserveSettings() const {
  constexpr milliseconds kTableLockTimeout{10000};
  postgres::ObserveOptions settings =
      run::TimeoutSettings(options_.lock_timeout, options_.statement_timeout,
                           context().project.config, kTableLockTimeout);
  settings.lock = !options_.OnlyShows();
  return settings;
}

Status LiveChange::Connect() {
  run::ProjectStart start(invocation_, project_, report_.run.target);
  run_.stages().Begin("load");
  TRY(start.Load(options_.trusted_keys));
  const Status selected = start.Select({options_.strategy, options_.branch}, report_);
  run_.NoteSelection(context());
  TRY(selected);
  run_.stages().Begin("connect");
  TRY_ASSIGN(session_, start.Connect());
  run::ReportConnected(*session_, *report_.run.target, progress());
  return {};
}

Result<assess::Assessment> LiveChange::Assess(postgres::Session& session) {
  const postgres::ObserveOptions observe = ObserveSettings();
  assess::AssessOptions assess(assess::Purpose::kDeploy, {.allow_drift = true, .asks_owner = true},
                               observe);
  assess.observe.lock = observe.lock;
  assess.observe.keeps_session = true;
  return assess::Assess(context(), project_.artifacts, *project_.intent, session, assess,
                        progress());
}

Status LiveChange::Observe() {
  run_.stages().Begin("observe");
  TRY_ASSIGN(assessment_, Assess(*session_));
  report_.found = assessment_->decision.found;
  report_.run.found = plan::NameOf(*report_.found);
  const plan::Observation& observation = assessment_->observation;
  if (auto notice = run::NoticeOfSchema(observation, *report_.run.target))
    report_.notices.push_back(*std::move(notice));
  run_.NoteObservation(observation);
  // Names without a schema would be those of no object, or of others.
  auto refusal = plan::RefuseSearchPath(observation.server);
  if (!refusal) refusal = plan::RefuseOtherCurrentSchema(observation);
  return refusal ? Refuse(*refusal) : Status();
}

Status LiveChange::Recorded(Status done) {
  run_.stages().End();
  report_.run.round_trips += session_->round_trips();
  if (!done && !options_.OnlyShows()) run_.RecordFailure(*session_, run_.SoFar(), done.error());
  return done;
}

catalog::ComparisonRules LiveChange::Rules() const {
  return assess::RulesOf(context(), project_.artifacts);
}

Result<scratch::ScratchServer> LiveChange::StartScratch() {
  run_.stages().Begin("prove");
  return proof::StartServerOf(
      session_->server_major(),
      project::ScratchOptionsOf(context(), project::ScriptSourceOf(*project_.intent)), progress());
}

Status LiveChange::Refuse(const plan::Refusal& refusal) {
  report_.decision = plan::DecisionKind::kRefuse;
  report_.evidence = refusal.evidence;
  report_.remedies = refusal.remedies;
  return plan::ErrorOf(refusal);
}

apply::RunContext LiveChange::Context(const ChangeQuestion& question,
                                      const plan::Plan& plan) const {
  apply::RunContext context;
  context.stage = question.IsRepair() ? "repairing the database" : "rolling back";
  context.journal = run_.Journal(*project_.intent, report_.run.release);
  context.journal.fingerprint = question.Goal().record.catalog;
  context.proven_on = question.Goal().record.server_major;
  context.time_limit_remedy = run::TimeLimitRemedy(
      options_.statement_timeout, this->context().project.config, "ballast " + report_.run.command);
  context.script_noun = "step";
  context.drift_remedy = "if somebody else changed these objects meanwhile, run the command again";
  context.expected_snapshot = [&question](const std::string&) { return question.Goal().snapshot; };
  context.comparer = apply::Comparer::kBallast;  // object by object
  context.settings = postgres::RenewedSettings(session_->target(), ObserveSettings());
  context.run_row = [this, &plan] { return run_.Row(run_.SoFar(), plan, session_->round_trips()); };
  context.state_before = [this](postgres::Session&) {
    return Result<const apply::LiveStateBefore*>(&report_.change.live);
  };
  return context;
}

void LiveChange::RenderSql(const plan::Plan& plan, apply::RunContext context) {
  const bool as_proven = report_.change.additions.empty() && report_.change.ignored.empty();
  if (as_proven) context.comparer = apply::Comparer::kServerFirst;
  context.run_row = [this, &plan] { return run_.RowOfScript(plan); };
  report_.sql = apply::RenderSql(plan, assessment_->observation, session_->target(), context,
                                 ObserveSettings());
}

Status LiveChange::Make(const ChangeQuestion& question, const plan::StateRows& rows,
                        const plan::ChangePolicy& policy) {
  const plan::Observation& observation = assessment_->observation;
  TRY_ASSIGN(report_.change, FindChange(question, observation.schema, *session_));
  report_.run.drift = report_.change.drift;
  report_.run.additions = report_.change.additions;
  const std::vector<std::string>& notices = report_.change.notices;
  report_.notices.insert(report_.notices.end(), notices.begin(), notices.end());
  Status named =
      CheckNamedLosses(question.allowed_losses, policy.loss_option, report_.change.losable);
  // A command that is run again has nothing left to drop.
  if (!named && !report_.change.statements.empty()) return named;
  if (!named) report_.notices.push_back(named.error().message);
  const plan::ChangeGoal goal{report_.run.command, report_.goal, question.Goal().record, rows};
  const auto [plan, refusal] = plan::DecideChange(report_.change, goal, policy, observation);
  // The error's details have what others list as evidence.
  if (refusal && refusal->evidence.empty()) return plan::ErrorOf(*refusal);
  report_.run.fingerprint_expected = goal.record.catalog;
  report_.decision = plan.empty() ? plan::DecisionKind::kNothing : plan::DecisionKind::kApply;
  const apply::RunContext context = Context(question, plan);
  if (options_.sql) RenderSql(plan, context);
  if (refusal) return Refuse(*refusal);
  const auto no_journal = plan::NoticeOfJournal(observation);
  if (no_journal && !plan.empty()) report_.notices.push_back(*no_journal);
  Status done = options_.OnlyShows() || plan.empty() ? Status() : Apply(plan, context);
  if (!done && done.error().code == ErrorCode::kConnectionLost) {
    TRY(FindOutAfterLoss(question, goal, std::move(done).error()));
    report_.run.recorded = run::RowsWrittenBy(plan);
    return {};
  }
  return done;
}

Status LiveChange::Apply(const plan::Plan& plan, const apply::RunContext& context) {
  run_.stages().Begin("apply");
  apply::RunOutcome outcome;
  Status done = apply::Run(plan, assessment_->observation, *session_, context, progress(), outcome);
  report_.applied = std::move(outcome.applied);
  if (!done && plan::IsLockNotAvailable(done.error())) return Locked(plan, done.error());
  const bool failed = !done && done.error().code == ErrorCode::kMigrationFailed;
  if (failed) return ScriptFailed(done.error());
  if (!done && done.error().code == ErrorCode::kConnectionLost) return done;
  if (!done && !report_.change.apart.empty() && done.error().partial) {
    Error error = std::move(done).error();
    error.hint = "correct the cause, then run the command again: it continues from here";
    return error;
  }
  if (done) report_.run.recorded = run::RowsWrittenBy(plan);
  report_.run.fingerprint_actual = std::move(outcome.fingerprint);
  if (done) report_.change.ignored = std::move(outcome.ignored);
  report_.notices.insert(report_.notices.end(), outcome.notices.begin(), outcome.notices.end());
  return done;
}

std::optional<LiveChange::Progressed> LiveChange::Look(const ChangeQuestion& question,
                                                       const plan::ChangeGoal& goal,
                                                       SecondLook& look) const {
  const plan::Observation& now = look.assessment.observation;
  const bool has_rows = !plan::RowSteps(goal.rows, goal.name, assessment_->observation).empty();
  if (has_rows && plan::RowSteps(goal.rows, goal.name, now).empty()) return Progressed::kToTheEnd;
  // The last transaction writes the rows; only what is committed on its own comes before it.
  if (has_rows && report_.change.apart.empty()) return Progressed::kNot;
  // The database is not in the state that the question begins with.
  if (question.Before() != nullptr) return std::nullopt;
  const auto change = FindChange(question, now.schema, look.session);
  if (!change || !change->lacked.empty()) return std::nullopt;
  if (!has_rows && plan::DecideChange(*change, goal, {}, now).plan.empty()) {
    return Progressed::kToTheEnd;
  }
  return change->drift == report_.change.drift ? Progressed::kNot : Progressed::kPartly;
}

Status LiveChange::FindOutAfterLoss(const ChangeQuestion& question, const plan::ChangeGoal& goal,
                                    Error loss) {
  const milliseconds lock_wait = ObserveSettings().lock_wait;
  auto look = LookAfterLoss(
      session_->target(), {{}, lock_wait, lock_wait},
      [this](postgres::Session& session) { return Assess(session); }, progress());
  const auto progressed = look ? Look(question, goal, *look) : std::optional<Progressed>();
  if (!progressed) return UnknownOutcome(loss, "run the command again");
  report_.run.round_trips += look->session.round_trips();
  if (*progressed != Progressed::kToTheEnd) {
    loss.partial = loss.partial || *progressed == Progressed::kPartly;
    return ChangeAfterLoss(std::move(loss));
  }
  report_.notices.push_back(BrokeAfterCommit(loss));
  // The transaction has compared the catalog before its commit.
  if (report_.change.ignored.empty()) report_.run.fingerprint_actual = goal.record.catalog;
  return {};
}

Error LiveChange::Locked(const plan::Plan& plan, Error error) {
  if (!error.partial) error.code = ErrorCode::kLockTimeout;
  error.hint = run::LockRemedy(
      *session_, plan, error,
      error.partial ? "run the command again, which continues from here"
                    : "run the command again with a longer --lock-timeout; nothing was changed");
  return error;
}

// What the failed statement is about; or empty. A step apart has it in its name.
std::string LiveChange::ObjectOf(const Error& error) const {
  const std::string& script = error.where.file;
  if (script == report_.run.command) return ObjectAtLine(report_.change, error.where.line);
  const std::string apart = report_.run.command + ": ";
  return script.starts_with(apart) ? script.substr(apart.size()) : std::string();
}

Error LiveChange::ScriptFailed(Error error) const {
  const bool partial = error.partial;
  error.hint = "correct the cause (--sql prints the script), then run the command again";
  const std::string state = error.Detail("sqlstate");
  if (plan::IsUnexpectedLoss(state)) error.code = ErrorCode::kDataLoss;
  if (state == plan::kDataSinceCounted)
    error.hint = "run the command again, which counts the data again";
  const std::vector<std::string> dependents = apply::DependentsIn(error.Detail("detail"));
  if (!dependents.empty() && !report_.change.additions.empty()) {
    Error in_the_way = difference::AdditionsInTheWay(Split(error.Detail("detail"), '\n'));
    in_the_way.partial = partial;
    return in_the_way;
  }
  const std::string object = ObjectOf(error);
  if (!IsAddition(report_.change.additions, object)) {
    const bool by_rows = !object.empty() && sqlstate::IsCausedByRows(state);
    return WithRest(by_rows ? ConflictWith(object, std::move(error)) : std::move(error), partial);
  }
  error.code = ErrorCode::kNoDifferenceScript;
  error.message = fmt::format("{} is not part of the release and cannot be created again at {}: {}",
                              object, report_.goal, error.Detail("server_message"));
  error.hint =
      "drop " + object + ", run the command again, and create it again in a form that fits";
  return WithRest(std::move(error), partial);
}

}  // namespace ballast::change
