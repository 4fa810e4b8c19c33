// SPDX-License-Identifier: Apache-2.0
#include "postgres/deployment_lock.h"

#include <fmt/format.h>

namespace ballast::postgres {
namespace {

constexpr std::string_view kLost = "ballast: the session has lost the deployment lock";

// The text depends on the session, so that the server does not cast it before the statement runs.
std::string FailUnless(const std::string& condition) {
  return fmt::format(
      "SELECT CASE WHEN {} THEN 0 ELSE\n"
      "  ('{} ' || pg_catalog.pg_backend_pid())::pg_catalog.int4 END;\n",
      condition, kLost);
}

std::string TryBoth(std::string_view function) {
  return fmt::format("pg_catalog.{0}({1}) AND pg_catalog.{0}({2})", function, kPrismaLockKey,
                     kBallastLockKey);
}

}  // namespace

std::string HoldLockSql() {
  return FailUnless(TryBoth("pg_try_advisory_xact_lock"));
}

std::string RetakeLockSql() {
  return FailUnless(TryBoth("pg_try_advisory_lock"));
}

std::string CheckLockSql() {
  return FailUnless(
      fmt::format("(SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks\n"
                  "  WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid()\n"
                  "    AND granted AND mode = 'ExclusiveLock' AND objsubid = 1\n"
                  "    AND database = (SELECT oid FROM pg_catalog.pg_database\n"
                  "                     WHERE datname = pg_catalog.current_database())\n"
                  "    AND ((classid::int8 << 32) | objid::int8) IN ({}, {})) = 2",
                  kPrismaLockKey, kBallastLockKey));
}

bool IsLockLost(std::string_view server_message) {
  return server_message.find(kLost) != std::string_view::npos;
}

}  // namespace ballast::postgres
