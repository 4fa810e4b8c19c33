// SPDX-License-Identifier: Apache-2.0
#include "apply/stepwise.h"

#include <fmt/format.h>

#include "apply/version_hint.h"
#include "base/text.h"
#include "postgres/lock_waiter_monitor.h"
#include "postgres/lock_waiters.h"
#include "postgres/migrations_table.h"
#include "postgres/observe.h"
#include "sql/classify.h"
#include "sql/concurrent_index.h"

namespace ballast::apply {
namespace {

// Scripts travel together until their message has this many bytes; memory stays bounded by the
// largest script, and the wait for the network is shared by many.
constexpr size_t kMessageBytes = size_t{256} << 10;

// How long others may wait for the deployment lock before a concurrent build gives up, and how
// often one begins again. Prisma waits 10 seconds at most.
constexpr std::chrono::seconds kPatience{15};
constexpr int kAttempts = 3;

// A concurrent build holds up nobody's reads or writes, but has to outwait every transaction that
// is older; breaking it off would leave half an index.
constexpr char kNoLockTimeout[] =
    "SELECT set_config('ballast.lock_timeout', current_setting('lock_timeout'), false),\n"
    "       set_config('lock_timeout', '0', false);\n";
constexpr char kLockTimeoutAgain[] =
    "SELECT set_config('lock_timeout', current_setting('ballast.lock_timeout'), false);\n";

class StepwiseExecutor {
 public:
  StepwiseExecutor(const Stepwise& run, RunOutcome& result, Progress& progress)
      : run_(run), result_(result), progress_(progress) {}

  Status Walk() {
    progress_.Stage("applying migrations", ScriptsOf(run_.plan).size());
    for (const plan::Step& step : run_.plan.steps) {
      const auto* script = std::get_if<plan::RunScript>(&step.act);
      if (script != nullptr && !script->in_transaction && !script->own_transactions) {
        TRY(Alone(*script));
      } else if (std::holds_alternative<plan::DropInvalidIndex>(step.act)) {
        TRY(Flush());
        TRY(Drop(step));
      } else {
        TRY(Join(step, script));
      }
    }
    message_.AddOwn(run_.compiler.JournalSql("deployed", "", "stepwise"));
    return Flush();
  }

 private:
  Status Join(const plan::Step& step, const plan::RunScript* script) {
    if (script != nullptr && script->own_transactions) {
      AddBetweenTransactions(*script);
    } else {
      message_.AddOwn("BEGIN;\n");
      run_.compiler.AddStep(step, message_);
      message_.AddOwn("COMMIT;\n");
    }
    if (script != nullptr) waiting_.push_back(script);
    return message_.size() >= kMessageBytes ? Flush() : Status();
  }

  // Its row is committed before it and finished after it, as for a script that goes alone. What
  // stands after its last COMMIT belongs to the message's implicit transaction, which the BEGIN of
  // the finish makes its own (manual 55.2.2.1).
  void AddBetweenTransactions(const plan::RunScript& script) {
    message_.AddOwn(Committed(StartSql(script)));
    message_.AddScript(script.migration.name, script.Script(), SplitPolicy::kNever);
    message_.AddOwn(Committed(EndOf(script.migration.name)));
  }

  static std::string Committed(const std::string& sql) { return "BEGIN;\n" + sql + "COMMIT;\n"; }

  std::string StartSql(const plan::RunScript& script) const {
    const release::Migration& migration = script.migration;
    return postgres::InsertStartedSql(run_.compiler.schema(),
                                      {migration.name, migration.checksum}) +
           run_.compiler.JournalSql("step_started", migration.name, "outside a transaction");
  }

  // Not in a transaction, and not in a message with anything else.
  Status Drop(const plan::Step& step) {
    Message message;
    run_.compiler.AddStep(step, message);
    TRY(run_.session.Query(message.text()));
    return {};
  }

