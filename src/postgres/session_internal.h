// SPDX-License-Identifier: Apache-2.0
// What session.cc and session_connect.cc share. Only for these.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "postgres/answer_wait.h"
#include "postgres/libpq.h"
#include "postgres/session.h"

namespace ballast::postgres {

struct Session::State {
  explicit State(Target t) : target(std::move(t)) {}
  ~State() {
    if (cancel != nullptr) PQfreeCancel(cancel);
    if (connection != nullptr) PQfinish(connection);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Target target;
  PGconn* connection = nullptr;
  PGcancel* cancel = nullptr;
  int round_trips = 0;
  AnswerLimits limits;
  bool ignores_interruption = false;
  std::vector<std::string> notices;
  std::optional<std::string> ahead;  // sent, and not answered yet
};

}  // namespace ballast::postgres
