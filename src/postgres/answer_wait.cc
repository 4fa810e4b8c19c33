// SPDX-License-Identifier: Apache-2.0
#include "postgres/answer_wait.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/interruption.h"
#include "postgres/session.h"

namespace ballast::postgres {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSilence{30'000};
// Grace periods for the answer to a cancelled statement, and for one that the server has already
// sent.
constexpr milliseconds kLastAnswer{10'000};
constexpr milliseconds kInquiry{5'000};
constexpr int kInquiries = 2;  // that may fail

enum class Finding { kRuns, kEnded, kSilent };

// What a second connection reports about the process's statement. A server that answers at all,
// even with a refusal, is not silent.
Finding Ask(const Target& target, int process) {
  SessionOptions options;
  options.connect_timeout = kInquiry;
  options.watches_silence = false;
  auto session = Session::Connect(target, options);
  if (!session) {
    const bool refused = !session.error().Detail("sqlstate").empty();
    const bool timed_out = session.error().code == ErrorCode::kTimedOut;
    return timed_out && !refused ? Finding::kSilent : Finding::kRuns;
  }
  // Behind a pooler the process id is not the server's, and nothing is known.
  const Outcome outcome = session->RunWithin(
      fmt::format("SELECT a.state FROM pg_stat_activity a WHERE a.pid = {} AND pg_backend_pid() = "
                  "{}",
                  process, session->backend_pid()),
      kInquiry);
  if (outcome.error) return outcome.error->connection_lost ? Finding::kSilent : Finding::kRuns;
  const bool known = !outcome.results.empty() && !outcome.results.back().rows.empty();
  const Value state = known ? outcome.results.back().rows[0][0] : Value();
  return state && state->starts_with("idle") ? Finding::kEnded : Finding::kRuns;
}

}  // namespace

AnswerLimits LimitsFor(const Target& target) {
  AnswerLimits limits;
  limits.answer = milliseconds(static_cast<int64_t>(target.socket_timeout_seconds * 1000));
  if (target.host().starts_with('/')) return limits;
  const int idle = std::atoi(target.KeywordValue("keepalives_idle").c_str());
  limits.silence = idle > 0 ? std::chrono::seconds(idle) : kSilence;
  return limits;
}

AnswerWait::AnswerWait(PGconn* connection, PGcancel* cancel, const Target& target,
                       AnswerLimits limits)
    : connection_(connection),
      cancel_(cancel),
      target_(target),
      limits_(limits),
      next_inquiry_(limits.silence.count() > 0 ? begun_ + limits.silence
                                               : Clock::time_point::max()) {
  if (limits.answer.count() > 0) usual_end_ = begun_ + limits.answer;
  end_ = usual_end_;
}

bool AnswerWait::Flush() {
  for (int left = PQflush(connection_); left != 0; left = PQflush(connection_)) {
    if (left < 0 || !Await(POLLIN | POLLOUT)) return false;
  }
  return true;
}

bool AnswerWait::AwaitResult() {
  while (PQisBusy(connection_) != 0) {
    if (!Await(POLLIN)) return false;
  }
  return true;
}

bool AnswerWait::AwaitInput() {
  return Await(POLLIN);
}

milliseconds AnswerWait::RemainingTime(Clock::time_point now) const {
  const Clock::time_point until = std::min(end_, next_inquiry_);
  if (until == Clock::time_point::max()) return milliseconds(-1);
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(until - now));
}

bool AnswerWait::Await(short events) {
  const int interruption = cancelled_ ? -1 : Interruption::Descriptor();
  std::array<pollfd, 2> watched{{{PQsocket(connection_), events, 0}, {interruption, POLLIN, 0}}};
  poll(watched.data(), watched.size(), static_cast<int>(RemainingTime(Clock::now()).count()));
  if (watched[1].revents != 0) Cancel();
  if (watched[0].revents != 0) return TakeInput(watched[0].revents);
  const Clock::time_point now = Clock::now();
  if (now >= end_ && given_up_.empty()) {
    given_up_ = fmt::format("the server did not answer within {} s",
                            std::chrono::ceil<std::chrono::seconds>(now - begun_).count());
  }
  if (now >= next_inquiry_ && now < end_) Inquire();
  return now < end_;
}

bool AnswerWait::TakeInput(short events) {
  unanswered_ = 0;
  given_up_.clear();
  if (!cancelled_) end_ = usual_end_;
  if (limits_.silence.count() > 0) next_inquiry_ = Clock::now() + limits_.silence;
  return (events & ~POLLOUT) == 0 || PQconsumeInput(connection_) != 0;
}

void AnswerWait::Cancel() {
  cancelled_ = true;
  std::array<char, 256> buffer{};
  if (cancel_ != nullptr) PQcancel(cancel_, buffer.data(), buffer.size());
  end_ = std::min(end_, Clock::now() + kLastAnswer);
}

void AnswerWait::Inquire() {
  const Finding finding = Ask(target_, PQbackendPID(connection_));
  const Clock::time_point now = Clock::now();
  next_inquiry_ = now + limits_.silence;
  unanswered_ = finding == Finding::kSilent ? unanswered_ + 1 : 0;
  if (finding == Finding::kEnded) {
    end_ = std::min(end_, now + std::min(kLastAnswer, limits_.silence));
    given_up_ = "the statement has ended on the server, but its answer did not arrive";
  } else if (unanswered_ >= kInquiries) {
    end_ = now;
    given_up_ = fmt::format("the server has been silent for {} s and accepts no connection",
                            std::chrono::ceil<std::chrono::seconds>(now - begun_).count());
  }
}

}  // namespace ballast::postgres