  Status Flush() {
    if (message_.empty()) return {};
    Message message = std::exchange(message_, {});
    const std::vector<const plan::RunScript*> scripts = std::exchange(waiting_, {});
    const postgres::Outcome outcome = message.Send(run_.session);
    const size_t begun = message.ScriptsBegun(outcome);
    const size_t done = outcome.error && begun > 0 ? begun - 1 : begun;
    for (size_t i = 0; i < done; ++i) result_.applied.push_back(scripts[i]->migration.name);
    if (!scripts.empty()) progress_.Step(result_.applied.size(), scripts.back()->migration.name);
    if (!outcome.error) return {};
    if (outcome.error->connection_lost) return ErrorOf(*outcome.error, "the deployment");
    const postgres::Outcome rollback = run_.session.Run("ROLLBACK");
    // A syntax error anywhere in a message keeps all of it from running.
    if (begun == 0 && scripts.size() > 1) return OneByOne(message, outcome);
    const ErrorLocation culprit = message.CulpritOf(outcome);
    if (begun > 0 && scripts[begun - 1]->own_transactions) {
      return Failed(*scripts[begun - 1], *outcome.error, culprit);
    }
    return Midway(ScriptError(*outcome.error, culprit));
  }

  // Which scripts of a message that did not parse are sound, only the server can say: they are sent
  // again, one message each, as far as they go.
  Status OneByOne(const Message& refused, const postgres::Outcome& outcome) {
    const ErrorLocation culprit = refused.CulpritOf(outcome);
    for (const plan::Step& step : run_.plan.steps) {
      const auto* script = std::get_if<plan::RunScript>(&step.act);
      if (script == nullptr) continue;
      if (!refused.HasScript(script->migration.name) || IsApplied(script->migration.name)) continue;
      if (script->migration.name == culprit.script) break;
      TRY(Join(step, script));
      TRY(Flush());
    }
    return Midway(ScriptError(*outcome.error, culprit));
  }

  bool IsApplied(const std::string& name) const {
    for (const std::string& applied : result_.applied) {
      if (applied == name) return true;
    }
    return false;
  }

  Status Alone(const plan::RunScript& script) {
    const std::string& name = script.migration.name;
    TRY(Flush());
    const bool concurrent = sql::AnalyzeScript(*script.migration.script).outside_transaction;
    if (concurrent) TRY(WaitForLockWaiters());
    TRY(run_.session.Query(StartSql(script) + (concurrent ? kNoLockTimeout : "")));
    const postgres::Outcome outcome = concurrent ? Concurrently(script) : WithItsEnd(script);
    if (outcome.error && outcome.error->connection_lost) {
      return ErrorOf(*outcome.error, "the deployment");
    }
    if (outcome.error) {
      const int position = outcome.error->position;
      const int line =
          position > 0 ? LineAt(script.Script(), ByteOffset(script.Script(), position)) : 0;
      return Failed(script, *outcome.error, {name, line, {}});
    }
    if (run_.session.transaction_state() != postgres::TransactionState::kIdle) {
      return LeftOpen(name);
    }
    if (concurrent) TRY(End(name));
    result_.applied.push_back(name);
    progress_.Step(result_.applied.size(), name);
    return {};
  }

  // Whoever deployed something before it has stopped midway.
  Status WaitForLockWaiters() {
    Status alone = postgres::WaitForLockWaiters(run_.session, kPatience, progress_);
    if (alone || result_.applied.empty() || alone.error().code != ErrorCode::kTimedOut) {
      return alone;
    }
    Error error = Midway(std::move(alone).error());
    error.code = ErrorCode::kPartiallyApplied;
    return error;
  }

  // What was built is there; a row that cannot be finished is left open, and said to be.
  Status End(const std::string& name) {
    auto ended = run_.session.Query(EndOf(name) + kLockTimeoutAgain);
    if (ended) return {};
    Error error = std::move(ended).error();
    if (error.code == ErrorCode::kConnectionLost) return error;
    error.code = ErrorCode::kPartiallyApplied;
    error.message =
        fmt::format("{} ran, but its row could not be finished: {}", name, error.message);
    error.hint = "mend that, then: ballast deploy";
    return error;
  }

  std::string EndOf(const std::string& name) const {
    return postgres::FinishSql(run_.compiler.schema(), name) +
           run_.compiler.JournalSql("step_finished", name, "");
  }

