// SPDX-License-Identifier: Apache-2.0
#include "commands/status.h"

#include <algorithm>

#include "assess/assess.h"
#include "commands/kept_tables.h"
#include "plan/unusable_script.h"
#include "postgres/connect_with_retry.h"
#include "postgres/create_database.h"
#include "postgres/observe.h"
#include "project/project_context.h"
#include "run/deploy_settings.h"
#include "run/project_start.h"
#include "run/run_report.h"
#include "run/uncovered_migrations.h"
#include "workspace/migrations_folder.h"

namespace ballast::commands {
namespace {

class StatusReader {
 public:
  StatusReader(const StatusOptions& options, const project::Invocation& invocation,
               project::LoadedProject& project, StatusReport& report)
      : options_(options), invocation_(invocation), project_(project), report_(report) {}

  Status Run() {
    run::ProjectStart start(invocation_, project_, report_.target);
    TRY(start.Load(options_.trusted_keys, {}, [this](const project::ProjectContext& context) {
      return assess::ObserveSettings(context, {}, AssessSettings());
    }));
    TRY(start.Select(Overrides(), report_));
    AddUncovered();
    Result<postgres::Session> session = start.Connect();
    const bool missing = !session && session.error().code == ErrorCode::kNoDatabase;
    if (missing && start.target()) return WithoutDatabase(*start.target());
    if (!session) return std::move(session).error();
    run::ReportConnected(*session, *report_.target, *invocation_.progress);
    return At(*session);
  }

  Status RunOver(postgres::Session& session) {
    // Called for each database of many: without a search for further projects.
    report_.target = run::TargetOf(session.target(), project_.context->project.identity.name);
    TRY(project::SelectIntent(Overrides(), project_, report_));
    AddUncovered();
    return At(session);
  }

 private:
  project::StrategyOverrides Overrides() const {
    return {options_.strategy, options_.branch, options_.to};
  }

  void AddUncovered() {
    const bool by_release = std::holds_alternative<plan::ApplyRelease>(*project_.intent);
    const std::vector<std::string> uncovered =
        run::NoticesOfUncovered(*project_.context, project_.artifacts, by_release);
    report_.notices.insert(report_.notices.end(), uncovered.begin(), uncovered.end());
  }

  assess::AssessOptions AssessSettings() const {
    return {assess::Purpose::kStatus, run::PolicyOf(options_), run::StatusObservation()};
  }

  Status At(postgres::Session& session) {
    report_.target->server_version = session.server_version_text();
    TRY_ASSIGN(const assess::Assessment assessment,
               assess::Assess(*project_.context, project_.artifacts, *project_.intent, session,
                              AssessSettings(), *invocation_.progress));
    Fill(assessment);
    if (assessment.observation.has_kept_data) {
      TRY_ASSIGN(const auto kept, KeptTables(session, assessment.observation.schema));
      if (!kept.empty()) report_.remarks.push_back(DescribeKeptTables(kept));
    }
    return CheckScripts(*project_.intent, assessment.decision);
  }

  // What a deploy would do once it has created the database.
  Status WithoutDatabase(const postgres::Target& target) {
    TRY_ASSIGN(const assess::Assessment assessment,
               assess::AssessMissing(*project_.context, project_.artifacts, *project_.intent,
                                     target, {}, AssessSettings(), *invocation_.progress));
    report_.remarks.push_back(postgres::DescribeMissing(target));
    Fill(assessment);
    return CheckScripts(*project_.intent, assessment.decision);
  }

  void Fill(const assess::Assessment& assessment) {
    static_cast<assess::Summary&>(report_) =
        assess::Summarize(assessment, run::DeployCommand(options_));
    report_.failures = assessment.failures;
    const std::vector<std::string> notices = plan::TextsOf(assessment.decision.notices);
    // The evidence of a refusal can name the nearest state, too.
    const bool is_said = std::ranges::any_of(
        report_.evidence, [](const std::string& line) { return line.starts_with("nearest: "); });
    if (!assessment.nearest.empty() && !is_said) report_.remarks.push_back(assessment.nearest);
    report_.remarks.insert(report_.remarks.end(), notices.begin(), notices.end());
    if (auto notice = run::NoticeOfSchema(assessment.observation, *report_.target))
      report_.remarks.push_back(*std::move(notice));
    run::FillTarget(assessment.observation, *report_.target);
  }

  // `prisma migrate status` also reads the scripts of applied migrations; deploy does not.
  static Status CheckScripts(const plan::Intent& intent, const plan::Decision& decision) {
    const auto* history = std::get_if<plan::FollowHistory>(&intent);
    if (history == nullptr) return {};
    const plan::Refusal* refusal = decision.refusal();
    const bool said = refusal != nullptr && refusal->code == ErrorCode::kMissingScript;
    if (said) return {};
    for (const release::Migration& migration : history->migrations) {
      if (!migration.script) return plan::ErrorOf(plan::MissingScript(migration));
    }
    return {};
  }

  const StatusOptions& options_;
  const project::Invocation& invocation_;
  project::LoadedProject& project_;
  StatusReport& report_;
};

// An error is part of the report.
template <class Read>
StatusReport ReportStatus(const Read& read) {
  StatusReport report;
  Status done = read(report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace

StatusReport ReadStatus(const StatusOptions& options, const project::Invocation& invocation) {
  project::LoadedProject project;
  return ReportStatus([&](StatusReport& report) {
    return StatusReader(options, invocation, project, report).Run();
  });
}

StatusReport ReadStatusOver(postgres::Session& session, const StatusOptions& options,
                            const project::Invocation& invocation,
                            project::LoadedProject& project) {
  return ReportStatus([&](StatusReport& report) {
    return StatusReader(options, invocation, project, report).RunOver(session);
  });
}

}  // namespace ballast::commands
