// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_statements.h"

#include <algorithm>
#include <utility>

#include "difference/script_text.h"
#include "difference/statement_target.h"
#include "release/rollback_script.h"
#include "sql/split.h"

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

}  // namespace ballast::proof