  // A script with transactions of its own: its end travels with it, so that only a server that dies
  // between the two commits leaves it in doubt.
  postgres::Outcome WithItsEnd(const plan::RunScript& script) {
    return run_.session.RunScript(*script.migration.script + "\n;\n" +
                                  EndOf(script.migration.name));
  }

  // One statement. Somebody who began to wait for the lock meanwhile makes a deadlock of it, and
  // the server ends the build: what is left of it goes, and it begins again when nobody waits.
  postgres::Outcome Concurrently(const plan::RunScript& script) {
    const auto index = sql::ConcurrentIndexOf(*script.migration.script);
    for (int attempt = 1;; ++attempt) {
      postgres::Outcome outcome = RunWatched(script);
      const bool deadlock = outcome.error && outcome.error->sqlstate == "40P01";
      if (!deadlock || !index || !index->build || attempt == kAttempts) return outcome;
      progress_.Notice(script.migration.name + " met a deadlock and begins again");
      const std::string& schema = index->schema.empty() ? run_.compiler.schema() : index->schema;
      if (!postgres::WaitForLockWaiters(run_.session, kPatience, progress_)) return outcome;
      const auto left = postgres::InspectIndex(run_.session, {schema, index->name});
      if (!left || *left == plan::IndexState::kValid) return outcome;
      if (!Drop({plan::DropInvalidIndex{{schema, index->name}}, ""})) return outcome;
    }
  }

  // Whoever begins to wait for the lock meanwhile is named: the build may be waiting for them.
  postgres::Outcome RunWatched(const plan::RunScript& script) {
    const postgres::LockWaiterMonitor watch(run_.session.target(), script.migration.name,
                                            progress_);
    return run_.session.RunScript(*script.migration.script);
  }

  // The row stays open with the server's words, as Prisma leaves it: part of the script may be
  // there.
  Error Failed(const plan::RunScript& script, const postgres::ServerError& error,
               const ErrorLocation& culprit) {
    if (run_.session.transaction_state() != postgres::TransactionState::kIdle) {
      const postgres::Outcome rollback = run_.session.Run("ROLLBACK");
    }
    const std::string& name = script.migration.name;
    const std::string logs =
        fmt::format("{}: {} (SQLSTATE {})", error.severity, error.message, error.sqlstate);
    const postgres::Outcome noted =
        run_.session.Run(postgres::FailSql(run_.compiler.schema(), name, logs) +
                         run_.compiler.JournalSql("step_failed", name, logs));
    Error made = ScriptError(error, culprit);
    made.code = ErrorCode::kPartiallyApplied;
    made.message = fmt::format(
        "{} failed outside a transaction: {}; its row is left as failed, part of it may be there",
        name, logs);
    made.hint = fmt::format(
        "look what is there, then: ballast resolve --rolled-back \"{0}\" or --applied \"{0}\"",
        name);
    AddVersionHint(run_.session, run_.context.proven_on, made);
    return made;
  }

  Error LeftOpen(const std::string& name) {
    const postgres::Outcome rollback = run_.session.Run("ROLLBACK");
    const postgres::Outcome noted = run_.session.Run(postgres::FailSql(
        run_.compiler.schema(), name, "the script left a transaction open; it was rolled back"));
    return MakeError(ErrorCode::kOpenTransaction,
                     name + " leaves a transaction open; what it did after BEGIN was rolled back",
                     "end the script with COMMIT", {name, 0});
  }

  // What was committed before stays; the sentence must not say otherwise.
  Error Midway(Error error) const {
    if (!result_.applied.empty()) {
      error.message +=
          fmt::format(" ({} migrations before it were applied)", result_.applied.size());
      error.details.emplace_back("applied", std::to_string(result_.applied.size()));
    }
    AddVersionHint(run_.session, run_.context.proven_on, error);
    return error;
  }

  const Stepwise& run_;
  RunOutcome& result_;
  Progress& progress_;
  Message message_;
  std::vector<const plan::RunScript*> waiting_;  // the scripts of message_
};

}  // namespace

Status RunStepwise(const Stepwise& run, RunOutcome& result, Progress& progress) {
  return StepwiseExecutor(run, result, progress).Walk();
}

}  // namespace ballast::apply
