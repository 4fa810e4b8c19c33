// SPDX-License-Identifier: Apache-2.0
#include "plan/change.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <utility>

#include "base/text.h"
#include "difference/dependent_additions.h"
#include "plan/plan_builder.h"
#include "plan/script_size.h"
#include "plan/server_refusals.h"
#include "release/package.h"
#include "sql/classify.h"
#include "sql/concurrent_index.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

RunScript ScriptOfChange(const Change& change, const std::string& name, const std::string& script) {
  RunScript run{release::MakeMigration(name, script)};
  run.record = false;
  run.settings = change.is_own_script ? ScriptSettings::kChange : ScriptSettings::kSession;
  run.changes_reading = sql::AnalyzeScript(script).changes_reading;
  return run;
}

// A statement that is committed on its own.
Transaction TransactionApart(const Change& change, const std::string& command,
                             const difference::Statement& statement) {
  RunScript run = ScriptOfChange(change, command + ": " + statement.object, statement.text);
  Transaction transaction;
  const bool concurrent = sql::ReadConcurrentIndex(statement.text).has_value();
  if (concurrent) {
    transaction.mode = ScriptMode::kAlone;
    run.waits_for_transactions = true;
  }
  transaction.steps.push_back(
      {std::move(run), concurrent ? "outside a transaction, so that writes can continue"
                                  : "committed on its own, so that its lock is short"});
  return transaction;
}

Plan PlanOfChange(const Change& change, const ChangeGoal& goal, const Observation& observation) {
  Plan plan;
  for (const difference::Statement& statement : change.apart) {
    plan.transactions.push_back(TransactionApart(change, goal.command, statement));
  }
  if (!change.first_script.empty()) {
    Transaction first;
    first.steps.push_back(
        {ScriptOfChange(change, goal.command + "_enum_values", change.first_script),
         "values of an enum can be used once they are committed"});
    plan.transactions.push_back(std::move(first));
  }
  Transaction main;
  if (!change.script.empty()) {
    main.steps.push_back({ScriptOfChange(change, goal.command, change.script),
                          "brings the database to " + goal.name});
  }
  for (Step& step : RowSteps(goal.rows, goal.name, observation)) {
    main.steps.push_back(std::move(step));
  }
  if (main.steps.empty() && plan.empty()) return plan;
  main.steps.push_back(
      {VerifyCatalog(goal.record, false, {}), "the database must be " + goal.name});
  plan.transactions.push_back(std::move(main));
  CountReplacedRows(plan, observation);
  return plan;
}

Refusal RefusalFrom(Error error) {
  return {error.code, std::move(error.message), {}, {std::move(error.hint)},
          {},         std::move(error.details)};
}

Refusal TakenNames(const std::vector<std::string>& names) {
  Refusal refusal;
  refusal.code = ErrorCode::kNoDifferenceScript;
  refusal.message =
      fmt::format("{} outside the release {} that the release needs",
                  Counted(names.size(), "object"), names.size() == 1 ? "has a name" : "have names");
  for (const std::string& name : names) refusal.details.emplace_back("object", name);
  refusal.remedies = {"if a table was renamed by hand, rename it back: ALTER TABLE … RENAME TO …",
                      fmt::format("otherwise rename {}, then run the command again",
                                  names.size() == 1 ? "this object" : "these objects")};
  return refusal;
}

void Add(const std::vector<LackedPrivilege>& found, LackedPrivileges& lacked) {
  for (const auto& [what, statement] : found) {
    lacked.refusal.evidence.push_back(what);
    if (!statement.empty()) AddOnce(statement, &lacked.statements);
  }
}

LackedPrivileges PrivilegesLacked(const std::vector<LackedPrivilege>& found,
                                  const std::string& command, const ServerState& server) {
  LackedPrivileges all;
  Add(found, all);
  LackedPrivileges lacked =
      Lacks(server,
            fmt::format("lacks {} that the {} needs", Counted(found.size(), "privilege"), command),
            all.statements);
  lacked.refusal.evidence = std::move(all.refusal.evidence);
  return lacked;
}

LackedPrivileges HiddenRows(const std::vector<LackedPrivilege>& tables, const ServerState& server) {
  LackedPrivileges hidden;
  Add(tables, hidden);
  hidden.refusal.code = ErrorCode::kCannotTell;
  hidden.refusal.message =
      "row security hides rows from this role, so it is not known what is missing or would be lost";
  hidden.refusal.remedies = {
      "run the command as a role with BYPASSRLS, or as a superuser",
      Lacks(server, {}, hidden.statements).refusal.remedies.front().insert(0, "or ")};
  return hidden;
}

