// SPDX-License-Identifier: Apache-2.0
#include "commands/live_change.h"

#include <utility>

#include "apply/executor.h"
#include "apply/render_sql.h"
#include "apply/uuid.h"
#include "assess/live_state.h"
#include "postgres/connect_with_retry.h"
#include "project/strategy_selection.h"

namespace ballast::commands {

using std::chrono::milliseconds;

Result<LiveChange> LiveChange::Begin(const LiveChangeOptions& options,
                                     const project::Invocation& invocation, ChangeReport& report) {
  LiveChange change(options, invocation, report);
  TRY(change.Connect());
  return change;
}

postgres::ObserveOptions LiveChange::ObserveSettings() const {
  constexpr milliseconds kTableLockTimeout{10000};
  postgres::ObserveOptions settings;
  settings.lock = !options_.dry_run && !options_.sql;
  settings.lock_timeout = options_.lock_timeout.value_or(kTableLockTimeout);
  if (options_.lock_timeout) settings.lock_wait = *options_.lock_timeout;
  if (options_.statement_timeout) settings.statement_timeout = *options_.statement_timeout;
  return settings;
}

Status LiveChange::Connect() {
  const std::future<void> loading = postgres::LoadAhead();
  TRY_ASSIGN(context_, project::LoadProject(*invocation_));
  context_->option_keys = options_.trusted_keys;
  postgres::PendingConnection approach(project::TargetOf(*context_));
  TRY_ASSIGN(intent_, project::SelectIntent(*context_, {options_.strategy, options_.branch},
                                            artifacts_, *report_));
  TRY_ASSIGN(session_, approach.Finish({}, *invocation_->progress));
  assess::AssessOptions assess;
  assess.observe = ObserveSettings();
  assess.allow_drift = true;
  TRY_ASSIGN(assessment_, assess::Assess(*context_, artifacts_, *intent_, *session_, assess,
                                         *invocation_->progress));
  report_->found = assessment_->decision.found;
  return {};
}

catalog::ComparisonRules LiveChange::Rules() const {
  return assess::RulesOf(*context_, artifacts_);
}

Result<scratch::ScratchServer> LiveChange::StartScratch() const {
  const std::string& url = invocation_->scratch_url.empty() ? context_->project.config.scratch_url
                                                            : invocation_->scratch_url;
  return proof::StartServerOf(session_->server_major(), url, *invocation_->progress);
}

Status LiveChange::Refuse(const plan::Refusal& refusal) {
  report_->decision = plan::DecisionKind::kRefuse;
  report_->evidence = refusal.evidence;
  report_->remedies = refusal.remedies;
  return plan::ErrorOf(refusal);
}

apply::RunContext LiveChange::Context(const ChangeQuestion& question) const {
  apply::RunContext context;
  context.journal.deployment = apply::NewUuid();
  if (report_->strategy) context.journal.strategy = plan::NameOf(*report_->strategy);
  if (const auto* release = std::get_if<plan::ApplyRelease>(&*intent_)) {
    context.journal.release = release->version;
    context.journal.baseline_checksum = release->baseline.checksum;
    for (const release::PreviousRelease& previous : release->previous) {
      context.journal.older_baselines.push_back(previous.baseline_checksum);
    }
  }
  context.journal.fingerprint = question.goal.record.catalog;
  context.proven_on = question.goal.record.server_major;
  context.expected_facts = [&question](const std::string&) {
    return Result<catalog::Snapshot>(question.goal.state.snapshot);
  };
  context.has_additions = true;  // so that the comparison is made here, by the names of objects
  context.state_before = [this](postgres::Session&) {
    return Result<const apply::LiveStateBefore*>(&report_->change.live);
  };
  return context;
}

Status LiveChange::Make(const ChangeQuestion& question, std::vector<plan::Step> row_steps,
                        const std::string& option, const std::vector<std::string>& remedies) {
  const plan::Observation& observation = assessment_->observation;
  TRY_ASSIGN(report_->change, FindChange(question, observation.schema, *session_));
  report_->fingerprint_expected = question.goal.record.catalog;
  const plan::Plan plan = PlanOf(report_->change, question, std::move(row_steps));
  report_->decision = plan.empty() ? plan::DecisionKind::kNothing : plan::DecisionKind::kApply;
  const apply::RunContext context = Context(question);
  if (options_.sql) {
    report_->sql =
        apply::RenderSql(plan, observation, session_->target(), context, ObserveSettings());
  }
  if (const auto refusal = RefusalOf(report_->change, option, remedies)) return Refuse(*refusal);
  if (options_.dry_run || options_.sql || plan.empty()) {
    report_->round_trips = session_->round_trips();
    return {};
  }
  apply::RunOutcome outcome;
  Status done = apply::Run(plan, observation, *session_, context, *invocation_->progress, outcome);
  report_->applied = std::move(outcome.applied);
  if (!done && done.error().code == ErrorCode::kMigrationFailed) {
    Error error = done.error();
    error.hint = "see the script with --sql; nothing was changed";
    return error;
  }
  if (!done && !report_->change.apart.empty() && done.error().partial) {
    Error error = done.error();
    error.hint = "correct the cause, then run the command again: it goes on from here";
    return error;
  }
  if (done) report_->recorded = RowsWrittenBy(plan);
  report_->fingerprint_actual = std::move(outcome.fingerprint);
  report_->notices.insert(report_->notices.end(), outcome.notices.begin(), outcome.notices.end());
  report_->round_trips = session_->round_trips();
  return done;
}

int RowsWrittenBy(const plan::Plan& plan) {
  size_t rows = 0;
  for (const plan::Step* step : plan::StepsOf(plan)) {
    if (const auto* run = std::get_if<plan::InsertExecutedRows>(&step->act)) {
      rows += run->migrations.size();
    } else if (const auto* marked = std::get_if<plan::InsertResolvedRows>(&step->act)) {
      rows += marked->migrations.size();
    }
  }
  return static_cast<int>(rows);
}

void Conclude(Status done, ChangeReport& report) {
  if (done) return;
  report.error = std::move(done).error();
  if (!report.decision || StatusOf(*report.error) == ExitStatus::kRefused) {
    report.decision = plan::DecisionKind::kRefuse;
  }
}

}  // namespace ballast::commands
