// SPDX-License-Identifier: Apache-2.0
// Connects: Session::Connect and Connecting.
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <future>

#include "base/interruption.h"
#include "postgres/connect_error.h"
#include "postgres/connection_files.h"
#include "postgres/password_command.h"
#include "postgres/session_internal.h"

namespace ballast::postgres {
namespace {

// The round trips of a connection: the TLS request over TCP (and its handshake), the start-up
// message, and two more for SCRAM.
int ConnectRoundTrips(PGconn* connection, const Target& target) {
  const bool local = target.host().starts_with('/');
  const bool asks_tls = !local && target.KeywordValue("sslmode") != "disable";
  const int tls = !asks_tls ? 0 : PQsslInUse(connection) != 0 ? 2 : 1;
  const int authentication = PQconnectionUsedPassword(connection) != 0 ? 2 : 0;
  return tls + 1 + authentication;
}

// The connection parameters in the form of PQconnectdbParams: two lists.
class ConnectionParameters {
 public:
  ConnectionParameters(const Target& target, const SessionOptions& options)
      : timeout_(
            std::to_string(std::max<int64_t>(1, (options.connect_timeout.count() + 999) / 1000))) {
    for (const auto& [name, value] : target.keywords) Add(name.c_str(), value.c_str());
    const std::pair<const char*, const char*> defaults[] = {
        {"connect_timeout", timeout_.c_str()},
        {"application_name", options.application_name.c_str()},
        // A peer that vanished is noticed within a minute (manual, "Parameter Key Words").
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

// libpq tries the next of several hosts only if it waits for the connection itself.
bool HasSeveralHosts(const Target& target) {
  return target.KeywordValue("host").find(',') != std::string::npos;
}

std::chrono::milliseconds TimeoutOf(const Target& target, const SessionOptions& options) {
  const std::string seconds = target.KeywordValue("connect_timeout");
  if (seconds.empty()) return options.connect_timeout;
  const int given = std::atoi(seconds.c_str());
  return given > 0 ? std::chrono::seconds(given) : std::chrono::milliseconds::max();
}

// What a service adds to the target; libpq has read it and opened no other file.
Status CheckFilesOf(PGconn* connection) {
  PQconninfoOption* options = PQconninfo(connection);
  Target complete;
  for (PQconninfoOption* o = options; o != nullptr && o->keyword != nullptr; ++o) {
    if (o->val != nullptr) complete.Set(o->keyword, o->val);
  }
  PQconninfoFree(options);
  return CheckConnectionFiles(complete);
}

// The target with the password that its command prints, if it has one.
Result<Target> WithPassword(Target target) {
  if (target.password_command.empty() || !target.KeywordValue("password").empty()) return target;
  TRY_ASSIGN(std::string password, RunPasswordCommand(target.password_command));
  target.Set("password", std::move(password));
  return target;
}

void AddNotice(void* state, const PGresult* result) {
  const auto field = [&](int code) {
    const char* text = PQresultErrorField(result, code);
    return std::string(text == nullptr ? "" : text);
  };
  static_cast<std::vector<std::string>*>(state)->push_back(field(PG_DIAG_SEVERITY_NONLOCALIZED) +
                                                           ": " + field(PG_DIAG_MESSAGE_PRIMARY));
}

// `connected`, unless there is no such database: then the one of the undecoded name, if that
// exists.
Result<Session> OrUndecoded(Result<Session> connected, const Target& target,
                            const SessionOptions& options) {
  const bool missing = !connected.ok() && connected.error().code == ErrorCode::kNoDatabase;
  if (!missing || target.undecoded_database.empty()) return connected;
  Result<Session> undecoded = Session::Connect(target.WithUndecodedDatabase(), options);
  const bool exists = undecoded.ok() || undecoded.error().code != ErrorCode::kNoDatabase;
  return exists ? std::move(undecoded) : std::move(connected);
}

// Adds what the URL left to a service file, to variables and to libpq's defaults.
void Complete(Target& target, const PGconn* connection) {
  for (const auto& [keyword, value] : {std::pair{"host", PQhost(connection)},
                                       {"port", PQport(connection)},
                                       {"dbname", PQdb(connection)},
                                       {"user", PQuser(connection)}}) {
    if (value != nullptr && *value != '\0' && target.KeywordValue(keyword).empty()) {
      target.Set(keyword, value);
    }
  }
}

Error TimedOut(const Target& target, const PGconn* connection) {
  Error error =
      ConnectError(target, {"timeout expired", ""}, PQconnectionNeedsPassword(connection) != 0);
  const ConnStatusType status = PQstatus(connection);
  const bool accepted = status == CONNECTION_AWAITING_RESPONSE || status == CONNECTION_AUTH_OK ||
                        status == CONNECTION_SSL_STARTUP;
  if (accepted) error.details.emplace_back(kSilentAfterAccepting, "yes");
  return error;
}

}  // namespace

Result<Session> Session::Made(std::unique_ptr<State> state) {
  PGconn* connection = state->connection;
  Complete(state->target, connection);
  if (PQstatus(connection) != CONNECTION_OK) {
    return ConnectError(state->target, ReadRefusal(PQerrorMessage(connection)),
                        PQconnectionNeedsPassword(connection) != 0);
  }
  PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
  PQsetNoticeReceiver(connection, &AddNotice, &state->notices);
  PQsetnonblocking(connection, 1);
  state->cancel = PQgetCancel(connection);
  state->round_trips = ConnectRoundTrips(connection, state->target);
  return Session(std::move(state));
}

struct Connecting::Attempt {
  Attempt(const Target& target, const SessionOptions& options)
      : target(target),
        options(options),
        state(std::make_unique<Session::State>(target)),
        limit(std::min(TimeoutOf(target, options),
                       std::chrono::milliseconds(std::chrono::hours(24)))) {
    if (options.watches_silence) state->limits = LimitsFor(target);
    auto known = WithPassword(target);
    if (known) {
      if (Status files = CheckConnectionFiles(*known); !files) known = std::move(files).error();
    }
    if (!known) {
      failed = known.error();
      return;
    }
    const ConnectionParameters parameters(*known, options);
    state->connection = PQconnectStartParams(parameters.names(), parameters.values(), 0);
    PQsetErrorVerbosity(state->connection, PQERRORS_VERBOSE);  // for ReadRefusal
    if (Status files = CheckFilesOf(state->connection); !files) failed = std::move(files).error();
    begun = Clock::now();
  }

  bool IsInProgress() const {
    return !failed && !session && PQstatus(state->connection) != CONNECTION_BAD &&
           step != PGRES_POLLING_OK && step != PGRES_POLLING_FAILED;
  }

  // Continues once the socket is ready. False if it is not ready within the timeout (-1 ms: no
  // limit), on a termination request, or when `stop` becomes readable (-1: no such descriptor).
  bool Continue(std::chrono::milliseconds timeout, int stop = -1) {
    const short events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    std::array<pollfd, 3> watched{{{PQsocket(state->connection), events, 0},
                                   {Interruption::Descriptor(), POLLIN, 0},
                                   {stop, POLLIN, 0}}};
    poll(watched.data(), watched.size(), static_cast<int>(timeout.count()));
    if (watched[0].revents == 0) return false;
    step = PQconnectPoll(state->connection);
    return true;
  }

  // Calls `use` with the session, if it is established.
  void Establish(const std::function<void(Session&)>& use) {
    if (failed || step != PGRES_POLLING_OK) return;
    session = Session::Made(std::move(state));
    if (*session) use(**session);
  }

  // The caller was busy for so long that the server may have closed it (authentication_timeout).
  bool IsStale() const {
    constexpr std::chrono::milliseconds kFresh{1000};
    return Clock::now() - begun > std::min(kFresh, limit);
  }

  using Clock = std::chrono::steady_clock;
  Target target;
  SessionOptions options;
  std::unique_ptr<Session::State> state;
  PostgresPollingStatusType step = PGRES_POLLING_WRITING;
  std::chrono::milliseconds limit;
  std::optional<Error> failed;             // before libpq was asked
  std::optional<Result<Session>> session;  // made of `state` by Establish
  Clock::time_point begun = Clock::now();
};

// The thread that loads libpq and connects, until it is done or the caller takes over.
class Connecting::Worker {
 public:
  Worker() : stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (stop_ < 0) return;
    // If no thread can be created, TakeAttempt begins it.
    const auto how = std::launch::async | std::launch::deferred;
    running_ = std::async(how, [this, job = job_.get_future()]() mutable {
      LoadLibpq();
      if (const std::optional<Job> begun = job.get()) Run(*begun);
    });
  }
  ~Worker() {
    Stop();
    if (stop_ >= 0) close(stop_);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void Begin(std::function<Result<Target>()> target, const SessionOptions& options,
             std::function<void(Session&)> connected) {
    job_.set_value(Job{std::move(target), options, std::move(connected)});
    has_job_ = true;
  }

  // Null if nothing was started.
  std::unique_ptr<Attempt> TakeAttempt() {
    Stop();
    return std::move(attempt_);
  }

 private:
  struct Job {
    std::function<Result<Target>()> target;
    SessionOptions options;
    std::function<void(Session&)> connected;
  };

  void Run(const Job& job) {
    const Result<Target> target = job.target();
    if (!target || HasSeveralHosts(*target) || LoadLibpq() == nullptr) return;
    attempt_ = std::make_unique<Attempt>(*target, job.options);
    while (attempt_->IsInProgress() && attempt_->Continue(std::chrono::milliseconds(-1), stop_)) {
    }
    if (job.connected) attempt_->Establish(job.connected);
  }

  void Stop() {
    if (!running_.valid()) return;
    if (!has_job_) job_.set_value(std::nullopt);
    eventfd_write(stop_, 1);
    running_.get();
  }

  int stop_;
  std::promise<std::optional<Job>> job_;
  bool has_job_ = false;
  std::unique_ptr<Attempt> attempt_;
  std::future<void> running_;
};

Connecting::Connecting() : worker_(std::make_unique<Worker>()) {}

void Connecting::Begin(std::function<Result<Target>()> target, const SessionOptions& options,
                       std::function<void(Session&)> connected) {
  worker_->Begin(std::move(target), options, std::move(connected));
}

Connecting::~Connecting() = default;

std::optional<Result<Session>> Connecting::Finish() {
  if (!worker_) return std::nullopt;
  std::unique_ptr<Attempt> attempt = worker_->TakeAttempt();
  worker_.reset();
  if (!attempt || (attempt->IsInProgress() && attempt->IsStale())) return std::nullopt;
  return Complete(std::move(attempt));
}

Result<Session> Connecting::Complete(std::unique_ptr<Attempt> attempt) {
  const auto end = Attempt::Clock::now() + attempt->limit;
  while (attempt->IsInProgress()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Attempt::Clock::now());
    if (left.count() > 0 && attempt->Continue(left)) continue;
    if (Interruption::Requested()) return Interruption::AsError();
    if (Attempt::Clock::now() < end) continue;  // poll was interrupted
    return TimedOut(attempt->state->target, attempt->state->connection);
  }
  if (attempt->failed) return *attempt->failed;
  if (attempt->session) return *std::move(attempt->session);
  return OrUndecoded(Session::Made(std::move(attempt->state)), attempt->target, attempt->options);
}

Result<Session> Session::Connect(const Target& target, const SessionOptions& options) {
  if (LoadLibpq() == nullptr) return NoLibpq();
  if (Interruption::Requested()) return Interruption::AsError();
  if (!HasSeveralHosts(target)) {
    return Connecting::Complete(std::make_unique<Connecting::Attempt>(target, options));
  }
  TRY_ASSIGN(const Target known, WithPassword(target));
  TRY(CheckConnectionFiles(known));
  auto state = std::make_unique<State>(target);
  if (options.watches_silence) state->limits = LimitsFor(target);
  const ConnectionParameters parameters(known, options);
  // Here libpq gives the message without its SQLSTATE.
  state->connection = PQconnectdbParams(parameters.names(), parameters.values(), 0);
  return OrUndecoded(Made(std::move(state)), target, options);
}

}  // namespace ballast::postgres
