// SPDX-License-Identifier: Apache-2.0
#include "plan/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "plan/plain_indexes.h"
#include "release/coverage.h"
#include "sql/classify.h"

namespace ballast::plan {
RunScript RunScriptStep(const release::Migration& migration, std::optional<RewrittenScript> as) {
  RunScript run{migration};
  run.as = std::move(as);
  if (run.as || !migration.script) return run;
  const sql::ScriptProperties traits = sql::AnalyzeScript(*migration.script);
  run.in_transaction = !traits.outside_transaction && !traits.transaction_control;
  run.own_transactions = traits.paired_transactions;
  return run;
}

std::vector<release::Migration> PendingOf(const std::vector<release::Migration>& wanted,
                                          const Observation& observation) {
  const std::set<std::string_view> applied = AppliedNames(observation);
  std::vector<release::Migration> pending;
  for (const release::Migration& migration : wanted) {
    if (!applied.contains(migration.name)) pending.push_back(migration);
  }
  return pending;
}

std::vector<std::string> UnknownNames(const Observation& observation,
                                      const std::vector<release::Migration>& known,
                                      const release::Coverage& covered) {
  std::set<std::string_view> listed = release::CoveredNames(covered);
  for (const release::Migration& migration : known) listed.insert(migration.name);
  std::vector<std::string> unknown;
  for (const MigrationRow& row : observation.rows) {
    if (row.CountsAsApplied() && listed.insert(row.name).second) unknown.push_back(row.name);
  }
  return unknown;
}

std::vector<std::string> NamesOf(const std::vector<release::Migration>& migrations) {
  std::vector<std::string> names;
  names.reserve(migrations.size());
  for (const release::Migration& migration : migrations) names.push_back(migration.name);
  return names;
}

bool ShareOneTransaction(const std::vector<release::Migration>& scripts) {
  std::vector<sql::AddedValue> added;
  for (const release::Migration& migration : scripts) {
    const sql::ScriptProperties traits = sql::AnalyzeScript(*migration.script, added);
    if (!traits.SharesTransaction()) return false;
    added.insert(added.end(), traits.added_values.begin(), traits.added_values.end());
  }
  return true;
}

void AddScripts(Plan& plan, const std::vector<release::Migration>& scripts,
                const ScriptOptions& manner) {
  const bool share = manner.together ? ShareOneTransaction(scripts)
                                     : scripts.size() <= 1 && ShareOneTransaction(scripts);
  plan.atomic = plan.atomic && share;
  std::optional<PlainIndexes> plain;
  if (manner.fresh && !plan.atomic) plain.emplace(scripts);
  plan.steps.reserve(plan.steps.size() + scripts.size());
  for (const release::Migration& migration : scripts) {
    RunScript run = RunScriptStep(migration, plain ? plain->FormOf(migration) : std::nullopt);
    run.record = manner.record || !plan.atomic;
    plan.steps.push_back({std::move(run), manner.reason});
  }
}

void AddPrerequisites(Plan& plan, const Observation& observation) {
  if (!observation.schema_exists) {
    plan.steps.push_back({CreateTargetSchema{}, "the URL names it and it is not there"});
  }
  if (!observation.has_migrations_table) plan.steps.push_back({CreateMigrationsTable{}, ""});
}

const release::Migration* FirstWithoutScript(const std::vector<release::Migration>& migrations) {
  const auto found = std::find_if(migrations.begin(), migrations.end(),
                                  [](const release::Migration& m) { return !m.script; });
  return found == migrations.end() ? nullptr : &*found;
}

Decision Refuse(Found found, Refusal refusal) {
  Decision decision;
  decision.found = found;
  decision.answer = std::move(refusal);
  return decision;
}

Refusal MissingScript(const release::Migration& migration) {
  return {ErrorCode::kMissingScript,
          fmt::format("migration {} has no migration.sql", migration.name),
          {},
          {"delete the folder or restore the file"}};
}

Refusal NotEmpty(const Observation& observation) {
  Refusal refusal{ErrorCode::kNotEmpty,
                  fmt::format("the database schema is not empty ({} objects) and has no rows in "
                              "_prisma_migrations",
                              observation.object_count),
                  observation.objects,
                  {"if it was made by this project: ballast deploy --adopt",
                   "if it may go: use an empty database, or drop the objects"}};
  return refusal;
}

Refusal Ahead(const std::vector<std::string>& unknown) {
  return {
      ErrorCode::kAhead,
      fmt::format("the database has {} migrations that this project does not know", unknown.size()),
      unknown,
      {"deploy the newer version, or leave out --strict"}};
}

}  // namespace ballast::plan
