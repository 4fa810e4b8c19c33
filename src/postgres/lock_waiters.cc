// SPDX-License-Identifier: Apache-2.0
#include "postgres/lock_waiters.h"

#include <fmt/format.h>

#include <thread>

#include "base/text.h"
#include "postgres/deployment_lock.h"

namespace ballast::postgres {
namespace {

constexpr auto kPause = std::chrono::milliseconds(100);
// Prisma gives up after 10 seconds (ADVISORY_LOCK_TIMEOUT of its schema engine). Its clock starts
// before the server's.
constexpr std::chrono::seconds kPrismaGivesUpAfter{11};

// The description of each of them.
std::string Listed(const std::vector<LockWaiter>& waiters) {
  std::vector<std::string> descriptions;
  for (const LockWaiter& waiter : waiters) descriptions.push_back(waiter.description);
  return Join(descriptions, ", ");
}

Error StillWaiting(const std::vector<LockWaiter>& waiters) {
  return MakeError(
      ErrorCode::kTimedOut,
      fmt::format("a concurrent index build cannot begin while these sessions wait for "
                  "the deployment lock: {}",
                  Listed(waiters)),
      fmt::format("end the other deployment, or its session: SELECT pg_terminate_backend({}); "
                  "then deploy again: it continues where it stopped",
                  waiters.front().pid));
}

// A refusal is ignored: the session then counts as one that still waits.
void CancelAbandoned(Session& session, const std::vector<LockWaiter>& waiters, Progress& progress) {
  for (const LockWaiter& waiter : waiters) {
    if (!waiter.abandoned) continue;
    const auto canceled =
        session.QueryValue(fmt::format("SELECT pg_cancel_backend({})", waiter.pid));
    if (!canceled || !IsTrue(*canceled)) continue;
    progress.Notice(waiter.description +
                    " has waited longer than Prisma does, so its client has disconnected; its "
                    "statement was canceled");
  }
}

}  // namespace

Result<std::vector<LockWaiter>> LockWaiters(Session& session) {
  TRY_ASSIGN(
      const std::vector<Rows> results,
      session.Query(fmt::format(
          "SELECT a.pid,\n"
          "       format('pid %s (%s, role %s)', a.pid,\n"
          "              coalesce(nullif(a.application_name, ''), 'no application name'), "
          "a.usename),\n"
          "       coalesce(a.query LIKE '%pg_advisory_lock({0})%'\n"
          "                AND a.query_start < clock_timestamp() - interval '{2} seconds', false)\n"
          "  FROM pg_locks l JOIN pg_stat_activity a USING (pid)\n"
          " WHERE l.locktype = 'advisory' AND NOT l.granted AND l.objsubid = 1\n"
          "   AND ((l.classid::bigint << 32) | l.objid::bigint) IN ({0}, {1})\n"
          "   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())\n"
          " ORDER BY 2",
          kPrismaLockKey, kBallastLockKey, kPrismaGivesUpAfter.count())));
  std::vector<LockWaiter> waiters;
  for (const auto& row : results.back().rows) {
    waiters.push_back({row[0].value_or(""), row[1].value_or(""), IsTrue(row[2])});
  }
  return waiters;
}

Status WaitForLockWaiters(Session& session, std::chrono::milliseconds timeout, Progress& progress) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  for (bool told = false;; told = true) {
    TRY_ASSIGN(const std::vector<LockWaiter> waiters, LockWaiters(session));
    if (waiters.empty()) return {};
    if (!told) {
      progress.Notice(
          "before a concurrent index build, waiting until no session waits for the "
          "deployment lock: " +
          Listed(waiters));
    }
    CancelAbandoned(session, waiters, progress);
    if (std::chrono::steady_clock::now() >= end) return StillWaiting(waiters);
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace ballast::postgres
