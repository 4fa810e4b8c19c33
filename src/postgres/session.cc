// SPDX-License-Identifier: Apache-2.0
#include "postgres/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/interruption.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "postgres/connect_error.h"
#include "postgres/session_internal.h"
#include "sql/quote.h"
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
  error.schema = Field(result, PG_DIAG_SCHEMA_NAME);
  error.table = Field(result, PG_DIAG_TABLE_NAME);
  error.column = Field(result, PG_DIAG_COLUMN_NAME);
  error.constraint = Field(result, PG_DIAG_CONSTRAINT_NAME);
  const std::string position = Field(result, PG_DIAG_STATEMENT_POSITION);
  if (!position.empty()) error.position = std::atoi(position.c_str());
  error.connection_lost = PQstatus(connection) == CONNECTION_BAD;
  if (error.message.empty()) error.message = OnOneLine(PQerrorMessage(connection));
  return error;
}

// Where the server's encoding has no characters, its positions count bytes.
void CountCharacters(std::string_view sql, const PGconn* connection, ServerError& error) {
  const char* encoding = PQparameterStatus(connection, "server_encoding");
  const bool counts_bytes = encoding != nullptr && std::string_view(encoding) == "SQL_ASCII";
  if (error.position <= 0 || !counts_bytes) return;
  const std::string_view before = sql.substr(0, static_cast<size_t>(error.position) - 1);
  error.position = 1 + static_cast<int>(std::ranges::count_if(before, [](unsigned char byte) {
                     return (byte & 0xC0U) != 0x80U;  // no continuation of a character in UTF-8
                   }));
}

ServerError LostConnection(const PGconn* connection, const std::string& given_up = {}) {
  ServerError error;
  error.message = given_up.empty() ? OnOneLine(PQerrorMessage(connection)) : given_up;
  error.connection_lost = true;
  return error;
}

// The error of a statement that the server has cancelled, for one that was not sent.
ServerError NotSent() {
  ServerError error;
  error.severity = "ERROR";
  error.sqlstate = sqlstate::kQueryCanceled;
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

}  // namespace

namespace {

// Server messages quote the statement.
void MaskSecrets(std::string_view sql, ServerError& error) {
  const std::vector<std::string> secrets = sql::SecretsIn(sql);
  for (std::string* text : {&error.message, &error.detail, &error.hint, &error.context}) {
    const std::vector<std::string> composed = sql::SecretsInMessage(*text);
    *text = sql::WithoutSecrets(std::move(*text), secrets);
    *text = sql::WithoutSecrets(std::move(*text), composed);
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
  outcome.error->sqlstate = sqlstate::kCharacterNotInRepertoire;
  outcome.error->message = fmt::format("a NUL byte at byte offset {} of the SQL", offset);
  return outcome;
}

}  // namespace

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Outcome Session::SendAndTake(const char* sql, Keep keep, const KeptResult& kept,
                             Protocol protocol) {
  Outcome outcome;
  const bool stops = Interruption::Requested() && !state_->ignores_interruption;
  if (stops && !std::string_view(sql).starts_with("ROLLBACK")) {
    outcome.error = NotSent();
    return outcome;
  }
  if (auto ahead = TakeAhead(sql)) return *std::move(ahead);
  ++state_->round_trips;
  AnswerWait wait(state_->connection, state_->ignores_interruption ? nullptr : state_->cancel,
                  state_->target, state_->limits);
  const int sent =
      protocol == Protocol::kSimple
          ? PQsendQuery(state_->connection, sql)
          : PQsendQueryParams(state_->connection, sql, 0, nullptr, nullptr, nullptr, nullptr, 0);
  if (sent == 0 || !wait.Flush()) {
    outcome.error = LostConnection(state_->connection, wait.given_up());
    return outcome;
  }
  outcome = TakeAnswer(keep, kept, wait);
  if (!outcome.error) return outcome;
  CountCharacters(sql, state_->connection, *outcome.error);
  MaskSecrets(sql, *outcome.error);
  return outcome;
}

void Session::SendAhead(std::string sql) {
  if (Interruption::Requested() || PQsendQuery(state_->connection, sql.c_str()) == 0) return;
  PQflush(state_->connection);  // what the socket does not take now is sent by TakeAhead
  state_->ahead = std::move(sql);
}

// The answer to what was sent ahead, if that is `sql` or the connection was lost.
std::optional<Outcome> Session::TakeAhead(std::string_view sql) {
  const std::optional<std::string> sent = std::exchange(state_->ahead, std::nullopt);
  if (!sent) return std::nullopt;
  ++state_->round_trips;
  AnswerWait wait(state_->connection, state_->ignores_interruption ? nullptr : state_->cancel,
                  state_->target, state_->limits);
  Outcome outcome;
  if (wait.Flush()) {
    outcome = TakeAnswer(Keep::kAll, nullptr, wait);
  } else {
    outcome.error = LostConnection(state_->connection, wait.given_up());
  }
  if (outcome.error) MaskSecrets(*sent, *outcome.error);
  const bool lost = outcome.error && outcome.error->connection_lost;
  if (*sent != sql && !lost) return std::nullopt;
  return outcome;
}

Outcome Session::Run(std::string_view sql) {
  if (auto refused = RefuseNulByte(sql)) return *std::move(refused);
  return SendAndTake(std::string(sql).c_str(), Keep::kAll);
}

Outcome Session::RunScript(const std::string& sql, const KeptResult& kept) {
  if (auto refused = RefuseNulByte(sql)) return *std::move(refused);
  return SendAndTake(sql.c_str(), Keep::kOurs, kept);
}

Outcome Session::RunWithin(std::string_view sql, std::chrono::milliseconds limit) {
  const AnswerLimits usual = std::exchange(state_->limits, {.silence = {}, .answer = limit});
  Outcome outcome = Run(sql);
  state_->limits = usual;
  return outcome;
}

namespace {

// Discards the rows of COPY … TO STDOUT.
void SkipRows(PGconn* connection, AnswerWait& wait) {
  char* row = nullptr;
  for (int size = PQgetCopyData(connection, &row, 1); size >= 0;
       size = PQgetCopyData(connection, &row, 1)) {
    if (size > 0) PQfreemem(row);
    if (size == 0 && !wait.AwaitInput()) return;
  }
}

}  // namespace

Outcome Session::TakeAnswer(Keep keep, const KeptResult& kept, AnswerWait& wait) {
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
          if (kept) kept(outcome.results.back());
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
    // A FATAL message arrives before the end of the connection is noticed.
    if (!outcome.error) outcome.error = LostConnection(connection);
    outcome.error->connection_lost = true;
  }
  return outcome;
}

