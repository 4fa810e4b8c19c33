// SPDX-License-Identifier: Apache-2.0
#include "postgres/session.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>

#include "base/interruption.h"
#include "base/text.h"
#include "postgres/answer_wait.h"
#include "postgres/libpq.h"
#include "postgres/password_command.h"
#include "sql/secrets.h"

namespace ballast::postgres {
namespace {

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPointer = std::unique_ptr<PGresult, ResultDeleter>;

std::string Field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

ServerError ServerErrorOf(const PGresult* result, const PGconn* connection) {
  ServerError error;
  error.severity = Field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  error.sqlstate = Field(result, PG_DIAG_SQLSTATE);
  error.message = Field(result, PG_DIAG_MESSAGE_PRIMARY);
  error.detail = Field(result, PG_DIAG_MESSAGE_DETAIL);
  error.hint = Field(result, PG_DIAG_MESSAGE_HINT);
  error.context = Field(result, PG_DIAG_CONTEXT);
  const std::string position = Field(result, PG_DIAG_STATEMENT_POSITION);
  if (!position.empty()) error.position = std::atoi(position.c_str());
  error.connection_lost = PQstatus(connection) == CONNECTION_BAD;
  if (error.message.empty()) error.message = std::string(Trim(PQerrorMessage(connection)));
  return error;
}

ServerError LostConnection(const PGconn* connection, const std::string& given_up = {}) {
  ServerError error;
  error.message = given_up.empty() ? std::string(Trim(PQerrorMessage(connection))) : given_up;
  error.connection_lost = true;
  return error;
}

// What the server would say had it been asked and cancelled it.
ServerError NotSent() {
  ServerError error;
  error.severity = "ERROR";
  error.sqlstate = "57014";
  error.message = Interruption::AsError().message;
  return error;
}

Rows RowsOf(const PGresult* result) {
  Rows rows;
  rows.command_tag = PQcmdStatus(const_cast<PGresult*>(result));
  const int columns = PQnfields(result);
  for (int c = 0; c < columns; ++c) rows.columns.emplace_back(PQfname(result, c));
  const int count = PQntuples(result);
  rows.rows.reserve(count);
  for (int r = 0; r < count; ++r) {
    std::vector<Value>& row = rows.rows.emplace_back();
    row.reserve(columns);
    for (int c = 0; c < columns; ++c) {
      if (PQgetisnull(result, r, c) != 0) {
        row.emplace_back(std::nullopt);
      } else {
        row.emplace_back(std::string(PQgetvalue(result, r, c), PQgetlength(result, r, c)));
      }
    }
  }
  return rows;
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// 53300: "sorry, too many clients already", "remaining connection slots are reserved for …", "too
// many connections for role …"; PgBouncer's "no more connections allowed".
bool IsFull(std::string_view message) {
  return Contains(message, "too many clients") || Contains(message, "too many connections") ||
         Contains(message, "connection slots are reserved") ||
         Contains(message, "no more connections allowed");
}

// libpq gives the SQLSTATE of a refused connection only in its words; these are the server's and
// libpq's own phrases in the C locale.
ErrorCode ConnectErrorCode(std::string_view message, bool needs_password) {
  if (IsFull(message)) return ErrorCode::kCannotReach;
  if (needs_password || Contains(message, "password authentication failed") ||
      Contains(message, "no password supplied") || Contains(message, "role \"") ||
      Contains(message, "authentication failed")) {
    return ErrorCode::kAuthentication;
  }
  if (Contains(message, "database \"") && Contains(message, "does not exist")) {
    return ErrorCode::kNoDatabase;
  }
  if (Contains(message, "permission denied for database") ||
      Contains(message, "no pg_hba.conf entry")) {
    return ErrorCode::kAccessDenied;
  }
  if (Contains(message, "SSL") || Contains(message, "certificate")) return ErrorCode::kTls;
  if (Contains(message, "timeout expired") || Contains(message, "starting up")) {
    return ErrorCode::kTimedOut;
  }
  if (Contains(message, "server closed the connection")) return ErrorCode::kConnectionLost;
  return ErrorCode::kCannotReach;
}

std::string ConnectHint(ErrorCode code, const Target& target) {
  switch (code) {
    case ErrorCode::kAuthentication:
      return "check user and password of the URL";
    case ErrorCode::kNoDatabase:
      return fmt::format("create it: CREATE DATABASE \"{}\"", target.database);
    case ErrorCode::kTls:
      return "check sslmode and the certificates of the URL";
    default:
      return fmt::format("check that the server runs at {} and lets this machine in",
                         target.Address());
  }
}

Error ConnectError(PGconn* connection, const Target& target, std::string message) {
  for (const char* secret : {"password", "sslpassword"}) {
    message = sql::WithoutSecret(std::move(message), target.KeywordValue(secret));
  }
  const ErrorCode code = ConnectErrorCode(message, PQconnectionNeedsPassword(connection) != 0);
  Error error = MakeError(code,
                          fmt::format("cannot connect to database \"{}\" at {}: {}",
                                      target.database, target.Address(), message),
                          ConnectHint(code, target));
  if (IsFull(message)) {
    error.details.emplace_back("sqlstate", kTooManyConnections);
    error.hint =
        "end sessions that nobody needs or raise max_connections; ballast deploy "
        "--wait-for-database 1m waits for a free one";
  } else if (Contains(message, "starting up")) {
    error.hint = "wait for it: ballast deploy --wait-for-database 1m";
  }
  return error;
}

}  // namespace

struct Session::State {
  explicit State(Target t) : target(std::move(t)) {}
  ~State() {
    if (cancel != nullptr) PQfreeCancel(cancel);
    if (connection != nullptr) PQfinish(connection);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  static void OnNotice(void* self, const PGresult* result) {
    static_cast<State*>(self)->notices.push_back(Field(result, PG_DIAG_SEVERITY_NONLOCALIZED) +
                                                 ": " + Field(result, PG_DIAG_MESSAGE_PRIMARY));
  }

  Target target;
  PGconn* connection = nullptr;
  PGcancel* cancel = nullptr;
  int round_trips = 0;
  AnswerLimits limits;
  bool ignores_interruption = false;
  std::vector<std::string> notices;
};

namespace {

// The server quotes from what it was sent.
void CoverSecrets(std::string_view sql, ServerError& error) {
  const std::vector<std::string> secrets = sql::SecretsIn(sql);
  for (std::string* words : {&error.message, &error.detail, &error.hint, &error.context}) {
    *words = sql::WithoutSecrets(std::move(*words), secrets);
  }
}

bool IsOurs(PGresult* result) {
  if (PQnfields(result) == 0) return std::string_view(PQcmdStatus(result)) == "COMMIT";
  return std::string_view(PQfname(result, 0)).starts_with(Session::kKeptColumn);
}

// libpq would end the message at the NUL byte, and the rest of it would be lost.
std::optional<Outcome> RefuseNulByte(std::string_view sql) {
  const size_t offset = sql.find('\0');
  if (offset == std::string_view::npos) return std::nullopt;
  Outcome outcome;
  outcome.error.emplace();
  outcome.error->severity = "ERROR";
  outcome.error->sqlstate = "22021";
  outcome.error->message = fmt::format("a NUL byte at byte offset {} of the SQL", offset);
  return outcome;
}

}  // namespace

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

namespace {

// Waits that libpq makes while connecting: the TLS question over TCP (and its handshake), the
// start-up message, and two more for SCRAM.
int ConnectRoundTrips(PGconn* connection, const Target& target) {
  const bool local = target.host.starts_with('/');
  const bool asks_tls = !local && target.KeywordValue("sslmode") != "disable";
  const int tls = !asks_tls ? 0 : PQsslInUse(connection) != 0 ? 2 : 1;
  const int authentication = PQconnectionUsedPassword(connection) != 0 ? 2 : 0;
  return tls + 1 + authentication;
}

}  // namespace

namespace {

// What a connection is asked for with, in libpq's two lists.
class ConnectionWords {
 public:
  ConnectionWords(const Target& target, const SessionOptions& options)
      : timeout_(
            std::to_string(std::max<int64_t>(1, (options.connect_timeout.count() + 999) / 1000))) {
    for (const auto& [name, value] : target.keywords) Add(name.c_str(), value.c_str());
    const std::pair<const char*, const char*> defaults[] = {
        {"connect_timeout", timeout_.c_str()},
        {"application_name", options.application_name.c_str()},
        // A peer that vanished is noticed within a minute (manual 34.1.2).
        {"keepalives_idle", "30"},
        {"keepalives_interval", "10"},
        {"keepalives_count", "3"},
        {"tcp_user_timeout", "60000"}};
    for (const auto& [name, value] : defaults) {
      if (target.KeywordValue(name).empty()) Add(name, value);
    }
    Add("client_encoding", "UTF8");
    Add(nullptr, nullptr);
  }
  const char* const* names() const { return names_.data(); }
  const char* const* values() const { return values_.data(); }

