// SPDX-License-Identifier: Apache-2.0
#include "apply/outside_transaction.h"

#include <fmt/format.h>

#include <chrono>

#include "apply/alone_script_sql.h"
#include "apply/deploy_failure.h"
#include "apply/message.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "postgres/lock_waiter_monitor.h"
#include "postgres/lock_waiters.h"
#include "postgres/observe.h"
#include "sql/concurrent_index.h"

namespace ballast::apply {
namespace {

// How long other sessions may wait for the deployment lock before a concurrent build gives up, and
// how often a build is repeated. Longer than Prisma waits, so that what it left behind is canceled.
constexpr std::chrono::seconds kLockWaitLimit{15};
constexpr int kAttempts = 3;

// Reports sessions that begin to wait for the lock, because the build may be waiting for them.
postgres::Outcome Watched(postgres::Session& session, Progress& progress,
                          const OutsideStatement& what) {
  if (!what.waits_for_transactions) return session.RunScript(std::string(what.text));
  const postgres::LockWaiterMonitor watch(session.target(), what.name, progress);
  return session.RunScript(std::string(what.text));
}

Status DropIndex(postgres::Session& session, const plan::DropInvalidIndex& drop) {
  TRY(session.Query(Compiler::DropInvalidIndexSql(drop)));
  return {};
}

}  // namespace

// If something else was committed before, it is a partial deploy and not only a timeout.
Status WaitForDeployments(postgres::Session& session, bool after_others, Progress& progress) {
  Status free = postgres::WaitForLockWaiters(session, kLockWaitLimit, progress);
  if (free || !after_others || free.error().code != ErrorCode::kTimedOut) return free;
  Error error = std::move(free).error();
  error.code = ErrorCode::kPartiallyApplied;
  return error;
}

// A session that begins to wait for the lock during the build causes a deadlock, and the server
// cancels the build. Its invalid index is dropped, and the build is repeated when no session waits.
postgres::Outcome RunOutside(const Compiler& compiler, postgres::Session& session,
                             Progress& progress, const OutsideStatement& what) {
  const auto index = what.waits_for_transactions ? sql::ReadNamedConcurrentIndex(what.text)
                                                 : std::optional<sql::ConcurrentIndex>();
  for (int attempt = 1;; ++attempt) {
    postgres::Outcome outcome = Watched(session, progress, what);
    const bool deadlock = outcome.error && outcome.error->sqlstate == sqlstate::kDeadlockDetected;
    if (!deadlock || !index || !index->build || attempt == kAttempts) return outcome;
    progress.Notice(what.name + " failed with a deadlock and is repeated");
    const std::string& own = index->index.schema;
    const std::string& schema = own.empty() ? compiler.schema() : own;
    if (!postgres::WaitForLockWaiters(session, kLockWaitLimit, progress)) return outcome;
    const auto left = postgres::InspectIndex(session, {schema, index->index.name});
    if (!left || *left == plan::IndexState::kValid) return outcome;
    if (!DropIndex(session, {{schema, index->index.name}})) return outcome;
  }
}

Status FinishRow(postgres::Session& session, const std::string& sql, const std::string& name) {
  const postgres::Outcome outcome = session.RunScript(sql);
  if (!outcome.error) return {};
  if (outcome.error->connection_lost) return ErrorOf(*outcome.error, "the deployment");
  Error error = ScriptError(*outcome.error, {});
  error.code = ErrorCode::kPartiallyApplied;
  error.message = fmt::format("{} ran, but its row could not be finished: {}", name, error.message);
  if (error.hint.empty()) error.hint = "fix the cause, then: ballast deploy";
  return error;
}

Error CloseOpenTransaction(postgres::Session& session, const std::string& sql,
                           const Place& script) {
  session.Run("ROLLBACK");
  session.Run(sql);
  Error error =
      MakeError(ErrorCode::kOpenTransaction,
                script.file + " leaves a transaction open; what it did after BEGIN was rolled back",
                "end the script with COMMIT", script);
  error.partial = true;
  return error;
}

Status OutsideTransaction::Run(const plan::Transaction& transaction, const std::string& begin,
                               const EndSql& end, bool after_others) {
  const plan::Act& act = transaction.steps.front().act;
  if (const auto* drop = std::get_if<plan::DropInvalidIndex>(&act)) return Drop(*drop);
  return RunScript(std::get<plan::RunScript>(act), begin, end, after_others);
}

Status OutsideTransaction::RunScript(const plan::RunScript& script, const std::string& begin,
                                     const EndSql& end, bool after_others) {
  const AloneScriptSql sql(compiler_, script);
  if (sql.Waits()) TRY(WaitForDeployments(session_, after_others, progress_));
  TRY(Start(begin + sql.Start().append(sql.Before())));
  const postgres::Outcome outcome = RunOutside(compiler_, session_, progress_,
                                               {script.migration.name, sql.Script(), sql.Waits()});
  if (outcome.error && outcome.error->connection_lost) {
    return ErrorOf(*outcome.error, "the deployment");
  }
  if (outcome.error) return Failed(script, outcome);
  if (session_.transaction_state() != postgres::TransactionState::kIdle) {
    const std::string& name = script.migration.name;
    return CloseOpenTransaction(
        session_, compiler_.FailSql(name, "the script left a transaction open; it was rolled back"),
        {name, 0});
  }
  TRY(FinishRow(session_, sql.Finish(end()).append(sql.After()), script.migration.name));
  recorded_ += script.record ? 1 : 0;
  return {};
}

Status OutsideTransaction::Start(const std::string& sql) {
  const postgres::Outcome outcome = session_.Run(sql);
  if (!outcome.error) return {};
  if (outcome.error->connection_lost) return ErrorOf(*outcome.error, "the deployment");
  return ScriptError(*outcome.error, {});
}

// Neither in a transaction nor in a message with other statements.
Status OutsideTransaction::Drop(const plan::DropInvalidIndex& drop) {
  return DropIndex(session_, drop);
}

// The row stays open with the server's message, as with Prisma: parts of the script may have been
// applied.
Error OutsideTransaction::Failed(const plan::RunScript& script, const postgres::Outcome& outcome) {
  if (session_.transaction_state() != postgres::TransactionState::kIdle) session_.Run("ROLLBACK");
  const postgres::ServerError error = WithCutOff(*outcome.error, script.Script());
  const std::string& name = script.migration.name;
  const ErrorLocation where =
      error.position > 0
          ? LocationOfOffset(name, script.Script(), ByteOffset(script.Script(), error.position))
          : LocationInOwnTransaction(error, script.Script(), script.Script(),
                                     LocationOfStatement(name, script.Script(), outcome.completed));
  // The server reads a complete message before it runs the first statement.
  const bool unread =
      error.sqlstate == sqlstate::kSyntaxError && error.position > 0 && outcome.completed == 0;
  if (unread && error.context.empty()) {
    session_.Run(compiler_.DeleteRowSql(name));
    return ScriptError(error, where);
  }
  session_.Run(compiler_.FailSql(name, LogsOf(error)));
  return OutsideError(error, where, script.record);
}

}  // namespace ballast::apply
