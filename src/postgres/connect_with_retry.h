// SPDX-License-Identifier: Apache-2.0
// Getting to a database that may not be there yet: containers start in any order.
#pragma once

#include <chrono>
#include <optional>

#include "base/progress.h"
#include "base/result.h"
#include "postgres/session.h"

namespace ballast::postgres {

struct ConnectOptions {
  std::optional<std::chrono::milliseconds> connect_timeout = {};  // of one attempt
  std::chrono::milliseconds timeout{0};                           // of all; 0: one attempt
  // The same while the server has no free connection: a crowd of deploys takes them all, and
  // gives them back.
  std::chrono::milliseconds timeout_when_full{0};
};

// What Session::Connect says, after trying again with back-off for as long as the patience lasts
// while the server does not answer, starts up, has no free connection or lacks the database.
// Nothing else is tried again.
Result<postgres::Session> ConnectWithRetry(const postgres::Target& target,
                                           const ConnectOptions& options, Progress& progress);

// The same with a first attempt that begins at once, beside what the caller reads meanwhile.
class PendingConnection {
 public:
  // What is wrong with the target is said by Finish.
  explicit PendingConnection(Result<postgres::Target> target,
                             std::optional<std::chrono::milliseconds> connect_timeout = {});

  // Once.
  Result<postgres::Session> Finish(const ConnectOptions& options, Progress& progress);

 private:
  Result<postgres::Target> target_;
  std::optional<postgres::Connecting> begun_;
};

}  // namespace ballast::postgres