 private:
  void Add(const char* name, const char* value) {
    names_.push_back(name);
    values_.push_back(value);
  }

  std::string timeout_;
  std::vector<const char*> names_;
  std::vector<const char*> values_;
};

// libpq goes to the next of several hosts when one does not answer, but only when it waits itself.
bool HasSeveralHosts(const Target& target) {
  return target.KeywordValue("host").find(',') != std::string::npos;
}

std::chrono::milliseconds TimeoutOf(const Target& target, const SessionOptions& options) {
  const std::string seconds = target.KeywordValue("connect_timeout");
  if (seconds.empty()) return options.connect_timeout;
  const int given = std::atoi(seconds.c_str());
  return given > 0 ? std::chrono::seconds(given) : std::chrono::milliseconds::max();
}

}  // namespace

Result<Session> Session::Made(std::unique_ptr<State> state) {
  PGconn* connection = state->connection;
  if (PQstatus(connection) != CONNECTION_OK) {
    return ConnectError(connection, state->target, std::string(Trim(PQerrorMessage(connection))));
  }
  PQsetNoticeReceiver(connection, &State::OnNotice, state.get());
  PQsetnonblocking(connection, 1);
  state->cancel = PQgetCancel(connection);
  state->round_trips = ConnectRoundTrips(connection, state->target);
  return Session(std::move(state));
}

namespace {

// The target with the password that its command prints, where there is one.
Result<Target> WithPassword(Target target) {
  if (target.password_command.empty() || !target.KeywordValue("password").empty()) return target;
  TRY_ASSIGN(std::string password, RunPasswordCommand(target.password_command));
  target.keywords.emplace_back("password", std::move(password));
  return target;
}

}  // namespace

struct Connecting::Attempt {
  Attempt(const Target& target, const SessionOptions& options)
      : state(std::make_unique<Session::State>(target)),
        limit(std::min(TimeoutOf(target, options),
                       std::chrono::milliseconds(std::chrono::hours(24)))) {
    if (options.watches_silence) state->limits = LimitsFor(target);
    const auto known = WithPassword(target);
    if (!known) {
      failed = known.error();
      return;
    }
    const ConnectionWords words(*known, options);
    state->connection = PQconnectStartParams(words.names(), words.values(), 0);
    begun = Clock::now();
  }

