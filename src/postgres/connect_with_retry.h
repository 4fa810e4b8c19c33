// SPDX-License-Identifier: Apache-2.0
// Connects to a database that may not be available yet, as when containers start in any order.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <optional>

#include "base/progress.h"
#include "base/result.h"
#include "postgres/session.h"

namespace ballast::postgres {

struct ConnectOptions {
  std::optional<std::chrono::milliseconds> connect_timeout = {};  // of one attempt
  std::chrono::milliseconds timeout{0};  // of all attempts; 0: only one attempt
  // The same while the server has no free connection, because many deploys run at once.
  std::chrono::milliseconds timeout_when_full{0};
  // Whoever accepts the connection and does not answer the login counts as full: a pooler in
  // session mode keeps clients waiting for one of its connections.
  bool silent_is_full = false;
  bool until_created = false;  // also wait for somebody else to create the database
};

// Session::Connect, repeated with back-off until the timeout while the server does not answer,
// starts up or has no free connection. Other errors are returned at once. `progress` gets a notice
// when the wait begins, and every 10 s.
Result<postgres::Session> ConnectWithRetry(const postgres::Target& target,
                                           const ConnectOptions& options, Progress& progress);

// The same, with a first attempt that begins at once, in parallel with the caller.
class PendingConnection {
 public:
  // Create it before everything else, because it begins to load libpq.
  PendingConnection() = default;

  // Does not wait. `find` determines the target, once, in another thread, because parsing a URL
  // needs libpq. `connected`: as in Connecting::Begin. Call once.
  void Begin(std::function<Result<Target>()> find,
             std::optional<std::chrono::milliseconds> connect_timeout = {},
             std::function<void(Session&)> connected = nullptr);

  // The result of `find`. Waits for it. Only after Begin.
  const Result<Target>& target() const { return target_.get(); }

  // Reports errors of the target too. Call once, after Begin.
  Result<Session> Finish(const ConnectOptions& options, Progress& progress);

 private:
  std::shared_future<Result<Target>> target_;
  Connecting begun_;
};

}  // namespace ballast::postgres