// A migration can leave another client_encoding.
std::string Session::OtherEncoding() const {
  const char* encoding = PQparameterStatus(state_->connection, "client_encoding");
  const bool failed = transaction_state() == TransactionState::kInFailedTransaction;
  if (encoding == nullptr || failed || std::string_view(encoding) == "UTF8") return {};
  return encoding;
}

Outcome Session::RunInUtf8(std::string_view sql) {
  const std::string encoding = OtherEncoding();
  if (encoding.empty()) return Run(sql);
  if (Outcome set = Run("SET client_encoding = 'UTF8'"); set.error) return set;
  Outcome outcome = Run(sql);
  if (transaction_state() != TransactionState::kInFailedTransaction) {
    Run("SET client_encoding = " + sql::QuoteLiteral(encoding));
  }
  return outcome;
}

Result<std::vector<Rows>> Session::Query(std::string_view sql) {
  Outcome outcome = RunInUtf8(sql);
  if (outcome.error) {
    Error error = ErrorOf(*outcome.error, "a query of ballast");
    error.details.emplace_back("statement", std::string(sql.substr(0, 400)));
    return error;
  }
  return std::move(outcome.results);
}

Result<Rows> Session::QueryOne(std::string_view sql) {
  auto refused = RefuseNulByte(sql);
  Outcome outcome =
      refused ? *std::move(refused)
              : SendAndTake(std::string(sql).c_str(), Keep::kAll, nullptr, Protocol::kExtended);
  if (outcome.error) {
    Error error = ErrorOf(*outcome.error, "a query of ballast");
    error.details.emplace_back("statement", std::string(sql.substr(0, 400)));
    if (outcome.error->position > 0) {
      error.details.emplace_back("position", std::to_string(outcome.error->position));
    }
    return error;
  }
  return outcome.results.empty() ? Rows() : std::move(outcome.results.back());
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

namespace {

// "permission denied for sequence x" names what the privilege is on.
std::string RemedyOfDenial(const std::string& message) {
  constexpr std::string_view kDenied = "permission denied for ";
  const bool named = message.starts_with(kDenied);
  const std::string on = named ? " on " + message.substr(kDenied.size()) : std::string();
  return "have an admin GRANT the privilege" + on +
         " to the role of the URL, or use the role of the owner; then run the command again";
}

}  // namespace

Error ErrorOf(const ServerError& error, std::string_view doing) {
  if (error.connection_lost) {
    return MakeError(ErrorCode::kConnectionLost,
                     fmt::format("the connection broke during {}: {}", doing, error.message),
                     "check the server's log, then run the command again");
  }
  Error made =
      MakeError(ErrorCode::kQueryFailed,
                fmt::format("the server refused {}: {}", doing, error.message), error.hint);
  if (error.sqlstate == sqlstate::kInsufficientPrivilege) {
    made.code = ErrorCode::kPrivilege;
    if (error.hint.empty()) made.hint = RemedyOfDenial(error.message);
  }
  if (error.sqlstate == sqlstate::kQueryCanceled && error.hint.empty()) {
    made.hint =
        "if statement_timeout ended it, give the role more time (ALTER ROLE … SET "
        "statement_timeout, or --statement-timeout for this command); otherwise somebody cancelled "
        "it: run the command again";
  }
  if (error.sqlstate == sqlstate::kLockNotAvailable) made.code = ErrorCode::kLockTimeout;
  if (error.sqlstate == sqlstate::kReadOnlySqlTransaction) made.code = ErrorCode::kReadOnly;
  AddDetails(error, made);
  return made;
}

void AddDetails(const ServerError& error, Error& made) {
  made.details.emplace_back("sqlstate", error.sqlstate);
  made.details.emplace_back("server_message", error.message);
  const std::pair<const char*, const std::string&> optional[] = {
      {"detail", error.detail}, {"context", error.context}, {"schema", error.schema},
      {"table", error.table},   {"column", error.column},   {"constraint", error.constraint}};
  for (const auto& [name, value] : optional) {
    if (!value.empty()) made.details.emplace_back(name, value);
  }
}

}  // namespace ballast::postgres