  bool UnderWay() const {
    return !failed && PQstatus(state->connection) != CONNECTION_BAD && step != PGRES_POLLING_OK &&
           step != PGRES_POLLING_FAILED;
  }

  // Goes on when the socket is ready within that time; false: it is not.
  bool GoOn(std::chrono::milliseconds timeout) {
    const short events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    std::array<pollfd, 2> watched{
        {{PQsocket(state->connection), events, 0}, {Interruption::Descriptor(), POLLIN, 0}}};
    poll(watched.data(), watched.size(), static_cast<int>(timeout.count()));
    if (watched[0].revents == 0) return false;
    step = PQconnectPoll(state->connection);
    return true;
  }

  // Who was busy elsewhere for long finds a server that waits no more (authentication_timeout).
  bool IsStale() const {
    constexpr std::chrono::milliseconds kFresh{1000};
    return Clock::now() - begun > std::min(kFresh, limit);
  }

  using Clock = std::chrono::steady_clock;
  std::unique_ptr<Session::State> state;
  PostgresPollingStatusType step = PGRES_POLLING_WRITING;
  std::chrono::milliseconds limit;
  std::optional<Error> failed;  // before libpq was asked
  Clock::time_point begun = Clock::now();
};

Connecting::Connecting(const Target& target, const SessionOptions& options) {
  if (HasSeveralHosts(target) || LoadLibpq() == nullptr) return;
  attempt_ = std::make_unique<Attempt>(target, options);
  while (attempt_->UnderWay() && attempt_->GoOn(std::chrono::milliseconds(0))) {
  }
}

Connecting::~Connecting() = default;

std::optional<Result<Session>> Connecting::Finish() {
  if (!attempt_) return std::nullopt;
  std::unique_ptr<Attempt> attempt = std::move(attempt_);
  if (attempt->UnderWay() && attempt->IsStale()) return std::nullopt;
  return Complete(std::move(attempt));
}

Result<Session> Connecting::Complete(std::unique_ptr<Attempt> attempt) {
  const auto end = Attempt::Clock::now() + attempt->limit;
  while (attempt->UnderWay()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Attempt::Clock::now());
    if (left.count() > 0 && attempt->GoOn(left)) continue;
    if (Interruption::Requested()) return Interruption::AsError();
    if (Attempt::Clock::now() < end) continue;  // poll was interrupted
    return ConnectError(attempt->state->connection, attempt->state->target, "timeout expired");
  }
  if (attempt->failed) return *attempt->failed;
  return Session::Made(std::move(attempt->state));
}

Result<Session> Session::Connect(const Target& target, const SessionOptions& options) {
  if (LoadLibpq() == nullptr) return NoLibpq();
  if (Interruption::Requested()) return Interruption::AsError();
  if (!HasSeveralHosts(target)) {
    return Connecting::Complete(std::make_unique<Connecting::Attempt>(target, options));
  }
  TRY_ASSIGN(const Target known, WithPassword(target));
  auto state = std::make_unique<State>(target);
  if (options.watches_silence) state->limits = LimitsFor(target);
  const ConnectionWords words(known, options);
  state->connection = PQconnectdbParams(words.names(), words.values(), 0);
  return Made(std::move(state));
}

Outcome Session::SendAndTake(const char* sql, Keep keep) {
  Outcome outcome;
  const bool stops = Interruption::Requested() && !state_->ignores_interruption;
  if (stops && !std::string_view(sql).starts_with("ROLLBACK")) {
    outcome.error = NotSent();
    return outcome;
  }
  ++state_->round_trips;
  AnswerWait wait(state_->connection, state_->ignores_interruption ? nullptr : state_->cancel,
                  state_->target, state_->limits);
  if (PQsendQuery(state_->connection, sql) == 0 || !wait.Flush()) {
    outcome.error = LostConnection(state_->connection, wait.given_up());
    return outcome;
  }
  outcome = TakeAnswer(keep, wait);
  if (outcome.error) CoverSecrets(sql, *outcome.error);
  return outcome;
}

Outcome Session::Run(std::string_view sql) {
  if (auto refused = RefuseNulByte(sql)) return *std::move(refused);
  return SendAndTake(std::string(sql).c_str(), Keep::kAll);
}

Outcome Session::RunScript(const std::string& sql) {
  if (auto refused = RefuseNulByte(sql)) return *std::move(refused);
  return SendAndTake(sql.c_str(), Keep::kOurs);
}

Outcome Session::RunWithin(std::string_view sql, std::chrono::milliseconds limit) {
  const AnswerLimits usual = std::exchange(state_->limits, {.silence = {}, .answer = limit});
  Outcome outcome = Run(sql);
  state_->limits = usual;
  return outcome;
}

namespace {

// What COPY … TO STDOUT sends.
void SkipRows(PGconn* connection, AnswerWait& wait) {
  char* row = nullptr;
  for (int size = PQgetCopyData(connection, &row, 1); size >= 0;
       size = PQgetCopyData(connection, &row, 1)) {
    if (size > 0) PQfreemem(row);
    if (size == 0 && !wait.AwaitInput()) return;
  }
}

}  // namespace

Outcome Session::TakeAnswer(Keep keep, AnswerWait& wait) {
  Outcome outcome;
  PGconn* connection = state_->connection;
  while (wait.AwaitResult()) {
    const ResultPointer result(PQgetResult(connection));
    if (!result) break;
    switch (PQresultStatus(result.get())) {
      case PGRES_TUPLES_OK:
      case PGRES_COMMAND_OK:
      case PGRES_EMPTY_QUERY:
        if (!outcome.error) ++outcome.completed;
        if (keep == Keep::kAll || IsOurs(result.get())) {
          outcome.results.push_back(RowsOf(result.get()));
          if (outcome.completed > 0) outcome.results.back().ordinal = outcome.completed - 1;
        }
        break;
      case PGRES_COPY_IN:
        PQputCopyEnd(connection, "a script cannot read rows from its client");
        wait.Flush();
        break;
      case PGRES_COPY_OUT:
        SkipRows(connection, wait);
        break;
      default:
        if (!outcome.error) outcome.error = ServerErrorOf(result.get(), connection);
        break;
    }
  }
  if (!wait.given_up().empty()) {
    outcome.error = LostConnection(connection, wait.given_up());
  } else if (PQstatus(connection) == CONNECTION_BAD) {
    // The server's last words (FATAL) come before the end of the connection is seen.
    if (!outcome.error) outcome.error = LostConnection(connection);
    outcome.error->connection_lost = true;
  }
  return outcome;
}

Result<std::vector<Rows>> Session::Query(std::string_view sql) {
  Outcome outcome = Run(sql);
  if (outcome.error) {
    Error error = ErrorOf(*outcome.error, "a query of ballast");
    error.details.emplace_back("statement", std::string(sql.substr(0, 400)));
    return error;
  }
  return std::move(outcome.results);
}

Result<Value> Session::QueryValue(std::string_view sql) {
  TRY_ASSIGN(std::vector<Rows> results, Query(sql));
  if (results.empty() || results.back().rows.empty() || results.back().rows[0].empty()) {
    return Value{};
  }
  return std::move(results.back().rows[0][0]);
}

TransactionState Session::transaction_state() const {
  switch (PQtransactionStatus(state_->connection)) {
    case PQTRANS_IDLE:
      return TransactionState::kIdle;
    case PQTRANS_ACTIVE:
      return TransactionState::kActive;
    case PQTRANS_INTRANS:
      return TransactionState::kInTransaction;
    case PQTRANS_INERROR:
      return TransactionState::kInFailedTransaction;
    case PQTRANS_UNKNOWN:
      break;
  }
  return TransactionState::kUnknown;
}

int Session::server_version() const {
  return PQserverVersion(state_->connection);
}

std::string Session::server_version_text() const {
  return fmt::format("{}.{}", server_version() / 10000, server_version() % 10000);
}

int Session::backend_pid() const {
  return PQbackendPID(state_->connection);
}

const Target& Session::target() const {
  return state_->target;
}
int Session::round_trips() const {
  return state_->round_trips;
}

std::vector<std::string> Session::TakeNotices() {
  return std::exchange(state_->notices, {});
}

void Session::IgnoreInterruption() {
  state_->ignores_interruption = true;
}

Error ErrorOf(const ServerError& error, std::string_view doing) {
  if (error.connection_lost) {
    return MakeError(ErrorCode::kConnectionLost,
                     fmt::format("the connection broke during {}: {}", doing, error.message),
                     "check the server's log, then run the command again");
  }
  Error made =
      MakeError(ErrorCode::kQueryFailed,
                fmt::format("the server refused {}: {}", doing, error.message), error.hint);
  if (error.sqlstate == "42501") made.code = ErrorCode::kPrivilege;
  if (error.sqlstate == "55P03") made.code = ErrorCode::kLockTimeout;
  if (error.sqlstate == "25006") made.code = ErrorCode::kReadOnly;
  made.details.emplace_back("sqlstate", error.sqlstate);
  made.details.emplace_back("server_message", error.message);
  if (!error.detail.empty()) made.details.emplace_back("detail", error.detail);
  return made;
}

}  // namespace ballast::postgres
