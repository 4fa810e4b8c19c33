// SPDX-License-Identifier: Apache-2.0
#include "commands/change_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "release/rollback_script.h"
#include "sql/concurrent_index.h"
#include "sql/quote.h"

namespace ballast::commands {
namespace {

// A script that somebody else wrote runs as a migration does.
plan::ScriptSettings SettingsOf(const ChangeQuestion& question) {
  const bool own =
      question.given_script.empty() || release::IsWrittenRollback(question.given_script);
  return own ? plan::ScriptSettings::kChange : plan::ScriptSettings::kSession;
}

plan::Step RunStep(const ChangeQuestion& question, const std::string& name,
                   const std::string& script, const std::string& reason) {
  plan::RunScript run{release::MakeMigration(name, script)};
  run.record = false;
  run.settings = SettingsOf(question);
  return {std::move(run), reason};
}

// A statement that is committed on its own. `name`: of the command, for reports.
plan::Transaction TransactionOf(const std::string& name, const difference::Statement& statement) {
  plan::RunScript run{release::MakeMigration(name + ": " + statement.object, statement.text)};
  run.record = false;
  run.settings = plan::ScriptSettings::kChange;
  plan::Transaction transaction;
  const auto index = sql::ConcurrentIndexOf(statement.text);
  if (index) {
    run.mode = transaction.mode = plan::ScriptMode::kAlone;
    run.waits_for_transactions = true;
  }
  transaction.steps.push_back(
      {std::move(run), index ? "outside a transaction, so that writes can continue"
                             : "committed on its own, so that its lock is short"});
  return transaction;
}

}  // namespace

std::string ObjectAtLine(const CatalogChange& change, int line) {
  size_t begin = 0;
  for (int at = 1; at < line && begin != std::string::npos; ++at) {
    begin = change.script.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (begin == std::string::npos) return {};
  size_t from = 0;
  for (const difference::Statement& statement : change.statements) {
    if (statement.placement == difference::Placement::kCommitFirst) continue;
    const size_t at = change.script.find(statement.text, from);
    if (at == std::string::npos) continue;
    from = at + statement.text.size();
    if (begin >= at && begin < from) return statement.object;
  }
  return {};
}

std::optional<plan::Refusal> RefusalOf(const CatalogChange& change, const ChangeQuestion& question,
                                       const std::string& option,
                                       const std::vector<std::string>& remedies) {
  plan::Refusal refusal;
  if (!change.blocking.empty()) {
    refusal.code = ErrorCode::kConflictingRows;
    refusal.message =
        fmt::format("rows conflict with {}", Counted(change.blocking.size(), "change"));
    for (const BlockingRows& rows : change.blocking) {
      const std::string count =
          rows.count == 0 ? "" : Counted(static_cast<size_t>(rows.count), "row") + ": ";
      refusal.evidence.push_back(rows.object + ": " + count + rows.what);
      refusal.evidence.push_back("  " + rows.query + ";");
    }
    refusal.remedies = {"correct these rows (the queries list them), then run the command again"};
    if (!question.conflict_remedy.empty()) refusal.remedies.push_back(question.conflict_remedy);
    return refusal;
  }
  size_t lost = 0;
  for (const DataLoss& loss : change.losses) {
    const bool kept =
        std::find(change.kept.begin(), change.kept.end(), loss.object) != change.kept.end();
    if (loss.allowed || kept) continue;
    ++lost;
    const char* what = loss.object.starts_with("column ") ? "value" : "row";
    refusal.evidence.push_back(loss.object + ": " + Counted(static_cast<size_t>(loss.count), what));
    refusal.remedies.push_back("to lose it: " + option + " " +
                               sql::QuoteLiteral(Unquoted(loss.object)));
  }
  if (lost == 0) return std::nullopt;
  refusal.code = ErrorCode::kDataLoss;
  refusal.message = fmt::format("the data of {} would be lost", Counted(lost, "object"));
  refusal.remedies.insert(refusal.remedies.begin(), remedies.begin(), remedies.end());
  return refusal;
}

plan::Refusal NoStatements(const CatalogChange& change) {
  return {ErrorCode::kNoDifferenceScript,
          fmt::format("no statement is known that removes {}",
                      Counted(change.drift.size(), "difference")),
          change.drift,
          {"write the statements yourself, run them, then: ballast status",
           "or accept the differences: name the objects under `ignore` in ballast.toml"}};
}

plan::Plan PlanOf(const CatalogChange& change, const ChangeQuestion& question,
                  std::vector<plan::Step> row_steps) {
  plan::Plan plan;
  for (const difference::Statement& statement : change.apart) {
    plan.transactions.push_back(TransactionOf(question.name, statement));
  }
  if (!change.first_script.empty()) {
    plan::Transaction first;
    first.steps.push_back(RunStep(question, question.name + "_enum_values", change.first_script,
                                  "values of an enum can be used once they are committed"));
    plan.transactions.push_back(std::move(first));
  }
  plan::Transaction main;
  if (!change.script.empty()) {
    main.steps.push_back(RunStep(question, question.name, change.script,
                                 "brings the database to " + question.goal_name));
  }
  for (plan::Step& step : row_steps) main.steps.push_back(std::move(step));
  if (main.steps.empty() && plan.empty()) return plan;
  main.steps.push_back({plan::VerifyCatalog(question.goal.record, false, {}),
                        "the database must be " + question.goal_name});
  plan.transactions.push_back(std::move(main));
  return plan;
}

}  // namespace ballast::commands