// Everything that the role lacks, because what it may not read was not counted.
std::optional<Refusal> RefuseForPrivileges(const Change& change, const Plan& plan,
                                           const ChangeGoal& goal, const Observation& observation) {
  const ServerState& server = observation.server;
  std::vector<LackedPrivileges> lacked;
  if (!change.lacked.privileges.empty()) {
    lacked.push_back(PrivilegesLacked(change.lacked.privileges, goal.command, server));
  }
  if (!change.lacked.policies.empty()) lacked.push_back(HiddenRows(change.lacked.policies, server));
  if (auto record = CannotRecord(plan, server); record && !plan.empty()) {
    lacked.push_back(*std::move(record));
  }
  if (!change.kept.empty()) {
    if (auto keep = CannotKeepData(observation)) lacked.push_back(*std::move(keep));
  }
  if (lacked.empty()) return std::nullopt;
  return RefuseForAll(lacked, server);
}

Refusal PartitionsInTheWay(const std::vector<std::string>& partitions) {
  const bool one = partitions.size() == 1;
  return {ErrorCode::kNoDifferenceScript,
          fmt::format("{} outside the release {} with partitions that the release needs",
                      Counted(partitions.size(), "partition"), one ? "conflicts" : "conflict"),
          partitions,
          {fmt::format("detach {} (ALTER TABLE … DETACH PARTITION …), run the command again, and "
                       "insert the rows through the partitioned table",
                       one ? "it" : "them")}};
}

std::optional<Refusal> RefuseForAdditions(const Change& change) {
  if (!change.taken_names.empty()) return TakenNames(change.taken_names);
  if (!change.partitions_in_the_way.empty()) {
    return PartitionsInTheWay(change.partitions_in_the_way);
  }
  if (!change.lost.names.empty()) return LossOfAdditions(change.lost);
  if (change.in_the_way.empty()) return std::nullopt;
  return RefusalFrom(difference::AdditionsInTheWay(change.in_the_way));
}

// Rows of a table that gets a required column, which has to be made before they can have values.
bool LacksValues(const BlockingRows& rows) {
  return rows.cause == difference::FailureCause::kMissingValue;
}

bool HasCorrectable(const std::vector<BlockingRows>& blocking) {
  return !std::all_of(blocking.begin(), blocking.end(), LacksValues);
}

void AddPreparations(const std::vector<BlockingRows>& blocking,
                     std::vector<std::string>& remedies) {
  for (const BlockingRows& rows : blocking) {
    if (rows.before_correction.empty()) continue;
    AddOnce(fmt::format("first add what {} needs: {}", rows.object, rows.before_correction),
            &remedies);
  }
}

std::optional<Refusal> RefuseForRows(const std::vector<BlockingRows>& blocking,
                                     const ChangePolicy& policy) {
  if (blocking.empty()) return std::nullopt;
  Refusal refusal;
  refusal.code = ErrorCode::kConflictingRows;
  refusal.message = fmt::format("rows conflict with {}", Counted(blocking.size(), "change"));
  for (const BlockingRows& rows : blocking) {
    const std::string count =
        rows.count == 0 ? "" : Counted(static_cast<size_t>(rows.count), "row") + ": ";
    refusal.evidence.push_back(rows.object + ": " + count + rows.what);
    refusal.evidence.push_back("  " + rows.query + ";");
  }
  if (policy.conflict_remedy.empty()) AddPreparations(blocking, refusal.remedies);
  if (HasCorrectable(blocking)) {
    refusal.remedies.emplace_back(
        "correct these rows (the queries list them), then run the command again");
  }
  for (const BlockingRows& rows : blocking) {
    if (!LacksValues(rows) || !policy.conflict_remedy.empty()) continue;
    refusal.remedies.push_back("add " + rows.object +
                               " yourself, fill it for existing rows, then run the command again");
  }
  if (!policy.conflict_remedy.empty()) refusal.remedies.push_back(policy.conflict_remedy);
  return refusal;
}

std::optional<Refusal> RefuseForLosses(const Change& change, const ChangePolicy& policy) {
  Refusal refusal;
  size_t lost = 0;
  for (const DataLoss& loss : change.losses) {
    const bool kept =
        std::find(change.kept.begin(), change.kept.end(), loss.object) != change.kept.end();
    if (loss.allowed || kept) continue;
    ++lost;
    const auto rename = change.rename_remedies.find(loss.object);
    if (rename != change.rename_remedies.end()) refusal.remedies.push_back(rename->second);
    const char* what = loss.of_values ? "value" : "row";
    refusal.evidence.push_back(loss.object + ": " + Counted(static_cast<size_t>(loss.count), what));
    refusal.remedies.push_back("to accept the loss: " + policy.loss_option + " " +
                               sql::QuoteLiteral(ReplaceAll(loss.object, "\"", "")));
  }
  if (lost == 0) return std::nullopt;
  refusal.code = ErrorCode::kDataLoss;
  refusal.message = fmt::format("the data of {} would be lost", Counted(lost, "object"));
  refusal.remedies.insert(refusal.remedies.begin(), policy.loss_remedies.begin(),
                          policy.loss_remedies.end());
  return refusal;
}

