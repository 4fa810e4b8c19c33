// SPDX-License-Identifier: Apache-2.0
#include "plan/plan_builder.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "plan/plain_indexes.h"
#include "plan/script_size.h"
#include "plan/unusable_script.h"

namespace ballast::plan {
namespace {

// Whether the script can end a transaction of ballast. Of several statements, a CALL and code
// cannot: in one message with others, the server refuses a COMMIT in a procedure (2D000).
bool EndsTransactions(const sql::ScriptProperties& properties) {
  if (properties.statements > 1 && !properties.commits_in_code) {
    return properties.transaction_statements;
  }
  return properties.transaction_control;
}

// A transaction of ballast writes the script's row first, so that the script could not set it.
ScriptMode ModeOf(const sql::ScriptProperties& properties) {
  if (properties.outside_transaction) return ScriptMode::kAlone;
  if (!EndsTransactions(properties)) {
    return properties.sets_transaction ? ScriptMode::kAlone : ScriptMode::kInTransaction;
  }
  return properties.paired_transactions ? ScriptMode::kManagesOwn : ScriptMode::kAlone;
}

// Whether a transaction does more than write rows and compare.
bool RunsAScript(const Transaction& transaction) {
  return std::ranges::any_of(transaction.steps, [](const Step& step) {
    return std::holds_alternative<RunScript>(step.act) ||
           std::holds_alternative<RestoreKeptData>(step.act);
  });
}

bool IsVerify(const Step& step) {
  return std::holds_alternative<VerifyCatalog>(step.act);
}

// The last comparison of a transaction includes what an earlier one would find.
void KeepLastVerify(std::vector<Step>& steps) {
  const auto last = std::find_if(steps.rbegin(), steps.rend(), IsVerify);
  if (last == steps.rend()) return;
  const auto end = std::prev(last.base());
  steps.erase(std::remove_if(steps.begin(), end, IsVerify), end);
}

}  // namespace

bool RunsSplit(const sql::ScriptProperties& properties, release::ReplayMode mode) {
  if (properties.statements < 2) return false;
  if (mode == release::ReplayMode::kAuto) {
    return properties.outside_transaction || properties.commits_in_code;
  }
  return mode == release::ReplayMode::kSplit;
}

bool RunsSplitAfter(std::string_view sqlstate, const sql::ScriptProperties& properties,
                    release::ReplayMode mode) {
  return mode == release::ReplayMode::kAuto && properties.statements > 1 &&
         !properties.transaction_statements && !properties.sets_transaction &&
         release::SucceedsWhenSplit(sqlstate);
}

Splitting SplittingOf(const ApplyRelease& release, const Policy& policy) {
  Splitting splitting{release::ReplayMode::kAuto, policy.refused.split, false,
                      policy.refused.apart};
  splitting.names.insert(release.split.begin(), release.split.end());
  return splitting;
}

Splitting SplittingOf(const FollowHistory& history, const Policy& policy) {
  Splitting splitting{policy.replay, policy.refused.split, policy.foresees_split,
                      policy.refused.apart};
  if (history.release && policy.replay == release::ReplayMode::kAuto) {
    splitting.names.insert(history.release->split.begin(), history.release->split.end());
  }
  return splitting;
}

void RecordIfSeveral(Plan& plan) {
  const auto with_scripts = std::ranges::count_if(plan.transactions, RunsAScript);
  const bool outside = std::ranges::any_of(plan.transactions, [](const Transaction& transaction) {
    return transaction.mode != ScriptMode::kInTransaction;
  });
  const bool several = with_scripts > 1 || outside;
  for (Transaction& transaction : plan.transactions) {
    for (Step& step : transaction.steps) {
      if (auto* run = std::get_if<RunScript>(&step.act)) {
        if (run->record_if_several) run->record = several;
      } else if (auto* old = std::get_if<DeleteHistoryRows>(&step.act)) {
        old->scripts_have_rows = several;
      }
    }
  }
}

void CountReplacedRows(Plan& plan, const Observation& observation) {
  std::map<std::string, size_t> rows;  // by name, until the step
  for (const MigrationRow& row : observation.rows) ++rows[row.name];
  for (Transaction& transaction : plan.transactions) {
    for (Step& step : transaction.steps) {
      if (auto* run = std::get_if<RunScript>(&step.act)) {
        const bool resumes = run->applied_statements.value_or(0) > 0;
        if (run->record && !resumes) ++rows[run->migration.name];
      } else if (auto* marked = std::get_if<InsertResolvedRows>(&step.act)) {
        for (const auto& migration : marked->migrations) ++rows[migration.name];
      } else if (auto* executed = std::get_if<InsertExecutedRows>(&step.act)) {
        for (const auto& migration : executed->migrations) ++rows[migration.name];
      } else if (auto* old = std::get_if<DeleteHistoryRows>(&step.act)) {
        size_t count = 0;
        for (const std::string& name : old->All()) count += std::exchange(rows[name], 0);
        old->found = count;
      }
    }
  }
}

void PlanBuilder::AddPrerequisites(const Observation& observation) {
  escapes_by_backslash_ =
      escapes_by_backslash_ ||
      std::ranges::any_of(observation.server.script_settings, [](const ScriptSetting& setting) {
        return setting.name == "standard_conforming_strings";
      });
  if (!observation.schema_exists) {
    Add(CreateTargetSchema{}, "the URL names it and it does not exist");
  }
  if (!observation.has_migrations_table) Add(CreateMigrationsTable{}, "");
}

void PlanBuilder::Add(Act act, std::string reason) {
  Open().steps.push_back({std::move(act), std::move(reason)});
}

void PlanBuilder::AddBaseline(release::Migration baseline, bool record, std::string reason) {
  RunScript run{std::move(baseline)};
  run.record = record;
  run.settings = ScriptSettings::kBaseline;
  Add(std::move(run), std::move(reason));
  has_scripts_ = true;
}

void PlanBuilder::AddScripts(const std::vector<release::Migration>& scripts,
                             const ScriptOptions& options) {
  std::optional<PlainIndexes> plain;
  if (options.fresh) plain.emplace(scripts);
  for (const release::Migration& migration : scripts) {
    if (!migration.script) {
      if (!refusal_) refusal_ = MissingScript(migration);
      continue;
    }
    const sql::ScriptProperties properties = sql::AnalyzeScript(*migration.script, added_values_);
    if (!IsUsable(migration, properties)) continue;
    RunScript run{migration};
    if (plain) run.as = plain->FormOf(migration);
    AddScript(std::move(run), properties, options);
    if (!options.together) Close();
  }
}

bool PlanBuilder::IsUsable(const release::Migration& migration,
                           const sql::ScriptProperties& properties) {
  escapes_by_backslash_ =
      escapes_by_backslash_ ||
      migration.script->find("standard_conforming_strings") != std::string::npos;
  std::optional<Refusal> refusal = NulByteIn(migration);
  if (!refusal && !escapes_by_backslash_) refusal = RefuseUnterminated(migration, properties);
  if (!refusal) return true;
  if (!refusal_) refusal_ = std::move(refusal);
  return false;
}

ScriptMode PlanBuilder::ModeOf(const RunScript& run, const sql::ScriptProperties& properties,
                               const ScriptOptions& options) const {
  if (run.as) return ScriptMode::kInTransaction;
  // A transaction that also creates the type can use the value.
  const bool foreseen = splitting_.foresees && properties.uses_own_value &&
                        splitting_.mode == release::ReplayMode::kAuto &&
                        !(options.fresh && options.together);
  const bool refused = splitting_.names.contains(run.migration.name);
  const bool named = foreseen || refused;
  if (plan::RunsSplit(properties, named ? release::ReplayMode::kSplit : splitting_.mode)) {
    return ScriptMode::kSplit;
  }
  // A single statement that the server has refused in a transaction block, as only it can know.
  if (refused && properties.statements < 2) return ScriptMode::kAlone;
  return plan::ModeOf(properties);
}

void PlanBuilder::AddScript(RunScript run, const sql::ScriptProperties& properties,
                            const ScriptOptions& options) {
  const ScriptMode mode = ModeOf(run, properties, options);
  run.waits_for_transactions = mode != ScriptMode::kInTransaction && properties.outside_transaction;
  run.changes_reading = properties.changes_reading;
  run.adds_enum_values = !properties.added_values.empty();
  if (!refusal_) {
    refusal_ = RefuseOversized(run.migration.name, run.Script(), IsDivisible(mode));
  }
  if (mode != ScriptMode::kInTransaction) return AddOutside(std::move(run), mode, options);
  // State that it leaves until the end of its transaction, and values that it adds and uses itself,
  // do not affect others.
  const bool shares = !properties.local_state && !properties.uses_own_value;
  const bool in_the_way = !takes_scripts_ || !shares || properties.uses_added_value ||
                          splitting_.apart.contains(run.migration.name);
  if (open_ && has_scripts_ && in_the_way) Close();
  Append(Open(), std::move(run), options);
  takes_scripts_ = shares;
  has_scripts_ = true;
  added_values_.insert(added_values_.end(), properties.added_values.begin(),
                       properties.added_values.end());
}

void PlanBuilder::AddOutside(RunScript run, ScriptMode mode, const ScriptOptions& options) {
  Close();
  plan_.transactions.push_back({mode, {}});
  Append(plan_.transactions.back(), std::move(run), options);
}

void PlanBuilder::Append(Transaction& transaction, RunScript run, const ScriptOptions& options) {
  run.record_if_several = options.rows == RowPolicy::kIfSeveralTransactions;
  run.record = !run.record_if_several;
  transaction.steps.push_back({std::move(run), options.reason});
}

void PlanBuilder::Verify(VerifyCatalog verify, std::string reason) {
  Transaction& transaction = Open();
  if (reason.empty()) {
    // What is committed, a comparison cannot take back.
    const bool first = plan_.transactions.size() == 1;
    reason = first ? "commits only if the catalog equals the proven one"
                   : "commits this part only if the catalog equals the proven one; the parts "
                     "before it stay";
  }
  transaction.steps.push_back({std::move(verify), std::move(reason)});
}

void PlanBuilder::Close() {
  open_ = false;
  added_values_.clear();
}

Transaction& PlanBuilder::Open() {
  if (!open_) {
    plan_.transactions.emplace_back();
    open_ = true;
    takes_scripts_ = true;
    has_scripts_ = false;
  }
  return plan_.transactions.back();
}

std::variant<Plan, Refusal> PlanBuilder::Build() && {
  if (refusal_) return *std::move(refusal_);
  RecordIfSeveral(plan_);
  for (Transaction& transaction : plan_.transactions) KeepLastVerify(transaction.steps);
  return std::move(plan_);
}

}  // namespace ballast::plan
