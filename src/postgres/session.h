// SPDX-License-Identifier: Apache-2.0
// One connection to a server. Queries are sent as simple messages, results are values, and round
// trips are counted. Only this folder includes libpq.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "postgres/outcome.h"
#include "postgres/url.h"

namespace ballast::postgres {

enum class TransactionState { kIdle, kActive, kInTransaction, kInFailedTransaction, kUnknown };

struct SessionOptions {
  std::string application_name = "ballast";
  std::chrono::milliseconds connect_timeout{5000};
  bool watches_silence = true;  // see AnswerLimits
};

class AnswerWait;
class Session;

// A connection that a thread establishes while the caller does something else.
class Connecting {
 public:
  // Starts the thread, which begins to load libpq and its libraries. It takes milliseconds, during
  // which the C library starts no further thread.
  Connecting();
  // Connects once libpq is loaded. The thread calls `target` first; if that fails, or names several
  // hosts, nothing is started. Does not wait. Call at most once.
  // `connected` is called by the thread if the connection was established there; it may send.
  void Begin(std::function<Result<Target>()> target, const SessionOptions& options = {},
             std::function<void(Session&)> connected = nullptr);
  // Ends the attempt; waits for a name lookup or password command that is running.
  ~Connecting();
  // Returns as Session::Connect; nullopt if the connection was not started, or so long ago that the
  // server may have timed out: then use Connect. The connect timeout starts here. Call once.
  std::optional<Result<Session>> Finish();

 private:
  friend class Session;
  struct Attempt;
  class Worker;
  static Result<Session> Complete(std::unique_ptr<Attempt> attempt);
  std::unique_ptr<Worker> worker_;
};

// Not thread-safe. Movable; the destructor closes the connection.
class Session {
 public:
  // P1000, P1001, P1002, P1003, P1010, P1011 or P1017, depending on the failure; B901 on a
  // termination request. If the URL encodes the name of the database, and only a database of the
  // name as it is written exists, returns a session there (Target::undecoded_database).
  static Result<Session> Connect(const Target& target, const SessionOptions& options = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  // Sends `sql` as one simple Query message (manual, "Multiple Statements in a Simple Query") and
  // waits for all results. On a termination request (base/interruption.h) the statement is
  // cancelled and only ROLLBACK is sent from then on: SQLSTATE 57014. A silent server counts as a
  // lost connection (AnswerLimits).
  Outcome Run(std::string_view sql);
  // Sends `sql` as Run does, without waiting. The next Run of the same text takes its answer; any
  // other message first waits for that answer, and discards it. Errors appear there, too.
  void SendAhead(std::string sql);
  // As Run, with a time limit; after it the connection counts as lost and must not be used again.
  Outcome RunWithin(std::string_view sql, std::chrono::milliseconds limit);
  // As Run, for scripts of any size: `sql` is not copied here (libpq makes one copy), and only
  // results whose first column begins with kKeptColumn, and that of COMMIT, are kept, and passed to
  // `kept` (if any) when they arrive.
  static constexpr std::string_view kKeptColumn = "ballast_";
  using KeptResult = std::function<void(const Rows&)>;
  Outcome RunScript(const std::string& sql, const KeptResult& kept = nullptr);
  // As Run, but a server error becomes an Error: P1017, or B304 with the details "sqlstate",
  // "server_message" and "statement"; and the results are UTF-8 even if a script has left another
  // client_encoding, which is set again.
  Result<std::vector<Rows>> Query(std::string_view sql);
  // As Query, for one statement of a user (several are 42601), with the detail "position", too.
  Result<Rows> QueryOne(std::string_view sql);
  // The first value of the last result; nullopt for NULL or no row.
  Result<Value> QueryValue(std::string_view sql);
  TransactionState transaction_state() const;
  int server_version() const;  // 150014
  int server_major() const { return server_version() / 10000; }
  std::string server_version_text() const;  // "15.14"
  int backend_pid() const;
  const Target& target() const;
  // How often the client waited for the server. The number for connecting is an estimate.
  int round_trips() const;
  // Notices and warnings since the last call, in order: "WARNING: …".
  std::vector<std::string> TakeNotices();
  // For cleaning up: later termination requests neither stop nor cancel anything.
  void IgnoreInterruption();

 private:
  friend class Connecting;
  struct State;
  static Result<Session> Made(std::unique_ptr<State> state);
  enum class Keep { kAll, kOurs };
  enum class Protocol { kSimple, kExtended };
  std::string OtherEncoding() const;  // empty: UTF8
  Outcome RunInUtf8(std::string_view sql);
  Outcome SendAndTake(const char* sql, Keep keep, const KeptResult& kept = nullptr,
                      Protocol protocol = Protocol::kSimple);
  Outcome TakeAnswer(Keep keep, const KeptResult& kept, AnswerWait& wait);
  std::optional<Outcome> TakeAhead(std::string_view sql);
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// An Error for a server error while `doing` something; and only its details: "sqlstate", "table" …
Error ErrorOf(const ServerError& error, std::string_view doing);
void AddDetails(const ServerError& error, Error& made);

}  // namespace ballast::postgres
