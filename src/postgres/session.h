// SPDX-License-Identifier: Apache-2.0
// One connection to one server: queries go out as simple messages, answers come back as values, and
// every wait for the network is counted. The only room that includes libpq is this one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "postgres/url.h"

namespace ballast::postgres {

using Value = std::optional<std::string>;  // text format; nullopt is NULL

struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;
  std::string command_tag;  // "INSERT 0 1", "SELECT 2"
  size_t ordinal = 0;       // of the results of its message, kept or not, from 0
};

// What the server says went wrong (PostgreSQL manual 55.8, error fields); passwords that stood in
// what it was sent are covered.
struct ServerError {
  std::string severity;
  std::string sqlstate;  // empty: the connection broke
  std::string message;
  std::string detail;
  std::string hint;
  std::string context;
  int position = 0;  // 1-based, in characters of the message sent; 0: none
  bool connection_lost = false;
};

// What came of one message: the results before the error, if there was one.
struct Outcome {
  std::vector<Rows> results;
  std::optional<ServerError> error;
  size_t completed = 0;  // statements before the error, whether their results were kept or not

  bool ok() const { return !error.has_value(); }
};

enum class TransactionState { kIdle, kActive, kInTransaction, kInFailedTransaction, kUnknown };

struct SessionOptions {
  std::string application_name = "ballast";
  std::chrono::milliseconds connect_timeout{5000};
  bool watches_silence = true;  // see AnswerLimits
};

// Begins to load libpq and what comes with it, beside what the caller does meanwhile.
std::future<void> LoadAhead();

class AnswerWait;
class Session;

// A connection that is made while the caller does something else: what needs no waiting is done at
// once (over a local socket the server has all it needs to let us in), the rest by Finish.
class Connecting {
 public:
  // Waits for nothing but names to be looked up and a password command. Several hosts are not
  // tried; see Finish.
  explicit Connecting(const Target& target, const SessionOptions& options = {});
  ~Connecting();
  // What Session::Connect would say; nullopt: it was not begun, or so long ago that the server may
  // have lost its patience, and Connect is to be asked. The limit counts from here. Once.
  std::optional<Result<Session>> Finish();

 private:
  friend class Session;
  struct Attempt;
  static Result<Session> Complete(std::unique_ptr<Attempt> attempt);
  std::unique_ptr<Attempt> attempt_;
};

// Not for more than one thread at a time. Movable; the connection closes with it.
class Session {
 public:
  // P1000, P1001, P1002, P1003, P1010, P1011 or P1017, by what the server or the wire said; B901
  // once ballast is asked to end.
  static Result<Session> Connect(const Target& target, const SessionOptions& options = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  // Sends `sql` as one simple Query message (manual 55.2.2.1) and waits for all of its results.
  // Once ballast is asked to end (base/interruption.h), what runs is cancelled and nothing further
  // but ROLLBACK is sent: SQLSTATE 57014. A server that went silent counts as lost (AnswerLimits).
  Outcome Run(std::string_view sql);
  // As Run, for as long as that; afterwards it counts as lost and the session is of no more use.
  Outcome RunWithin(std::string_view sql, std::chrono::milliseconds limit);
  // As Run, for scripts of any size: `sql` is not copied here (libpq's one copy cannot be helped),
  // and only results whose first column's name begins with kKeptColumn are kept, and that of
  // COMMIT.
  static constexpr std::string_view kKeptColumn = "ballast_";
  Outcome RunScript(const std::string& sql);

  // As Run, but a server error becomes an Error: P1017, or B304 with the details "sqlstate",
  // "server_message" and "statement".
  Result<std::vector<Rows>> Query(std::string_view sql);
  // The first value of the last result; NULL or no row gives nullopt.
  Result<Value> QueryValue(std::string_view sql);
  TransactionState transaction_state() const;
  int server_version() const;  // 150014
  int server_major() const { return server_version() / 10000; }
  std::string server_version_text() const;  // "15.14"
  int backend_pid() const;
  const Target& target() const;

  // How often the client had to wait for the server, connection and authentication included (an
  // estimate for the latter: libpq does not tell).
  int round_trips() const;

  // Notices and warnings since the last call, in order: "WARNING: …".
  std::vector<std::string> TakeNotices();

  // For what has to be cleaned up: from here on a request to end neither stops nor cancels.
  void IgnoreInterruption();

 private:
  friend class Connecting;
  struct State;
  static Result<Session> Made(std::unique_ptr<State> state);
  enum class Keep { kAll, kOurs };
  Outcome SendAndTake(const char* sql, Keep keep);
  Outcome TakeAnswer(Keep keep, AnswerWait& wait);
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The detail "sqlstate" of a P1001 whose server has no free connection (manual, appendix A).
inline constexpr char kTooManyConnections[] = "53300";

// An Error from what the server said while `doing` something.
Error ErrorOf(const ServerError& error, std::string_view doing);

}  // namespace ballast::postgres
