// SPDX-License-Identifier: Apache-2.0
#include "apply/executor.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "apply/batch.h"
#include "apply/compile.h"
#include "apply/deploy_failure.h"
#include "apply/extension_hint.h"
#include "apply/message.h"
#include "apply/outside_transaction.h"
#include "apply/split_script.h"
#include "apply/version_hint.h"
#include "apply/violating_rows_hint.h"
#include "base/stopwatch.h"
#include "plan/script_settings.h"
#include "postgres/deployment_lock.h"
#include "postgres/journal.h"

namespace ballast::apply {
namespace {

// Transactions are combined until their message has this many bytes. Memory is bounded by the
// largest script, and many transactions share one round trip.
constexpr size_t kMessageBytes = size_t{256} << 10;

// The value of the last result whose first column has this name; or empty.
std::string LastValue(const postgres::Outcome& outcome, std::string_view column, size_t index) {
  for (auto rows = outcome.results.rbegin(); rows != outcome.results.rend(); ++rows) {
    if (!rows->columns.empty() && rows->columns[0] == column && !rows->rows.empty()) {
      return rows->rows[0][index].value_or("");
    }
  }
  return {};
}

size_t BytesOf(const plan::Transaction& transaction) {
  size_t bytes = 0;
  for (const plan::Step& step : transaction.steps) {
    const auto* run = std::get_if<plan::RunScript>(&step.act);
    if (run != nullptr) bytes += run->Script().size();
  }
  return bytes;
}

using Clock = std::chrono::steady_clock;

class Executor {
 public:
  Executor(const plan::Plan& plan, const plan::Observation& observation, postgres::Session& session,
           const RunContext& context, Progress& progress, RunOutcome& outcome)
      : plan_(plan),
        server_(observation.server),
        session_(session),
        context_(context),
        progress_(progress),
        outcome_(outcome),
        compiler_(observation, session.target(), context.journal, context.comparer,
                  context.settings),
        batch_(compiler_),
        committed_(context.committed_before.has_value()) {}

  Status Run() {
    progress_.Stage(context_.stage, ScriptsOf(plan_).size());
    for (const plan::Transaction& transaction : plan_.transactions) {
      Status done = RunOne(transaction);
      if (!done) return Finished(std::move(done).error());
    }
    Status done = Flush();
    if (!done) return Finished(std::move(done).error());
    if (context_.watched != nullptr) CompareAgain(*context_.watched);
    return {};
  }

 private:
  // Everything is committed, so an error is not one of the deploy.
  void CompareAgain(const LiveStateBefore& before) {
    progress_.Event({"comparing", {{"by", "ballast"}}});
    auto live = CompareAdditions(compiler_.schema(), session_, before);
    if (!live) {
      outcome_.notices.push_back("the database was not compared again after the deploy: " +
                                 live.error().message);
      return;
    }
    NoteAdditions(*live);
    outcome_.accepted = std::move(live->accepted);
    outcome_.ignored = std::move(live->ignored);
    outcome_.compared_again = true;
  }

  void NoteAdditions(LiveCatalog& live) {
    NoteLost(live.lost);
    outcome_.notices.insert(outcome_.notices.end(), live.changed_additions.begin(),
                            live.changed_additions.end());
    for (std::string& name : live.no_longer_additions) {
      outcome_.lost_additions.push_back(std::move(name));
    }
  }

  // It contains times, so it is built just before sending.
  std::string EndOf(const plan::Transaction& transaction) const {
    return compiler_.EndSql(plan_, transaction, context_.run_row);
  }

  // Only a script outside ballast's transactions can lose the deployment lock.
  std::string CheckBefore(const plan::Transaction& transaction) const {
    if (!context_.keeps_lock) return {};
    for (const plan::Transaction* it = &transaction; it != plan_.transactions.data();) {
      --it;
      if (it->mode == plan::ScriptMode::kInTransaction) return {};
      if (!ScriptsOf(*it).empty()) return postgres::CheckLockSql();
    }
    return {};
  }

