#include "commands/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "apply/executor.h"
#include "apply/uuid.h"
#include "base/text.h"
#include "commands/adoption.h"
#include "commands/surroundings.h"
#include "plan/convert.h"
#include "plan/resolve.h"
#include "postgres/migrations_table.h"
#include "postgres/observe.h"
#include "sql/quote.h"
#include "workspace/migrations_folder.h"

namespace ballast::commands {
namespace {

// Patterns become the names that they match; a name without * and ? stands for itself.
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

struct Wanted {
  std::vector<release::Migration> on_disk;  // migrations and, with a package, its baseline
  Holdings holdings;
};

Result<Wanted> LoadWanted(const Site& site) {
  Wanted wanted;
  TRY_ASSIGN(wanted.holdings, LoadHoldings(site));
  TRY_ASSIGN(workspace::MigrationsFolder folder,
             workspace::LoadMigrations(site.project.migrations));
  wanted.on_disk = std::move(folder.migrations);
  if (wanted.holdings.package && !wanted.holdings.package_error) {
    const release::Package& package = *wanted.holdings.package;
    wanted.on_disk.push_back(release::MakeMigration(release::kBaselineName, package.Baseline()));
    for (release::Migration& hotfix : package.Hotfixes()) wanted.on_disk.push_back(hotfix);
  }
  return wanted;
}

const release::Coverage* CoverageOf(const Holdings& holdings) {
  if (holdings.baseline) return &holdings.baseline->coverage;
  return holdings.package && !holdings.package_error ? &holdings.package->manifest.coverage
                                                     : nullptr;
}

Result<std::vector<std::string>> AppliedNames(const ResolveOptions& options, const Wanted& wanted,
                                              const plan::Observation& observation) {
  std::vector<std::string> names;
  for (const release::Migration& migration : wanted.on_disk) names.push_back(migration.name);
  std::vector<std::string> applied = Expand(options.applied, names);
  if (!options.all_covered) return applied;
  const release::Coverage* coverage = CoverageOf(wanted.holdings);
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

// Everything in one transaction, in one message.
std::string ScriptFor(const plan::Resolution& resolution, const plan::Observation& observation) {
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
  return sql + postgres::InsertMarkedSql(observation.schema, resolution.mark) + "COMMIT;\n";
}

apply::RunContext ContextOf(const Holdings& holdings, plan::Ledger wanted) {
  apply::RunContext context;
  context.journal.deployment = apply::NewUuid();
  context.journal.strategy = wanted == plan::Ledger::kRelease ? "release" : "development";
  context.expected_facts = [&holdings](const std::string& fingerprint) {
    return ProvenFacts(holdings, fingerprint);
  };
  return context;
}

// One transaction: the catalog is compared, and the rows change.
Status Convert(Wanted& wanted, plan::Ledger ledger, plan::Observation& observation,
               postgres::Session& session, const World& world, ResolveReport& report) {
  TRY(CompareWithAll(plan::FollowHistory{}, wanted.holdings, session, observation));
  const auto answer = plan::ConvertLedger(observation, ledger);
  if (const auto* refusal = std::get_if<plan::Refusal>(&answer)) {
    report.evidence = refusal->evidence;
    report.remedies = refusal->remedies;
    return MakeError(refusal->code, refusal->message);
  }
  const plan::Plan& plan = std::get<plan::Plan>(answer);
  const apply::RunContext context = ContextOf(wanted.holdings, ledger);
  TRY(apply::Run(plan, observation, session, context, *world.progress));
  report.converted_to = context.journal.strategy;
  for (const plan::Step& step : plan.steps) {
    if (const auto* run = std::get_if<plan::RecordRun>(&step.act))
      AddNames(run->migrations, report);
    if (const auto* marked = std::get_if<plan::RecordResolved>(&step.act)) {
      AddNames(marked->migrations, report);
    }
  }
  return {};
}

// The ledger that --all-covered means, where the database has rows of the other one.
Result<std::optional<plan::Ledger>> LedgerToLeaveFor(const ResolveOptions& options,
                                                     const Site& site, const Wanted& wanted,
                                                     const plan::Observation& observation) {
  if (!options.all_covered) return std::optional<plan::Ledger>();
  TRY_ASSIGN(const plan::StrategyChoice choice,
             StrategyOf(site, wanted.holdings, {options.strategy, options.branch}));
  const plan::Ledger ledger = choice.strategy == plan::Strategy::kRelease
                                  ? plan::Ledger::kRelease
                                  : plan::Ledger::kDevelopment;
  if (!plan::IsOnOtherLedger(observation, ledger)) {
    return std::optional<plan::Ledger>();
  }
  return std::optional<plan::Ledger>(ledger);
}

Status Run(const ResolveOptions& options, const World& world, ResolveReport& report) {
  if (options.applied.empty() && options.rolled_back.empty() && !options.all_covered) {
    return MakeError(
        ErrorCode::kUsageError, "resolve needs --applied NAME or --rolled-back NAME",
        "names may be repeated, may be patterns, and --all-covered takes them from the "
        "development baseline");
  }
  TRY_ASSIGN(const Site site, OpenSite(world));
  if (options.rolled_back.empty()) TRY(workspace::CheckMigrationLock(site.project.migrations));
  TRY_ASSIGN(Wanted wanted, LoadWanted(site));
  TRY_ASSIGN(const postgres::Target target, TargetOf(site));
  TRY_ASSIGN(postgres::Session session, postgres::Session::Connect(target));
  TRY_ASSIGN(plan::Observation observation, postgres::Observe(session, {}, *world.progress));
  TRY_ASSIGN(const auto other, LedgerToLeaveFor(options, site, wanted, observation));
  if (other) return Convert(wanted, *other, observation, session, world, report);
  TRY_ASSIGN(const std::vector<std::string> applied, AppliedNames(options, wanted, observation));
  const std::vector<std::string> rolled_back = Expand(options.rolled_back, RowNames(observation));
  TRY_ASSIGN(const plan::Resolution resolution,
             plan::DecideResolution({applied, rolled_back}, wanted.on_disk, observation));
  TRY(session.Query(ScriptFor(resolution, observation)));
  report.applied = applied;
  report.rolled_back = rolled_back;
  return {};
}

}  // namespace

ResolveReport Resolve(const ResolveOptions& options, const World& world) {
  ResolveReport report;
  Status done = Run(options, world, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
