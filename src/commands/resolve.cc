// SPDX-License-Identifier: Apache-2.0
#include "commands/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "apply/deploy_failure.h"
#include "apply/executor.h"
#include "assess/known_state_comparison.h"
#include "base/stopwatch.h"
#include "base/text.h"
#include "commands/run_report.h"
#include "plan/resolve.h"
#include "plan/switch_strategy.h"
#include "postgres/migrations_table.h"
#include "postgres/observe.h"
#include "project/project_context.h"
#include "sql/quote.h"
#include "workspace/migrations_folder.h"

namespace ballast::commands {
namespace {

// Replaces patterns by the names that they match; a name without * and ? is taken literally.
std::vector<std::string> Expand(const std::vector<std::string>& patterns,
                                const std::vector<std::string>& names) {
  std::vector<std::string> expanded;
  for (const std::string& pattern : patterns) {
    if (pattern.find_first_of("*?") == std::string::npos) {
      expanded.push_back(pattern);
      continue;
    }
    std::copy_if(names.begin(), names.end(), std::back_inserter(expanded),
                 [&](const std::string& name) { return MatchesGlob(pattern, name); });
  }
  return expanded;
}

struct LoadedMigrations {
  std::vector<release::Migration> migrations;  // migrations and, with a package, its baseline
  size_t of_history = 0;  // the number of them that are the project's migrations
  project::Artifacts artifacts;
};

Result<LoadedMigrations> LoadAllMigrations(const project::ProjectContext& context) {
  LoadedMigrations on_disk;
  TRY_ASSIGN(on_disk.artifacts, project::LoadArtifacts(context));
  TRY_ASSIGN(workspace::MigrationsFolder folder,
             workspace::LoadMigrations(context.project.migrations));
  on_disk.migrations = std::move(folder.migrations);
  on_disk.of_history = on_disk.migrations.size();
  if (on_disk.artifacts.package && !on_disk.artifacts.package_error) {
    const release::Package& package = *on_disk.artifacts.package;
    on_disk.migrations.push_back(
        release::MakeMigration(release::kBaselineName, package.Baseline()));
    for (release::Migration& hotfix : package.Hotfixes()) on_disk.migrations.push_back(hotfix);
  }
  return on_disk;
}

const release::Coverage* CoverageOf(const project::Artifacts& artifacts) {
  if (artifacts.baseline) return &artifacts.baseline->coverage;
  return artifacts.package && !artifacts.package_error ? &artifacts.package->manifest.coverage
                                                       : nullptr;
}

// The names that a pattern can match: those without a row, and only those of the strategy to which
// the database's rows belong, or, without rows, of the selected strategy.
Result<std::vector<std::string>> NamesForPatterns(const ResolveOptions& options,
                                                  const project::ProjectContext& context,
                                                  const LoadedMigrations& on_disk,
                                                  const plan::Observation& observation) {
  bool release = plan::IsApplied(observation, release::kBaselineName);
  if (!plan::HasLiveRows(observation)) {
    TRY_ASSIGN(const plan::StrategyChoice choice,
               project::StrategyOf(context, on_disk.artifacts, {options.strategy, options.branch}));
    release = choice.strategy == plan::Strategy::kRelease;
  }
  const std::set<std::string_view> there = plan::AppliedNames(observation);
  std::vector<std::string> names;
  for (size_t i = 0; i < on_disk.migrations.size(); ++i) {
    const std::string& name = on_disk.migrations[i].name;
    if ((i >= on_disk.of_history) == release && !there.contains(name)) names.push_back(name);
  }
  return names;
}

Result<std::vector<std::string>> AppliedNames(const ResolveOptions& options,
                                              const project::ProjectContext& context,
                                              const LoadedMigrations& on_disk,
                                              const plan::Observation& observation) {
  TRY_ASSIGN(const std::vector<std::string> names,
             NamesForPatterns(options, context, on_disk, observation));
  std::vector<std::string> applied = Expand(options.applied, names);
  if (!options.all_covered) return applied;
  const release::Coverage* coverage = CoverageOf(on_disk.artifacts);
  if (coverage == nullptr) {
    return MakeError(ErrorCode::kBaselineStale,
                     "--all-covered needs a development baseline or a release package, and there "
                     "is none",
                     "make one: ballast baseline create");
  }
  const std::set<std::string_view> there = plan::AppliedNames(observation);
  for (const release::CoveredMigration& covered : *coverage) {
    if (!there.contains(covered.name)) applied.push_back(covered.name);
  }
  return applied;
}

std::vector<std::string> RowNames(const plan::Observation& observation) {
  std::vector<std::string> names;
  for (const plan::MigrationRow& row : observation.rows) {
    if (row.Failed()) names.push_back(row.name);
  }
  return names;
}

void AddNames(const release::Coverage& rows, ResolveReport& report) {
  for (const release::CoveredMigration& row : rows) report.applied.push_back(row.name);
}

// The row of the run, if there is a journal.
std::string RunSql(const plan::Observation& observation, report::RunReport run) {
  if (!observation.has_journal || !observation.can_write_runs) return {};
  run.outcome = report::Outcome::kDone;
  return (observation.has_runs ? std::string() : postgres::CreateRunsSql()) +
         postgres::InsertRunInTransactionSql(RowOf(run), {});
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

apply::RunContext ContextOf(const project::Artifacts& artifacts, plan::HistoryFormat on_disk,
                            const report::RunReport& run) {
  apply::RunContext context;
  context.journal.deployment = run.run;
  context.run_row = [&run] { return RowOf(run); };
  context.journal.strategy = on_disk == plan::HistoryFormat::kRelease ? "release" : "development";
  context.expected_snapshot = [&artifacts](const std::string& fingerprint) {
    return project::ProvenSnapshot(artifacts, fingerprint);
  };
  return context;
}

// Compares the catalog and changes the rows in one transaction.
Status Convert(LoadedMigrations& on_disk, plan::HistoryFormat format,
               plan::Observation& observation, postgres::Session& session,
               const project::Invocation& invocation, ResolveReport& report) {
  TRY(assess::CompareWithAll(plan::FollowHistory{}, on_disk.artifacts, session, {}, observation));
  const auto answer = plan::SwitchStrategy(observation, format);
  if (const auto* refusal = std::get_if<plan::Refusal>(&answer)) {
    report.evidence = refusal->evidence;
    report.remedies = refusal->remedies;
    return plan::ErrorOf(*refusal);
  }
  const plan::Plan& plan = std::get<plan::Plan>(answer);
  const apply::RunContext context = ContextOf(on_disk.artifacts, format, report.run);
  apply::RunOutcome outcome;
  TRY(apply::Run(plan, observation, session, context, *invocation.progress, outcome));
  report.converted_to = context.journal.strategy;
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

// The format to which --all-covered converts, if the database has rows of the other one.
Result<std::optional<plan::HistoryFormat>> FormatToConvertTo(const ResolveOptions& options,
                                                             const project::ProjectContext& context,
                                                             const LoadedMigrations& on_disk,
                                                             const plan::Observation& observation) {
  if (!options.all_covered) return std::optional<plan::HistoryFormat>();
  TRY_ASSIGN(const plan::StrategyChoice choice,
             project::StrategyOf(context, on_disk.artifacts, {options.strategy, options.branch}));
  const plan::HistoryFormat format = choice.strategy == plan::Strategy::kRelease
                                         ? plan::HistoryFormat::kRelease
                                         : plan::HistoryFormat::kDevelopment;
  if (!plan::IsRecordedByOtherStrategy(observation, format)) {
    return std::optional<plan::HistoryFormat>();
  }
  return std::optional<plan::HistoryFormat>(format);
}

// A row is reported as applied only if the table has stored it.
Status Write(const std::string& sql, postgres::Session& session) {
  const postgres::Outcome outcome = session.Run(sql);
  if (!outcome.error) return {};
  session.Run("ROLLBACK");
  return apply::ScriptError(*outcome.error, {});
}

Status Act(const ResolveOptions& options, const project::Invocation& invocation,
           const project::ProjectContext& context, LoadedMigrations& on_disk,
           postgres::Session& session, plan::Observation& observation, ResolveReport& report) {
  TRY_ASSIGN(const auto other, FormatToConvertTo(options, context, on_disk, observation));
  if (other) return Convert(on_disk, *other, observation, session, invocation, report);
  TRY_ASSIGN(const std::vector<std::string> applied,
             AppliedNames(options, context, on_disk, observation));
  const std::vector<std::string> rolled_back = Expand(options.rolled_back, RowNames(observation));
  if (applied.empty() && rolled_back.empty()) return {};  // no name matches: nothing is written
  TRY_ASSIGN(const plan::Resolution resolution,
             plan::DecideResolution({applied, rolled_back}, on_disk.migrations, observation));
  TRY(Write(ScriptFor(resolution, observation, report.run), session));
  report.applied = applied;
  report.rolled_back = rolled_back;
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
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  if (options.rolled_back.empty()) TRY(workspace::CheckMigrationLock(context.project.migrations));
  report.run.project = NameOf(context);
  TRY_ASSIGN(LoadedMigrations on_disk, LoadAllMigrations(context));
  TRY_ASSIGN(const postgres::Target target, project::TargetOf(context));
  report.run.target = TargetOf(target);
  TRY_ASSIGN(postgres::Session session, postgres::Session::Connect(target));
  TakeServer(session, *report.run.target, *invocation.progress);
  TRY_ASSIGN(plan::Observation observation, postgres::Observe(session, {}, *invocation.progress));
  TakeObservation(observation, *report.run.target);
  Status done = Act(options, invocation, context, on_disk, session, observation, report);
  if (!done) RecordFailure(session, JournalState(observation), report.run, done.error());
  return done;
}

}  // namespace

ResolveReport Resolve(const ResolveOptions& options, const project::Invocation& invocation) {
  Stopwatch watch;
  ResolveReport report;
  report.run = BeginRun("resolve", invocation);
  Status done = Run(options, invocation, report);
  if (!done) report.error = std::move(done).error();
  report.run.recorded = static_cast<int>(report.applied.size());
  EndRun(report.run, watch.Lap(), !report.error, report.error, invocation);
  return report;
}

}  // namespace ballast::commands
