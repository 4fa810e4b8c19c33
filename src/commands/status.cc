// SPDX-License-Identifier: Apache-2.0
#include "commands/status.h"

#include <fmt/format.h>

#include "base/text.h"
#include "commands/kept_tables.h"
#include "commands/run_report.h"
#include "commands/uncovered_migrations.h"
#include "plan/unusable_script.h"
#include "postgres/connect_with_retry.h"
#include "postgres/create_database.h"
#include "postgres/observe.h"
#include "project/project_context.h"
#include "workspace/migrations_folder.h"

namespace ballast::commands {
namespace {

class StatusReader {
 public:
  StatusReader(const StatusOptions& options, const project::Invocation& invocation,
               StatusReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Run() {
    postgres::PendingConnection connection;
    TRY_ASSIGN(context_, project::LoadProject(invocation_, options_.trusted_keys));
    connection.Begin([this] { return project::TargetOf(*context_); });
    auto selected = project::SelectIntent(
        *context_, {options_.strategy, options_.branch, options_.to}, artifacts_, report_);
    const Result<postgres::Target>& target = connection.target();
    if (target) report_.target = TargetOf(*target, *context_);
    TRY_ASSIGN(plan::Intent intent, std::move(selected));
    const bool by_release = std::holds_alternative<plan::ApplyRelease>(intent);
    const std::vector<std::string> uncovered =
        NoticesOfUncovered(*context_, artifacts_, by_release);
    report_.notices.insert(report_.notices.end(), uncovered.begin(), uncovered.end());
    Result<postgres::Session> session = connection.Finish({}, *invocation_.progress);
    const bool missing = !session && session.error().code == ErrorCode::kNoDatabase;
    if (missing && target) return WithoutDatabase(*target, intent);
    if (!session) return std::move(session).error();
    report_.target->server_version = session->server_version_text();
    return At(*session, std::move(intent));
  }

 private:
  assess::AssessOptions AssessSettings() const {
    assess::AssessOptions options;
    options.observe.lock = false;
    options.compare_current = true;
    options.policy = PolicyOf(options_);
    return options;
  }

  Status At(postgres::Session& session, plan::Intent intent) {
    TRY_ASSIGN(const assess::Assessment assessment,
               assess::Assess(*context_, artifacts_, intent, session, AssessSettings(),
                              *invocation_.progress));
    TakeAssessment(assessment, DeployCommand(options_), report_);
    TakeObservation(assessment.observation, *report_.target);
    if (assessment.observation.has_kept_data) {
      TRY_ASSIGN(const auto kept, KeptTables(session, assessment.observation.schema));
      if (!kept.empty()) report_.remarks.push_back(DescribeKeptTables(kept));
    }
    return CheckScripts(intent);
  }

  // What a deploy would do once it has created the database.
  Status WithoutDatabase(const postgres::Target& target, const plan::Intent& intent) {
    report_.remarks.push_back(postgres::DescribeMissing(target));
    TRY_ASSIGN(const assess::Assessment assessment,
               assess::AssessMissing(*context_, artifacts_, intent, target, AssessSettings(),
                                     *invocation_.progress));
    TakeAssessment(assessment, DeployCommand(options_), report_);
    TakeObservation(assessment.observation, *report_.target);
    return CheckScripts(intent);
  }

  // `prisma migrate status` also reads the scripts of applied migrations; deploy does not.
  static Status CheckScripts(const plan::Intent& intent) {
    const auto* history = std::get_if<plan::FollowHistory>(&intent);
    if (history == nullptr) return {};
    for (const release::Migration& migration : history->migrations) {
      if (!migration.script) return plan::ErrorOf(plan::MissingScript(migration));
    }
    return {};
  }

  const StatusOptions& options_;
  const project::Invocation& invocation_;
  StatusReport& report_;
  std::optional<project::ProjectContext> context_;
  project::Artifacts artifacts_;
};

}  // namespace

bool StatusReport::IsUpToDate() const {
  return found && plan::IsUpToDate(*found) && differences.empty() && !refusal && !error;
}

void TakeAssessment(const assess::Assessment& assessment, const std::string& deploy_command,
                    StatusReport& report) {
  const plan::Decision& decision = assessment.decision;
  if (!assessment.nearest.empty()) report.remarks.push_back(assessment.nearest);
  report.found = decision.found;
  report.pending = decision.pending;
  report.unknown = decision.unknown;
  report.remarks.insert(report.remarks.end(), decision.notices.begin(), decision.notices.end());
  report.failures = assessment.failures;
  for (const assess::FailureLine& line : report.failures) report.failed.push_back(line.name);
  if (const plan::Refusal* refusal = decision.refusal()) {
    report.refusal = plan::ErrorOf(*refusal);
    report.evidence = refusal->evidence;
    report.remedies = refusal->remedies;
  } else if (!decision.pending.empty()) {
    report.remedies = {"apply the pending migrations: " + deploy_command};
  } else if (decision.found == plan::Found::kOtherStrategy) {
    report.remedies = {"convert the rows: " + deploy_command};
  } else if (!plan::IsUpToDate(decision.found)) {
    report.remedies = {"bring the database up to date: " + deploy_command};
  }
  if (assessment.live) {
    report.additions = plan::NamesOfRemainingAdditions(assessment.live->comparison);
    report.drift = assess::DescribeDrift(*assessment.live);
    report.ignored = assess::DescribeIgnored(*assessment.live);
  }
  if (!assessment.comparison) return;
  report.fingerprint_expected = assessment.comparison->expected;
  report.fingerprint_actual = assessment.comparison->actual;
  report.differences = assessment.comparison->differences;
  if (!report.differences.empty()) {
    report.remedies = {"show what would restore it: ballast repair --dry-run; then: ballast repair",
                       "compare it with schema.prisma, too: ballast schema check --live"};
  }
}

StatusReport ReadStatus(const StatusOptions& options, const project::Invocation& invocation) {
  StatusReport report;
  Status done = StatusReader(options, invocation, report).Run();
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
