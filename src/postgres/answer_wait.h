// SPDX-License-Identifier: Apache-2.0
// Waits for a server's answer, but not forever: a termination request (base/interruption.h) cancels
// the statement, and a silent server is abandoned.
#pragma once

#include <chrono>
#include <string>

#include "postgres/libpq.h"
#include "postgres/url.h"

namespace ballast::postgres {

struct AnswerLimits {
  // After this period of silence, and again after each further one, a second connection checks
  // whether the statement still runs; zero: never.
  std::chrono::milliseconds silence{0};
  // Maximum time for one answer (Prisma's socket_timeout); zero: no limit.
  std::chrono::milliseconds answer{0};
};

// The limits for connections to that server. Silence: the URL's keepalives_idle, else 30 s; none
// for a Unix socket, whose peer cannot disappear unnoticed.
AnswerLimits LimitsFor(const Target& target);

// For one message and its answers; not thread-safe.
class AnswerWait {
 public:
  AnswerWait(PGconn* connection, PGcancel* cancel, const Target& target, AnswerLimits limits);

  // Sends what libpq has buffered. False: abandoned, or the connection broke.
  bool Flush();
  // Waits until PQgetResult would not block. False: as above.
  bool AwaitResult();
  // Waits for input. False: as above.
  bool AwaitInput();

  // A sentence with the reason for abandoning it; empty: it was not abandoned.
  const std::string& given_up() const { return given_up_; }

 private:
  using Clock = std::chrono::steady_clock;

  bool Await(short events);
  bool TakeInput(short events);
  std::chrono::milliseconds RemainingTime(Clock::time_point now) const;
  void Cancel();
  void Inquire();

  PGconn* connection_;
  PGcancel* cancel_;
  const Target& target_;
  AnswerLimits limits_;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point next_inquiry_;
  Clock::time_point usual_end_ = Clock::time_point::max();
  Clock::time_point end_ = Clock::time_point::max();  // earlier if there is a reason
  bool cancelled_ = false;
  int unanswered_ = 0;
  std::string given_up_;
};

}  // namespace ballast::postgres
