// SPDX-License-Identifier: Apache-2.0
#include "apply/split_script.h"

#include <fmt/format.h>

#include "apply/deploy_failure.h"
#include "apply/message.h"
#include "apply/outside_transaction.h"
#include "base/text.h"
#include "plan/statement_progress.h"
#include "sql/foreign_text.h"

namespace ballast::apply {
namespace {

using sql::SeparatePlace;
using sql::SeparateStatement;

// A statement of the script, which was sent after `prefix` bytes of ballast's.
ErrorLocation LocationIn(const plan::RunScript& script, const SeparateStatement& statement,
                         const postgres::ServerError& error, size_t prefix) {
  ErrorLocation where{script.migration.name, statement.line, {}, false, {}};
  if (error.position > static_cast<int>(prefix)) {
    const int position = error.position - static_cast<int>(prefix);
    const size_t offset = ByteOffset(statement.text, position);
    where.line += LineAt(statement.text, offset) - 1;
    const auto begin = static_cast<size_t>(statement.text.data() - script.Script().data());
    where.hint = sql::ForeignTextHint(script.Script(), begin + offset);
  }
  return where;
}

constexpr std::string_view kBegin = "BEGIN;\n";

}  // namespace

SplitScript::SplitScript(const Compiler& compiler, postgres::Session& session, Progress& progress,
                         const plan::RunScript& script)
    : compiler_(compiler),
      session_(session),
      progress_(progress),
      script_(script),
      statements_(sql::SeparateStatements(script.Script())) {}

Status SplitScript::Run(const EndSql& end, bool after_others) {
  if (script_.waits_for_transactions) TRY(WaitForDeployments(session_, after_others, progress_));
  TRY(Begin());
  for (; done_ < statements_.size(); ++done_) TRY(RunStatement(statements_[done_]));
  return Finish(end);
}

// Restores the open row and what the session of the earlier deploy had set.
Status SplitScript::Begin() {
  if (!script_.applied_statements) {
    const postgres::Outcome outcome = session_.Run(
        "BEGIN;\n" + compiler_.StartSplitSql(script_, {0, statements_.size()}) + "COMMIT;\n");
    if (!outcome.error) return {};
    if (session_.transaction_state() != postgres::TransactionState::kIdle) session_.Run("ROLLBACK");
    return ScriptError(*outcome.error, {});
  }
  done_ = *script_.applied_statements;
  for (size_t at = 0; at < done_ && at < statements_.size(); ++at) {
    if (statements_[at].sets_session) TRY(session_.Query(std::string(statements_[at].text)));
  }
  return {};
}

std::string SplitScript::ProgressSql(const SeparateStatement& statement) const {
  return compiler_.StatementSql(script_, {done_ + 1, statements_.size()}, statement.line);
}

Status SplitScript::RunStatement(const SeparateStatement& statement) {
  postgres::Outcome outcome = Send(statement);
  // A statement of which only the server knows that it cannot run in a transaction block.
  if (outcome.error && outcome.error->sqlstate == "25001" &&
      statement.place == SeparatePlace::kInTransaction) {
    session_.Run("ROLLBACK");
    SeparateStatement outside = statement;
    outside.place = SeparatePlace::kOutside;
    return RunStatement(outside);
  }
  if (outcome.error) return Failed(statement, *outcome.error);
  if (session_.transaction_state() == postgres::TransactionState::kIdle) return {};
  session_.Run("ROLLBACK");
  session_.Run(compiler_.FailSql(
      script_.migration.name,
      plan::LogsOf({done_, statements_.size()}, "the script left a transaction open")));
  Error error = MakeError(ErrorCode::kOpenTransaction,
                          script_.migration.name +
                              " leaves a transaction open; what it did after BEGIN was rolled back",
                          "end the script with COMMIT", {script_.migration.name, statement.line});
  error.partial = true;
  return error;
}

postgres::Outcome SplitScript::Send(const SeparateStatement& statement) {
  return statement.place == SeparatePlace::kOutside ? SendOutside(statement)
                                                    : SendInTransaction(statement);
}

postgres::Outcome SplitScript::SendInTransaction(const SeparateStatement& statement) {
  const bool own = statement.place == SeparatePlace::kOwnTransaction;
  postgres::Outcome outcome =
      session_.RunScript(fmt::format("{}{}\n;\n", own ? "" : kBegin, statement.text));
  if (outcome.error) return outcome;
  return session_.Run(ProgressSql(statement) + "COMMIT;\n");
}

postgres::Outcome SplitScript::SendOutside(const SeparateStatement& statement) {
  const bool waits = statement.waits_for_transactions;
  if (waits) session_.Run(Compiler::kNoLockTimeout);
  postgres::Outcome outcome =
      RunOutside(compiler_, session_, progress_, {script_.migration.name, statement.text, waits});
  if (outcome.error) return outcome;
  if (waits) session_.Run(Compiler::kLockTimeoutAgain);
  if (session_.transaction_state() != postgres::TransactionState::kIdle) return outcome;
  return session_.Run("BEGIN;\n" + ProgressSql(statement) + "COMMIT;\n");
}

Status SplitScript::Finish(const EndSql& end) {
  const postgres::Outcome outcome =
      session_.RunScript("BEGIN;\n" + compiler_.FinishSplitSql(script_) + end() + "COMMIT;\n");
  if (!outcome.error) {
    ++recorded_;
    return {};
  }
  if (outcome.error->connection_lost) return ErrorOf(*outcome.error, "the deployment");
  Error error = ScriptError(*outcome.error, {});
  error.code = ErrorCode::kPartiallyApplied;
  error.message = fmt::format("{} ran, but its row could not be finished: {}",
                              script_.migration.name, error.message);
  if (error.hint.empty()) error.hint = "fix the cause, then: ballast deploy";
  return error;
}

Error SplitScript::Failed(const SeparateStatement& statement, const postgres::ServerError& error) {
  if (error.connection_lost) return ErrorOf(error, "the deployment");
  if (session_.transaction_state() != postgres::TransactionState::kIdle) session_.Run("ROLLBACK");
  const size_t prefix = statement.place == SeparatePlace::kInTransaction ? kBegin.size() : 0;
  const ErrorLocation where = LocationIn(script_, statement, error, prefix);
  if (done_ == 0 && statement.place != SeparatePlace::kOutside) {
    return NothingRemains(error, where);
  }
  session_.Run(compiler_.FailSql(script_.migration.name,
                                 plan::LogsOf({done_, statements_.size()}, LogsOf(error))));
  Error made = OutsideError(error, where);
  made.message = fmt::format("{} failed at statement {} of {}: {}; {} applied, its row is open",
                             where.script, done_ + 1, statements_.size(), LogsOf(error),
                             done_ == 1 ? "the statement before it is"
                                        : fmt::format("the {} statements before it are", done_));
  if (done_ == 0) {
    made.message = fmt::format("{} failed at statement 1 of {}: {}; part of it may exist",
                               where.script, statements_.size(), LogsOf(error));
  }
  made.hint = fmt::format(
      "fix the cause, then deploy again: it continues with this statement; to change the script, "
      "see "
      "what exists (ballast status), then: ballast resolve --rolled-back \"{0}\" or --applied "
      "\"{0}\"",
      where.script);
  if (statement.place != SeparatePlace::kOutside) made.details.emplace_back(kResumable, "yes");
  return made;
}

// The error as if the script had been one transaction.
Error SplitScript::NothingRemains(const postgres::ServerError& error, const ErrorLocation& where) {
  session_.Run(compiler_.DeleteRowSql(script_.migration.name));
  return ScriptError(error, where);
}

}  // namespace ballast::apply