// A database that differs is never reported as one that needs nothing.
std::optional<Refusal> RefuseWithoutStatements(const Change& change) {
  const bool none = change.script.empty() && change.first_script.empty() && change.apart.empty();
  if (!none || change.drift.empty()) return std::nullopt;
  Refusal refusal{ErrorCode::kNoDifferenceScript,
                  fmt::format("no statement is known that removes {}",
                              Counted(change.drift.size(), "difference")),
                  change.drift,
                  {"write the statements yourself, run them, then: ballast status",
                   "or accept the differences: name the objects under `ignore` in ballast.toml"}};
  if (change.lacks_enforcement) {
    refusal.remedies.insert(refusal.remedies.begin(),
                            "as a superuser, enable the triggers of these tables: ALTER TABLE … "
                            "ENABLE TRIGGER ALL");
  }
  return refusal;
}

std::optional<Refusal> RefuseForSize(const Plan& plan) {
  for (const Transaction& transaction : plan.transactions) {
    for (const Step& step : transaction.steps) {
      const auto* run = std::get_if<RunScript>(&step.act);
      if (run == nullptr) continue;
      auto refusal =
          RefuseOversized(run->migration.name, run->Script(), IsDivisible(transaction.mode));
      if (refusal) return refusal;
    }
  }
  return std::nullopt;
}

// Whether the migrations table lacks this row.
using IsRowMissing = std::function<bool(const release::CoveredMigration&)>;

release::Coverage MissingAmong(const release::Coverage& rows, const IsRowMissing& missing) {
  release::Coverage list;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(list), missing);
  return list;
}

}  // namespace

void AddLacked(const LackedOfChange& more, LackedOfChange& lacked) {
  lacked.privileges.insert(lacked.privileges.end(), more.privileges.begin(), more.privileges.end());
  lacked.policies.insert(lacked.policies.end(), more.policies.begin(), more.policies.end());
  lacked.hides_rows = lacked.hides_rows || more.hides_rows;
}

ChangeDecision DecideChange(const Change& change, const ChangeGoal& goal,
                            const ChangePolicy& policy, const Observation& observation) {
  ChangeDecision decision;
  decision.plan = PlanOfChange(change, goal, observation);
  decision.refusal = RefuseForPrivileges(change, decision.plan, goal, observation);
  if (!decision.refusal) decision.refusal = RefuseForAdditions(change);
  if (!decision.refusal) decision.refusal = RefuseForRows(change.blocking, policy);
  if (!decision.refusal) decision.refusal = RefuseForLosses(change, policy);
  if (!decision.refusal) decision.refusal = RefuseWithoutStatements(change);
  if (!decision.refusal) decision.refusal = RefuseForSize(decision.plan);
  return decision;
}

Refusal LossOfAdditions(const AdditionsLost& lost) {
  const size_t count = lost.names.size();
  Refusal refusal;
  refusal.code = ErrorCode::kNoDifferenceScript;
  refusal.message =
      fmt::format("{} would be lost, because the script drops the object and creates it again",
                  Counted(count, "addition"));
  const char* const it = count == 1 ? "it" : "them";
  refusal.remedies = {
      fmt::format("remove {0}, run the command again, and restore {0} afterwards", it)};
  if (lost.of_table_parameters) {
    refusal.remedies.emplace_back(
        "a table that is partitioned now has no storage parameters: set them for its partitions");
  }
  refusal.details.emplace_back(kLosesAdditions, std::to_string(count));
  for (const std::string& name : lost.names) refusal.details.emplace_back("object", name);
  return refusal;
}

std::vector<Step> RowSteps(const StateRows& rows, const std::string& state,
                           const Observation& observation) {
  release::Coverage expected = rows.run;
  expected.insert(expected.end(), rows.resolved.begin(), rows.resolved.end());
  std::map<std::string_view, std::string_view> recorded;
  for (const MigrationRow& row : observation.rows) {
    if (row.CountsAsApplied()) recorded[row.name] = row.checksum;
  }
  const IsRowMissing missing = [&](const release::CoveredMigration& migration) {
    const auto row = recorded.find(migration.name);
    if (row == recorded.end()) return true;
    return migration.name == release::kBaselineName && row->second != migration.checksum;
  };
  std::vector<std::string> surplus;
  for (const auto& [name, checksum] : recorded) {
    const auto same =
        std::find_if(expected.begin(), expected.end(),
                     [&name = name](const auto& migration) { return migration.name == name; });
    if (same == expected.end() || missing(*same)) surplus.emplace_back(name);
  }
  std::vector<Step> steps;
  const std::string reason = "the rows of " + state;
  const release::Coverage run = MissingAmong(rows.run, missing);
  const release::Coverage resolved = MissingAmong(rows.resolved, missing);
  const bool changes = !run.empty() || !resolved.empty() || !surplus.empty();
  if (changes && !observation.has_migrations_table) steps.push_back({CreateMigrationsTable{}, ""});
  if (!surplus.empty())
    steps.push_back({DeleteHistoryRows{surplus, ReplacedRows::kOtherStates}, reason});
  if (!run.empty()) steps.push_back({InsertExecutedRows{run}, reason});
  if (!resolved.empty()) steps.push_back({InsertResolvedRows{resolved}, reason});
  return steps;
}

}  // namespace ballast::plan
