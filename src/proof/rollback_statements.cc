// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_statements.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/printable.h"
#include "base/text.h"
#include "difference/script_text.h"
#include "difference/statement_target.h"
#include "release/rollback_script.h"
#include "sql/classify.h"
#include "sql/renames.h"
#include "sql/split.h"
#include "sql/transaction_end.h"

namespace ballast::proof {
namespace {

// Packages of earlier versions have the descriptions only as comments. Of scripts that somebody
// wrote, or a part of them, these are not trusted.
std::vector<difference::Statement> WithoutRecord(release::RollbackOrigin origin,
                                                 const std::string& script) {
  return origin == release::RollbackOrigin::kDifference ? difference::ReadCommented(script)
                                                        : difference::UndescribedStatements(script);
}

difference::Statement StatementOf(const release::RollbackStatement& record, std::string text) {
  difference::Statement statement;
  statement.text = std::move(text);
  statement.object = record.object;
  if (!record.action.empty()) difference::ReadLabel(statement);
  statement.kind = difference::ActionKindNamed(record.action).value_or(statement.kind);
  statement.lock = difference::LockModeNamed(record.lock).value_or(statement.lock);
  statement.rewrites = record.rewrites;
  statement.fails_on = record.fails_on;
  statement.cause = difference::FailureCauseOf(record.fails_on);
  statement.offending_rows = record.listed_by;
  const bool is_rename = statement.kind == difference::ActionKind::kRename;
  statement.described = !record.action.empty() && !is_rename;
  return statement;
}

}  // namespace

std::vector<difference::Statement> InOrderOfText(const difference::Script& script) {
  std::vector<difference::Statement> statements = script.statements;
  std::stable_partition(statements.begin(), statements.end(),
                        [](const difference::Statement& statement) {
                          return statement.placement == difference::Placement::kCommitFirst;
                        });
  return statements;
}

std::string RollbackText(const difference::Script& script) {
  const std::vector<difference::Statement> all = InOrderOfText(script);
  const auto rest =
      std::ranges::find(all, difference::Placement::kTogether, &difference::Statement::placement);
  std::string text = difference::RenderCommented({all.begin(), rest});
  if (!text.empty()) text += release::kCommitLine;
  return text + difference::RenderCommented({rest, all.end()});
}

std::vector<release::RollbackStatement> RecordOfStatements(
    const std::vector<difference::Statement>& statements) {
  std::vector<release::RollbackStatement> records;
  for (const difference::Statement& statement : statements) {
    release::RollbackStatement& record = records.emplace_back();
    record.object = statement.object;
    const bool is_rename = statement.kind == difference::ActionKind::kRename;
    if (statement.described || is_rename) record.action = NameOf(statement.kind);
    record.lock = NameOf(statement.lock);
    record.rewrites = statement.rewrites;
    record.fails_on = statement.fails_on;
    record.listed_by = statement.offending_rows;
    record.count = static_cast<int>(sql::SplitScript(statement.text).size());
  }
  return records;
}

std::vector<difference::Statement> StatementsOf(const release::Rollback& record,
                                                const std::string& script) {
  if (!record.statements) return WithoutRecord(record.origin, script);
  std::vector<difference::Statement> statements;
  const std::vector<std::string> parts = release::RollbackTransactions(script);
  size_t at = 0, left = 0;
  for (const std::string& part : parts) {
    for (const sql::StatementText& piece : sql::SplitScript(part)) {
      const std::string text = std::string(piece.text) + ";\n";
      if (left > 0) {
        statements.back().text += text;
        --left;
        continue;
      }
      if (at == record.statements->size()) return difference::UndescribedStatements(script);
      const release::RollbackStatement& next = (*record.statements)[at++];
      statements.push_back(StatementOf(next, text));
      if (&part != &parts.back()) statements.back().placement = difference::Placement::kCommitFirst;
      left = next.count > 1 ? static_cast<size_t>(next.count) - 1 : 0;
    }
  }
  const bool complete = at == record.statements->size() && left == 0;
  return complete ? statements : difference::UndescribedStatements(script);
}

namespace {

std::string FirstLineOf(std::string_view statement) {
  return Printable(statement.substr(0, statement.find('\n')));
}

// Above the line that separates two transactions, values of enums are added and objects renamed:
// the rows are not compared there, and nothing of it is rolled back.
Status RefuseCommittedFirst(const std::string& script, const std::string& name) {
  const std::vector<std::string> parts = release::RollbackTransactions(script);
  if (parts.size() < 2) return {};
  for (const sql::Statement& statement : sql::ReadScript(parts.front())) {
    const bool adds = statement.kind == sql::StatementKind::kAlterType;
    if (adds && !statement.added_values.empty()) continue;
    if (!sql::UndoRenames(statement.text).empty()) continue;
    return MakeError(
        ErrorCode::kNoRollback,
        fmt::format("{} has {} at line {}, but in front of the line \"{}\" only renames "
                    "and ALTER TYPE … ADD VALUE may be: move the statement",
                    name, FirstLineOf(statement.text), statement.line,
                    TrimRight(release::kCommitLine)));
  }
  return {};
}

}  // namespace

Status RefuseUnfitStatements(const std::string& script, const std::string& name) {
  TRY(RefuseCommittedFirst(script, name));
  const auto unfit = sql::UnfitForTransaction(script);
  if (!unfit) return {};
  return MakeError(
      ErrorCode::kNoRollback,
      fmt::format("{} has {} at line {}, but it runs inside the transaction of the rollback, {}: "
                  "remove the statement",
                  name, FirstLineOf(unfit->text), unfit->line,
                  unfit->controls_transaction ? "which it must not begin or end"
                                              : "which compares rows with this setting"));
}

Status RefuseUnfitStatements(const release::Rollback& record, const std::string& script) {
  return IsWrittenByHand(record.origin) ? RefuseUnfitStatements(script, record.path) : Status();
}

}  // namespace ballast::proof
