// SPDX-License-Identifier: Apache-2.0
#include "apply/split_script.h"

#include <fmt/format.h>

#include "apply/deploy_failure.h"
#include "apply/message.h"
#include "apply/outside_transaction.h"
#include "base/shell_word.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "plan/retry.h"
#include "plan/statement_progress.h"
#include "postgres/deployment_lock.h"

namespace ballast::apply {
namespace {

using sql::SeparatePlace;
using sql::SeparateStatement;

// A statement of the script, which was sent after `prefix` bytes of ballast's.
ErrorLocation LocationIn(const plan::RunScript& script, const SeparateStatement& statement,
                         const postgres::ServerError& error, size_t prefix) {
  if (error.position <= static_cast<int>(prefix)) {
    return LocationInOwnTransaction(error, script.Script(), statement.text,
                                    {script.migration.name, statement.line});
  }
  const size_t begin = static_cast<size_t>(statement.text.data() - script.Script().data());
  const size_t offset = ByteOffset(statement.text, error.position - static_cast<int>(prefix));
  return LocationOfOffset(script.migration.name, script.Script(), begin + offset);
}

}  // namespace

SplitScript::SplitScript(const Compiler& compiler, postgres::Session& session, Progress& progress,
                         const plan::RunScript& script, bool keeps_lock)
    : compiler_(compiler),
      session_(session),
      progress_(progress),
      script_(script),
      sql_(compiler, script),
      keeps_lock_(keeps_lock) {}

Status SplitScript::Run(const std::string& begin, const EndSql& end, bool after_others) {
  if (script_.waits_for_transactions) TRY(WaitForDeployments(session_, after_others, progress_));
  TRY(Begin(begin));
  for (; done_ < Count(); ++done_) TRY(RunStatement(sql_.statements()[done_]));
  TRY(FinishRow(session_, sql_.Finish(end()), script_.migration.name));
  ++recorded_;
  return {};
}

// Restores the open row and what the session of the earlier deploy had set.
Status SplitScript::Begin(const std::string& begin) {
  done_ = sql_.First();
  std::vector<std::string> messages = sql_.Start();
  if (!begin.empty()) messages.insert(messages.begin(), begin);
  for (const std::string& message : messages) {
    const postgres::Outcome outcome = session_.Run(message);
    if (!outcome.error) continue;
    if (session_.transaction_state() != postgres::TransactionState::kIdle) session_.Run("ROLLBACK");
    return ScriptError(*outcome.error, {});
  }
  return {};
}

Status SplitScript::RunStatement(const SeparateStatement& statement) {
  const Sent sent = Send(statement);
  const std::optional<postgres::ServerError>& error = sent.statement.error;
  // A statement of which only the server knows that it cannot run in a transaction block.
  const bool refused = error && (error->sqlstate == sqlstate::kActiveSqlTransaction ||
                                 error->sqlstate == sqlstate::kInvalidTransactionTermination);
  if (refused && statement.place == SeparatePlace::kInTransaction) {
    session_.Run("ROLLBACK");
    SeparateStatement outside = statement;
    outside.place = SeparatePlace::kOutside;
    outside.may_commit_parts = error->sqlstate == sqlstate::kInvalidTransactionTermination;
    return RunStatement(outside);
  }
  if (error) return Failed(statement, WithCutOff(*error, script_.Script()));
  if (sent.record.error) return NotRecorded(statement, *sent.record.error);
  if (session_.transaction_state() == postgres::TransactionState::kIdle) return {};
  const std::string logs = plan::LogsOf({done_, Count()}, "the script left a transaction open");
  return CloseOpenTransaction(session_, compiler_.FailSql(script_.migration.name, logs),
                              {script_.migration.name, statement.line});
}

SplitScript::Sent SplitScript::Send(const SeparateStatement& statement) {
  return statement.place == SeparatePlace::kOutside ? SendOutside(statement)
                                                    : SendInTransaction(statement);
}

SplitScript::Sent SplitScript::SendInTransaction(const SeparateStatement& statement) {
  postgres::Outcome outcome =
      session_.RunScript(fmt::format("{}{}", Before(statement), statement.text));
  if (outcome.error) return {std::move(outcome), {}};
  return {std::move(outcome), Record(statement)};
}

SplitScript::Sent SplitScript::SendOutside(const SeparateStatement& statement) {
  const bool waits = statement.waits_for_transactions;
  if (waits) session_.Run(Compiler::kNoLockTimeout);
  postgres::Outcome outcome =
      RunOutside(compiler_, session_, progress_, {script_.migration.name, statement.text, waits});
  if (outcome.error) return {std::move(outcome), {}};
  if (waits) session_.Run(Compiler::kLockTimeoutAgain);
  if (session_.transaction_state() != postgres::TransactionState::kIdle) {
    return {std::move(outcome), {}};
  }
  return {std::move(outcome), Record(statement)};
}

// A statement in a transaction of ballast cannot release the lock that the transaction holds.
std::string SplitScript::Before(const SeparateStatement& statement) {
  const bool holds = statement.place == SeparatePlace::kInTransaction;
  return SplitScriptSql::Before(statement) + (holds ? postgres::HoldLockSql() : "");
}

// After others, the lock is checked once the row counts the statement.
postgres::Outcome SplitScript::Record(const SeparateStatement& statement) {
  if (statement.place == SeparatePlace::kInTransaction) {
    return session_.Run(sql_.After(statement, done_ + 1, postgres::RetakeLockSql()));
  }
  const bool checks = keeps_lock_ && done_ + 1 < Count();
  return session_.Run(sql_.After(statement, done_ + 1) +
                      (checks ? postgres::CheckLockSql() : std::string()));
}

// A statement outside of a transaction remains, so that the row counts it if the server permits
// another attempt. One in a transaction was rolled back; what fails can be its own deferred check.
Error SplitScript::NotRecorded(const SeparateStatement& statement, postgres::ServerError error) {
  error.position = 0;  // it is one in the message that records
  if (postgres::IsLockLost(error.message)) return ScriptError(error, {});
  if (error.connection_lost || statement.place != SeparatePlace::kOutside) {
    return Failed(statement, error);
  }
  const std::string& name = script_.migration.name;
  ++done_;
  session_.Run(compiler_.FailSql(name, plan::LogsOf({done_, Count()}, LogsOf(error))));
  Error made = OutsideError(error, {.script = name});
  made.message =
      fmt::format("statement {} of {} of {} ran, but its progress could not be recorded: {}", done_,
                  Count(), name, LogsOf(error));
  made.hint = "fix the cause, then deploy again: it continues with the next statement";
  made.details.emplace_back(plan::kResumable, "yes");
  return made;
}

Error SplitScript::Failed(const SeparateStatement& statement, const postgres::ServerError& error) {
  if (error.connection_lost) return ErrorOf(error, "the deployment");
  if (session_.transaction_state() != postgres::TransactionState::kIdle) session_.Run("ROLLBACK");
  const ErrorLocation where = LocationIn(script_, statement, error, Before(statement).size());
  if (done_ == 0 && statement.place != SeparatePlace::kOutside) {
    return NothingRemains(error, where);
  }
  session_.Run(
      compiler_.FailSql(script_.migration.name, plan::LogsOf({done_, Count()}, LogsOf(error))));
  Error made = OutsideError(error, where);
  made.message = fmt::format("{} failed at statement {} of {}: {}; {} applied, its row is open",
                             where.script, done_ + 1, Count(), LogsOf(error),
                             done_ == 1 ? "the statement before it is"
                                        : fmt::format("the {} statements before it are", done_));
  if (done_ == 0) {
    made.message =
        fmt::format("{} failed at statement 1 of {}: {}; part of it may have been applied",
                    where.script, Count(), LogsOf(error));
  } else if (statement.may_commit_parts) {
    made.message += "; part of this one may have been applied";
  }
  made.hint = fmt::format(
      "{1}see what was applied (ballast status), then: ballast resolve --rolled-back {0} or "
      "--applied {0}",
      ShellWord(where.script),
      where.hint.empty() || error.sqlstate != sqlstate::kActiveSqlTransaction
          ? WhatFollows(statement)
          : where.hint + "; ");
  if (statement.place != SeparatePlace::kOutside)
    made.details.emplace_back(plan::kResumable, "yes");
  return made;
}

const char* SplitScript::WhatFollows(const SeparateStatement& failed) const {
  if (!sql::CanContinueAfter(sql_.statements(), done_)) {
    return "the script cannot continue in another session, which would lack what its earlier "
           "statements have set: ";
  }
  if (failed.may_commit_parts) {
    return "the statement may have committed a part of its work, so that it is not run again: ";
  }
  if (sql::BuildsUnnamedIndex(failed)) {
    return "the index has no name in the script and may have remained as an invalid one, so that "
           "the statement is not run again: ";
  }
  return "fix the cause, then deploy again: it continues with this statement; to change the "
         "script, ";
}

// The error as if the script had been one transaction.
Error SplitScript::NothingRemains(const postgres::ServerError& error, const ErrorLocation& where) {
  session_.Run(compiler_.DeleteRowSql(script_.migration.name));
  return ScriptError(error, where);
}

}  // namespace ballast::apply
