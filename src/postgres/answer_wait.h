// SPDX-License-Identifier: Apache-2.0
// Waiting for a server's answer without waiting for ever: a request to end (base/interruption.h)
// cancels what runs, and a server that went silent is given up.
#pragma once

#include <chrono>
#include <string>

#include "postgres/libpq.h"
#include "postgres/url.h"

namespace ballast::postgres {

struct AnswerLimits {
  // After so much silence a second connection asks whether the statement still runs, and again
  // after each further such time; zero: never.
  std::chrono::milliseconds silence{0};
  // For one answer (Prisma's socket_timeout); zero: none.
  std::chrono::milliseconds answer{0};
};

// The limits of a connection to that server: silence as the URL's keepalives_idle, else 30 s; none
// over a local socket, whose other end cannot vanish unseen.
AnswerLimits LimitsFor(const Target& target);

// For one message and its answers; for one thread.
class AnswerWait {
 public:
  AnswerWait(PGconn* connection, PGcancel* cancel, const Target& target, AnswerLimits limits);

  // Sends what libpq still holds. False: given up, or the connection broke.
  bool Flush();
  // Waits until PQgetResult would not. False: given up, or the connection broke.
  bool AwaitResult();
  // Waits for something to read. False: as above.
  bool AwaitInput();

  // Why it was given up, as a sentence; empty: it was not.
  const std::string& given_up() const { return given_up_; }

 private:
  using Clock = std::chrono::steady_clock;

  bool Await(short events);
  bool TakeInput(short events);
  std::chrono::milliseconds Patience(Clock::time_point now) const;
  void Cancel();
  void Inquire();

  PGconn* connection_;
  PGcancel* cancel_;
  const Target& target_;
  AnswerLimits limits_;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point next_inquiry_;
  Clock::time_point usual_end_ = Clock::time_point::max();
  Clock::time_point end_ = Clock::time_point::max();  // earlier while there is a reason
  bool cancelled_ = false;
  int unanswered_ = 0;
  std::string given_up_;
};

}  // namespace ballast::postgres