  Frame FrameOf(const plan::Transaction& transaction) const {
    Frame frame{CheckBefore(transaction), EndOf(transaction)};
    const bool own = transaction.mode == plan::ScriptMode::kManagesOwn;
    if (own || ScriptsOf(transaction).empty()) return frame;
    frame.begin += postgres::HoldLockSql();
    frame.end += postgres::RetakeLockSql();
    return frame;
  }

  Status RunOne(const plan::Transaction& transaction) {
    if (transaction.mode == plan::ScriptMode::kAlone) {
      TRY(Flush());
      return RunAlone(transaction);
    }
    if (transaction.mode == plan::ScriptMode::kSplit) {
      TRY(Flush());
      return RunSplit(transaction);
    }
    if (const plan::VerifyCatalog* verify = plan::VerifyOf(transaction)) {
      TRY(Flush());
      return RunVerified(transaction, *verify);
    }
    if (BytesOf(transaction) > kMessageBytes) TRY(Flush());
    batch_.Add(transaction, FrameOf(transaction));
    NoteReading(transaction);
    return reads_otherwise_ || batch_.bytes() >= kMessageBytes ? Flush() : Status();
  }

  // From then on each transaction is a message, because a message is read with the settings that
  // are set when it arrives.
  void NoteReading(const plan::Transaction& transaction) {
    for (const plan::Step& step : transaction.steps) {
      const auto* run = std::get_if<plan::RunScript>(&step.act);
      reads_otherwise_ = reads_otherwise_ || (run != nullptr && run->changes_reading);
    }
  }

  Status RunAlone(const plan::Transaction& transaction) {
    OutsideTransaction outside(compiler_, session_, progress_);
    const std::vector<std::string> scripts = ScriptsOf(transaction);
    if (!scripts.empty()) Began(scripts.front());
    Stopwatch watch;
    TRY(outside.Run(
        transaction, CheckBefore(transaction), [&] { return EndOf(transaction); }, committed_));
    if (!scripts.empty()) Ended(scripts.front(), watch.Lap());
    outcome_.recorded += outside.recorded();
    Note(transaction);
    return {};
  }

  void Began(const std::string& name, double ago_ms = 0) {
    progress_.Step(std::max(ended_, outcome_.applied.size()), name);
    progress_.Event({"migration_started",
                     {{"migration", name}},
                     std::chrono::milliseconds(std::lround(ago_ms))});
  }
  void Ended(const std::string& name, double took_ms, double ago_ms = 0) {
    const double duration_ms = std::round(took_ms * 1000) / 1000;  // the server counts microseconds
    took_[name] = duration_ms;
    progress_.Event({"migration_finished",
                     {{"migration", name}, {"duration_ms", duration_ms}},
                     std::chrono::milliseconds(std::lround(ago_ms))});
  }
  void Compares(const char* by, double ago_ms = 0) {
    compares_after_.reset();
    progress_.Event({"comparing", {{"by", by}}, std::chrono::milliseconds(std::lround(ago_ms))});
  }
  // The first script of a message begins when it is sent.
  void Began(const Batch& batch) {
    for (const plan::Transaction* transaction : batch.transactions()) {
      const std::vector<std::string> scripts = ScriptsOf(*transaction);
      if (!scripts.empty()) return Began(scripts.front());
    }
  }
  // Reports scripts while their message runs. The server's clock can differ from ours, so its times
  // count from the begin of the message's first script. Keep it until the message has ended.
  ScriptListener Listen() {
    ended_ = outcome_.applied.size();
    sent_ = Clock::now();
    first_started_.reset();
    const auto ended = [this](const ScriptTime& time) {
      if (!first_started_) first_started_ = time.started;
      const std::chrono::duration<double, std::milli> since = Clock::now() - sent_;
      ago_ms_ = std::max(0.0, since.count() - (time.ended - *first_started_));
      ++ended_;
      Ended(time.name, time.ended - time.started, ago_ms_);
      if (ended_ == compares_after_) Compares("server", ago_ms_);
    };
    return {[this](const std::string& name) { Began(name, ago_ms_); }, ended};
  }

