// SPDX-License-Identifier: Apache-2.0
#include "postgres/lock_waiters.h"

#include <fmt/format.h>

#include <thread>

#include "base/text.h"
#include "postgres/observe.h"

namespace ballast::postgres {
namespace {

constexpr auto kPause = std::chrono::milliseconds(100);

Error StillWaiting(const std::vector<std::string>& waiters) {
  return MakeError(
      ErrorCode::kTimedOut,
      fmt::format("a concurrent index build cannot begin while these sessions wait for "
                  "the deployment lock: {}",
                  Join(waiters, ", ")),
      "end the other deployment, then deploy again: it continues where it stopped");
}

}  // namespace

Result<std::vector<std::string>> LockWaiters(Session& session) {
  TRY_ASSIGN(
      const std::vector<Rows> results,
      session.Query(fmt::format(
          "SELECT format('pid %s (%s, role %s)', a.pid,\n"
          "              coalesce(nullif(a.application_name, ''), 'no application name'), "
          "a.usename)\n"
          "  FROM pg_locks l JOIN pg_stat_activity a USING (pid)\n"
          " WHERE l.locktype = 'advisory' AND NOT l.granted AND l.objsubid = 1\n"
          "   AND ((l.classid::bigint << 32) | l.objid::bigint) IN ({}, {})\n"
          "   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())\n"
          " ORDER BY 1",
          kPrismaLockKey, kBallastLockKey)));
  std::vector<std::string> waiters;
  for (const auto& row : results.back().rows) waiters.push_back(row[0].value_or(""));
  return waiters;
}

Status WaitForLockWaiters(Session& session, std::chrono::milliseconds timeout, Progress& progress) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  for (bool told = false;; told = true) {
    TRY_ASSIGN(const std::vector<std::string> waiters, LockWaiters(session));
    if (waiters.empty()) return {};
    if (!told) {
      progress.Notice(
          "before a concurrent index build, waiting until no session waits for the "
          "deployment lock: " +
          Join(waiters, ", "));
    }
    if (std::chrono::steady_clock::now() >= end) return StillWaiting(waiters);
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace ballast::postgres
