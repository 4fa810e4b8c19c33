// SPDX-License-Identifier: Apache-2.0
#include "postgres/connect_with_retry.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/duration.h"
#include "base/interruption.h"
#include "base/sqlstate.h"
#include "postgres/connect_error.h"

namespace ballast::postgres {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

bool MayCome(const Error& error, const ConnectOptions& options) {
  if (error.code == ErrorCode::kNoDatabase) return options.until_created;
  return error.code == ErrorCode::kCannotReach || error.code == ErrorCode::kTimedOut ||
         error.code == ErrorCode::kConnectionLost;
}

milliseconds RetryTimeoutFor(const Error& error, const ConnectOptions& options) {
  const bool silent = options.silent_is_full && !error.Detail(kSilentAfterAccepting).empty();
  const bool full = silent || error.Detail("sqlstate") == sqlstate::kTooManyConnections;
  return full ? std::max(options.timeout, options.timeout_when_full) : options.timeout;
}

Error Waited(Error error, milliseconds timeout) {
  if (timeout.count() > 0) {
    error.message += fmt::format(" (waited {} for it)", DurationInWords(timeout));
  }
  return error;
}

// A notice at once, and every 10 s.
class WaitNotices {
 public:
  explicit WaitNotices(Progress& progress) : progress_(progress) {}

  void Report(const Error& error) {
    const auto waited = Clock::now() - begin_;
    if (waited < next_) return;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(waited).count();
    progress_.Notice(seconds == 0 ? "waiting for the database: " + error.message
                                  : fmt::format("still waiting for the database after {} s: {}",
                                                seconds, error.message));
    next_ = waited + std::chrono::seconds(10);
  }

 private:
  Progress& progress_;
  Clock::time_point begin_ = Clock::now();
  Clock::duration next_{0};
};

// How one attempt is made.
postgres::SessionOptions SessionOf(std::optional<milliseconds> connect_timeout) {
  postgres::SessionOptions session;
  if (connect_timeout) session.connect_timeout = *connect_timeout;
  return session;
}

// `begun`: the first attempt, if it has already begun.
Result<postgres::Session> ReachFrom(postgres::Connecting* begun, const postgres::Target& target,
                                    const ConnectOptions& options, Progress& progress) {
  const auto begin = Clock::now();
  const postgres::SessionOptions session = SessionOf(options.connect_timeout);
  milliseconds pause{50};
  WaitNotices notices(progress);
  for (bool first = true;; first = false) {
    auto finished = first && begun != nullptr ? begun->Finish() : std::nullopt;
    auto connected = finished ? *std::move(finished) : postgres::Session::Connect(target, session);
    if (connected || !MayCome(connected.error(), options)) return connected;
    const milliseconds timeout = RetryTimeoutFor(connected.error(), options);
    const auto left = std::chrono::duration_cast<milliseconds>(begin + timeout - Clock::now());
    if (left.count() <= 0) return Waited(std::move(connected).error(), timeout);
    notices.Report(connected.error());
    if (Interruption::WaitFor(std::min(pause, left))) return Interruption::AsError();
    pause = std::min(pause * 2, milliseconds(1000));
  }
}

}  // namespace

Result<postgres::Session> ConnectWithRetry(const postgres::Target& target,
                                           const ConnectOptions& options, Progress& progress) {
  return ReachFrom(nullptr, target, options, progress);
}

// Deferred: the first thread that needs the target determines it.
void PendingConnection::Begin(std::function<Result<Target>()> find,
                              std::optional<milliseconds> connect_timeout,
                              std::function<void(Session&)> connected) {
  target_ = std::async(std::launch::deferred, std::move(find)).share();
  begun_.Begin([target = target_] { return target.get(); }, SessionOf(connect_timeout),
               std::move(connected));
}

Result<Session> PendingConnection::Finish(const ConnectOptions& options, Progress& progress) {
  if (!target()) return target().error();
  return ReachFrom(&begun_, *target(), options, progress);
}

}  // namespace ballast::postgres