  Status RunSplit(const plan::Transaction& transaction) {
    const plan::RunScript& script = ScriptOf(transaction);
    Stopwatch watch;
    Began(script.migration.name);
    SplitScript split(compiler_, session_, progress_, script, context_.keeps_lock);
    TRY(split.Run(
        CheckBefore(transaction), [&] { return EndOf(transaction); }, committed_));
    Ended(script.migration.name, watch.Lap());
    outcome_.recorded += split.recorded();
    Note(transaction);
    return {};
  }

  // An empty migrations table, or an empty schema, is nothing that a deploy applies.
  static bool OnlyPrepares(const plan::Transaction& transaction) {
    return std::all_of(transaction.steps.begin(), transaction.steps.end(),
                       [](const plan::Step& step) {
                         return std::holds_alternative<plan::CreateMigrationsTable>(step.act) ||
                                std::holds_alternative<plan::CreateTargetSchema>(step.act);
                       });
  }

  void Note(const plan::Transaction& transaction) {
    committed_ = committed_ || !OnlyPrepares(transaction);
    const std::vector<std::string> scripts = ScriptsOf(transaction);
    progress_.Event({"committed", {{"migrations", scripts}}});
    for (const std::string& name : scripts) {
      outcome_.applied.push_back(name);
      outcome_.took.push_back(took_[name]);
      if (outcome_.applied.size() >= ended_) progress_.Step(outcome_.applied.size(), name);
    }
  }

  // The server's answer can be wrong in one direction: it does not know that two texts are
  // equivalent, and ignores kinds of objects that the proven database lacked. So a database that it
  // does not recognize is read and compared here.
  Status RunVerified(const plan::Transaction& transaction, const plan::VerifyCatalog& verify) {
    outcome_.expected_fingerprint = verify.expected().catalog;
    const Comparer comparer = compiler_.ComparerFor(verify);
    if (comparer == Comparer::kBallast) return CompareByUs(transaction, verify);
    Batch batch(compiler_);
    batch.Add(transaction, FrameOf(transaction));
    compares_after_ = outcome_.applied.size() + ScriptsOf(transaction).size();
    if (*compares_after_ == outcome_.applied.size()) Compares("server");
    const BatchAnswer answer = Send(batch);
    compares_after_.reset();
    if (answer.outcome.error && IsMismatch(*answer.outcome.error)) {
      RollBack();
      if (comparer == Comparer::kServerOnly) return NotEqual();
      return CompareByUs(transaction, verify);
    }
    TRY(Take(batch, answer));
    outcome_.live_objects = LastValue(answer.outcome, "ballast_catalog", 0);
    outcome_.fingerprint = CatalogOf(verify.expected(), outcome_.live_objects);
    outcome_.layout_equal =
        LastValue(answer.outcome, "ballast_catalog", 1) == verify.expected().server_objects_layout;
    return {};
  }

  static Error NotEqual() {
    return MakeError(ErrorCode::kDrift, "the resulting catalog would differ from the proven one",
                     "see what differs: ballast status");
  }

