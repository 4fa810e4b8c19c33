// SPDX-License-Identifier: Apache-2.0
#include "commands/resolve.h"

#include <fmt/format.h>

#include "apply/deploy_failure.h"
#include "apply/executor.h"
#include "assess/live_state.h"
#include "assess/resolution.h"
#include "base/text.h"
#include "plan/resolve.h"
#include "plan/server_refusals.h"
#include "postgres/journal.h"
#include "postgres/migrations_table.h"
#include "project/project_context.h"
#include "project/project_name.h"
#include "run/deploy_settings.h"
#include "run/project_start.h"
#include "run/recorded_run.h"
#include "run/run_report.h"
#include "sql/quote.h"
#include "workspace/migrations_folder.h"

namespace ballast::commands {
namespace {

// Loads the artifacts of the project, and returns the migrations that they know.
Result<plan::ResolvableMigrations> LoadMigrations(const ResolveOptions& options,
                                                  project::LoadedProject& project) {
  const project::ProjectContext& context = *project.context;
  TRY_ASSIGN(project.artifacts, project::LoadArtifacts(context));
  TRY_ASSIGN(workspace::MigrationsFolder folder,
             workspace::LoadMigrations(context.project.migrations));
  const std::optional<Error>& unusable = project.artifacts.package_error;
  if (options.all_covered && unusable && unusable->code == ErrorCode::kForeignPackage) {
    return *unusable;
  }
  plan::ResolvableMigrations migrations;
  migrations.history = std::move(folder.migrations);
  if (project.artifacts.package && !project.artifacts.package_error) {
    const release::Package& package = *project.artifacts.package;
    migrations.package = package.Hotfixes();
    migrations.package.insert(migrations.package.begin(),
                              release::MakeMigration(release::kBaselineName, package.Baseline()));
    migrations.of_package = package.manifest.coverage;
    migrations.covered = package.manifest.coverage;
  }
  if (project.artifacts.baseline) migrations.covered = project.artifacts.baseline->coverage;
  const Result<plan::StrategyChoice> choice =
      project::StrategyOf(context, project.artifacts, {options.strategy, options.branch});
  if (choice) {
    migrations.strategy = choice->strategy;
  } else {
    migrations.strategy = choice.error();
  }
  return migrations;
}

void AddNames(const release::Coverage& rows, ResolveReport& report) {
  for (const release::CoveredMigration& row : rows) report.applied.push_back(row.name);
}

// The row of the run, if there is a journal.
std::string RunSql(const plan::Observation& observation, report::RunReport run) {
  if (!observation.has_journal || !observation.can_write_runs) return {};
  run.outcome = report::Outcome::kDone;
  return (observation.has_runs ? std::string() : postgres::CreateRunsSql()) +
         postgres::InsertRunInTransactionSql(run::RowOf(run), {}, observation.has_plpgsql);
}

// Everything in one transaction, in one message.
std::string ScriptFor(const plan::Resolution& resolution, const plan::Observation& observation,
                      const report::RunReport& run) {
  std::string sql = "BEGIN;\n";
  if (!observation.schema_exists) {
    sql += "CREATE SCHEMA IF NOT EXISTS " + sql::QuoteIdentifier(observation.schema) + ";\n";
  }
  if (!observation.has_migrations_table) {
    sql += postgres::CreateMigrationsTableSql(observation.schema);
  }
  for (const std::string& name : resolution.close) {
    sql += postgres::RollBackRowsSql(observation.schema, name);
  }
  return sql + postgres::InsertMarkedSql(observation.schema, resolution.mark) +
         RunSql(observation, run) + "COMMIT;\n";
}

apply::RunContext ContextOf(const project::Artifacts& artifacts, plan::HistoryFormat format,
                            const report::RunReport& run) {
  apply::RunContext context;
  context.stage = "converting the rows";
  context.journal.deployment = run.run;
  context.run_row = [&run] { return run::RowOf(run); };
  context.journal.strategy = format == plan::HistoryFormat::kRelease ? plan::Strategy::kRelease
                                                                     : plan::Strategy::kDevelopment;
  context.expected_snapshot = [&artifacts](const std::string& fingerprint) {
    return project::ProvenSnapshot(artifacts, fingerprint);
  };
  return context;
}

// As a deploy refuses it.
Status Refused(const plan::Refusal& refusal, ResolveReport& report) {
  report.evidence = refusal.evidence;
  report.remedies = refusal.remedies;
  return plan::ErrorOf(refusal);
}

// Compares the catalog and changes the rows in one transaction.
Status Convert(const plan::RowConversion& conversion, const project::LoadedProject& project,
               const plan::Observation& observation, postgres::Session& session,
               const project::Invocation& invocation, ResolveReport& report) {
  if (const auto* refusal = std::get_if<plan::Refusal>(&conversion.answer)) {
    return Refused(*refusal, report);
  }
  const plan::Plan& plan = std::get<plan::Plan>(conversion.answer);
  const project::Artifacts& artifacts = project.artifacts;
  apply::RunContext context = ContextOf(artifacts, conversion.format, report.run);
  apply::LiveStateBefore before;
  context.state_before = [&](postgres::Session& same) -> Result<const apply::LiveStateBefore*> {
    const plan::VerifyCatalog& verify = *plan::VerifyOf(plan.transactions.front());
    TRY_ASSIGN(before,
               assess::ReadBeforeConversion(verify.expected(), observation.schema, artifacts,
                                            assess::RulesOf(*project.context, artifacts), same));
    return &before;
  };
  if (!conversion.version.empty() && artifacts.package) {
    context.journal.release =
        run::JournalReleaseOf(project::ReleaseIntent(*artifacts.package, {}), conversion.version);
  }
  apply::RunOutcome outcome;
  TRY(apply::Run(plan, observation, session, context, *invocation.progress, outcome));
  for (const std::string& notice : outcome.notices) invocation.progress->Notice(notice);
  report.converted_to = plan::NameOf(*context.journal.strategy);
  for (const plan::Step* step : plan::StepsOf(plan)) {
    if (const auto* run = std::get_if<plan::InsertExecutedRows>(&step->act)) {
      AddNames(run->migrations, report);
    }
    if (const auto* marked = std::get_if<plan::InsertResolvedRows>(&step->act)) {
      AddNames(marked->migrations, report);
    }
  }
  return {};
}

// A row is reported as applied only if the table has stored it.
Status Write(const std::string& sql, postgres::Session& session) {
  const postgres::Outcome outcome = session.Run(sql);
  if (!outcome.error) return {};
  session.Run("ROLLBACK");
  return apply::ScriptError(*outcome.error, {});
}

Status Act(const assess::ResolutionAssessment& assessment, const project::LoadedProject& project,
           postgres::Session& session, const project::Invocation& invocation,
           ResolveReport& report) {
  const plan::Observation& observation = assessment.observation;
  if (!assessment.decision) return assessment.decision.error();
  if (const auto refusal = plan::RefuseReadOnly(observation.server)) {
    return Refused(*refusal, report);
  }
  if (const auto* conversion = std::get_if<plan::RowConversion>(&*assessment.decision)) {
    return Convert(*conversion, project, observation, session, invocation, report);
  }
  const auto& resolution = std::get<plan::Resolution>(*assessment.decision);
  report.has_its_rows = resolution.has_its_rows;
  if (resolution.applied.empty() && resolution.rolled_back.empty()) return {};  // nothing matches
  TRY(Write(ScriptFor(resolution, observation, report.run), session));
  if (const auto note = postgres::RunNotRecorded(session.TakeNotices())) {
    invocation.progress->Notice(*note);
  }
  report.applied = resolution.applied;
  report.rolled_back = resolution.rolled_back;
  return {};
}

Status Run(const ResolveOptions& options, const project::Invocation& invocation,
           ResolveReport& report) {
  if (options.applied.empty() && options.rolled_back.empty() && !options.all_covered) {
    return MakeError(
        ErrorCode::kUsageError, "resolve needs --applied NAME or --rolled-back NAME",
        "names may be repeated, may be patterns, and --all-covered takes them from the "
        "development baseline");
  }
  if (!options.rolled_back.empty() && (!options.applied.empty() || options.all_covered)) {
    return MakeError(ErrorCode::kUsageError, "--applied and --rolled-back cannot be used together",
                     "run resolve twice, once with each");
  }
  project::LoadedProject project;
  run::ProjectStart start(invocation, project, report.run.target);
  TRY(start.Load({}));
  if (options.rolled_back.empty()) TRY(project.context->project.CheckProvider());
  report.run.project = project::NameOf(*project.context);
  TRY_ASSIGN(const plan::ResolvableMigrations migrations, LoadMigrations(options, project));
  TRY_ASSIGN(postgres::Session session, start.Connect());
  run::ReportConnected(session, *report.run.target, *invocation.progress);
  TRY_ASSIGN(
      const assess::ResolutionAssessment assessment,
      assess::AssessResolution(
          {options.applied, options.rolled_back, options.all_covered, !options.strategy.empty()},
          migrations, project.artifacts, session,
          run::TimeoutSettings({}, {}, project.context->project.config, run::kTableLockTimeout),
          assess::RulesOf(*project.context, project.artifacts), *invocation.progress));
  const plan::Observation& observation = assessment.observation;
  run::FillTarget(observation, *report.run.target);
  Status done = Act(assessment, project, session, invocation, report);
  if (!done) {
    run::RecordFailure(session, run::JournalState(observation), report.run, done.error(), false);
  }
  return done;
}

}  // namespace

ResolveReport Resolve(const ResolveOptions& options, const project::Invocation& invocation) {
  return run::RunCommand<ResolveReport>("resolve", invocation, [&](ResolveReport& report) {
    Status done = Run(options, invocation, report);
    report.run.recorded = static_cast<int>(report.applied.size());
    return done;
  });
}

}  // namespace ballast::commands