  Status CompareByUs(const plan::Transaction& transaction, const plan::VerifyCatalog& verify) {
    const LiveStateBefore* state_before = nullptr;
    if (context_.state_before) {
      TRY_ASSIGN(state_before, context_.state_before(session_));
    }
    const Frame frame = FrameOf(transaction);
    Message before;
    compiler_.AddUntilVerify(transaction, frame, before);
    const std::vector<std::string> scripts = ScriptsOf(transaction);
    if (!scripts.empty()) Began(scripts.front());
    TRY(Send(transaction, before));
    Compares("ballast");
    auto live =
        CompareHere(verify, compiler_.schema(), session_, context_.expected_snapshot, state_before);
    if (!live) {
      RollBack();
      return std::move(live).error();
    }
    Message rest;
    compiler_.AddFromVerify(transaction, frame, rest);
    TRY(Send(transaction, rest));
    if (session_.transaction_state() != postgres::TransactionState::kIdle) return Unconfirmed();
    NoteAdditions(*live);
    outcome_.fingerprint = live->fingerprint;
    outcome_.accepted = std::move(live->accepted);
    outcome_.ignored = std::move(live->ignored);
    outcome_.layout_equal = live->layout == verify.expected().layout;
    Note(transaction);
    return {};
  }

  void NoteLost(const catalog::LostAdditions& lost) {
    outcome_.remainders.insert(lost.remainders.begin(), lost.remainders.end());
    for (const std::string& name : lost.dropped) {
      outcome_.notices.push_back(name + " was dropped with the object that it belonged to");
      outcome_.lost_additions.push_back(name);
    }
    for (const std::string& name : lost.managed) outcome_.lost_additions.push_back(name);
    for (const std::string& name : lost.replaced) {
      outcome_.notices.push_back(name + " was replaced: the release has its own");
      outcome_.lost_additions.push_back(name);
    }
    for (const std::string& name : lost.of_remaining) {
      outcome_.notices.push_back(
          name +
          " no longer exists: a migration has dropped it, or its object, which was created again");
      outcome_.lost_additions.push_back(name);
    }
  }

  BatchAnswer Send(Batch& batch) {
    Began(batch);
    return batch.Send(session_, Listen());
  }

  // Sends one message of a transaction.
  Status Send(const plan::Transaction& transaction, Message& message) {
    const postgres::Outcome outcome = message.Send(session_, Listen());
    const MessageProgress progress = Message::ProgressOf(outcome);
    outcome_.recorded += progress.recorded;
    if (!outcome.error) return {};
    if (outcome.error->connection_lost) return ErrorOf(*outcome.error, "the deployment");
    RollBack();
    const ErrorLocation location = message.LocateError(outcome);
    return ScriptError(*outcome.error, location, ScriptTextIn(transaction, location.script));
  }

  Status Flush() {
    if (batch_.empty()) return {};
    Batch batch = std::exchange(batch_, Batch(compiler_));
    const BatchAnswer answer = Send(batch);
    if (answer.outcome.error && answer.failed > answer.committed)
      return UpToTheError(batch, answer);
    return Take(batch, answer);
  }

  // A syntax error anywhere in a message prevents all of it from running: the transactions before
  // the one with the error are sent again.
  Status UpToTheError(const Batch& refused, const BatchAnswer& answer) {
    NoteCommitted(refused, answer);
    RollBack();
    for (size_t i = answer.committed; i < answer.failed; ++i) {
      batch_.Add(*refused.transactions()[i], FrameOf(*refused.transactions()[i]));
    }
    TRY(Flush());
    return FailureOf(*refused.transactions()[answer.failed], answer);
  }

  Status Take(const Batch& batch, const BatchAnswer& answer) {
    NoteCommitted(batch, answer);
    if (!answer.outcome.error) {
      return answer.committed == batch.transactions().size() ? Status() : Unconfirmed();
    }
    if (answer.outcome.error->connection_lost) {
      return ErrorOf(*answer.outcome.error, "the deployment");
    }
    RollBack();
    return FailureOf(*batch.transactions()[answer.failed], answer);
  }

  void NoteCommitted(const Batch& batch, const BatchAnswer& answer) {
    outcome_.recorded += answer.recorded;
    for (size_t i = 0; i < answer.committed; ++i) Note(*batch.transactions()[i]);
  }

  Error FailureOf(const plan::Transaction& transaction, const BatchAnswer& answer) {
    const postgres::ServerError& error = *answer.outcome.error;
    const bool own = transaction.mode == plan::ScriptMode::kManagesOwn;
    if (own && answer.script_begun) {
      const std::string& name = ScriptOf(transaction).migration.name;
      session_.Run(compiler_.FailSql(name, LogsOf(error)));
      ErrorLocation where = answer.location;
      where.script = name;
      const std::string_view script = ScriptOf(transaction).Script();
      return OutsideError(error, LocationInOwnTransaction(error, script, script, std::move(where)));
    }
    if (answer.scripts_done && answer.location.script.empty()) {
      return EndOfTransactionError(error, ScriptsOf(transaction));
    }
    return ScriptError(error, answer.location, ScriptTextIn(transaction, answer.location.script));
  }

  // After a failure no transaction remains open.
  void RollBack() {
    if (session_.transaction_state() != postgres::TransactionState::kIdle) session_.Run("ROLLBACK");
  }

  // Empty if the plan has none of this name.
  std::string_view ScriptNamed(const std::string& name) const {
    for (const plan::Step* step : plan::StepsOf(plan_)) {
      const auto* run = std::get_if<plan::RunScript>(&step->act);
      if (run != nullptr && run->migration.name == name) return run->Script();
    }
    return {};
  }

  // The scripts of this run that are committed.
  std::vector<std::string> Committed() const {
    std::vector<std::string> scripts =
        context_.committed_before.value_or(std::vector<std::string>());
    scripts.insert(scripts.end(), outcome_.applied.begin(), outcome_.applied.end());
    return scripts;
  }

  Error Finished(Error error) const {
    AddEmptyPathHint(session_, error);
    AddExtensionHint(session_, error);
    AddTriggerHint(session_, error);
    AddViolatingRowsHint(session_, ScriptNamed(error.Detail("migration")), error);
    NameTimeLimit(context_.time_limit_remedy, error);
    NameSessionCause(plan_, outcome_.applied, error);
    NameArchive(plan_, error);
    if (error.code == ErrorCode::kDrift && error.hint.empty()) error.hint = context_.drift_remedy;
    AddVersionHint(session_, context_.proven_on, error);
    if (committed_) return AfterApplied(std::move(error), Committed(), context_.script_noun);
    if (error.code == ErrorCode::kDrift) {
      error.message += "; nothing was committed";
      const std::string remedy = plan::RemedyOfSettings(server_);
      if (!remedy.empty()) error.hint = remedy + "; otherwise " + error.hint;
    }
    return error;
  }

  const plan::Plan& plan_;
  const plan::ServerState& server_;
  postgres::Session& session_;
  const RunContext& context_;
  Progress& progress_;
  RunOutcome& outcome_;
  Compiler compiler_;
  Batch batch_;
  size_t ended_ = 0;                      // scripts that have ended, committed or not
  Clock::time_point sent_;                // when the running message was sent
  std::optional<size_t> compares_after_;  // scripts after which the server compares
  std::optional<double> first_started_;   // when its first script began, by the server's clock
  double ago_ms_ = 0;                     // how long ago its last script has ended
  std::map<std::string, double> took_;    // milliseconds of each script that has ended
  bool committed_;                        // something of this run was committed
  bool reads_otherwise_ = false;          // a script may have changed how text is read
};

}  // namespace

Status Run(const plan::Plan& plan, const plan::Observation& observation, postgres::Session& session,
           const RunContext& context, Progress& progress, RunOutcome& outcome) {
  if (plan.empty()) return {};
  Status done = Executor(plan, observation, session, context, progress, outcome).Run();
  outcome.server_notices = session.TakeNotices();
  if (auto note = postgres::RunNotRecorded(outcome.server_notices)) {
    outcome.notices.push_back(*std::move(note));
  }
  return done;
}

}  // namespace ballast::apply
