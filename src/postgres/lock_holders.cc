// SPDX-License-Identifier: Apache-2.0
#include "postgres/lock_holders.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "sql/quote.h"

namespace ballast::postgres {
namespace {

constexpr char kHolders[] = R"(
WITH held AS (
  SELECT c.oid::pg_catalog.regclass::text AS relation, a.pid, position(c.relname::text IN {}) > 0 AS named,
         pg_catalog.concat_ws(', ', coalesce(nullif(a.application_name, ''), 'no application name'),
           'role ' || a.usename, CASE WHEN a.state LIKE 'idle in transaction%' THEN a.state END) AS who,
         pg_catalog.min(a.xact_start) AS since
    FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
    JOIN pg_catalog.pg_class c ON c.oid = l.relation
   WHERE l.locktype = 'relation' AND l.granted AND a.pid <> pg_catalog.pg_backend_pid()
     AND l.database = (SELECT oid FROM pg_catalog.pg_database
                        WHERE datname = pg_catalog.current_database())
     AND c.relkind IN ('r', 'p', 'f', 'm', 'v', 'S') AND c.oid >= 16384 {}
   GROUP BY 1, 2, 3, 4)
SELECT pg_catalog.format('%s is locked by pid %s (%s)', relation, pid, who) FROM held
 WHERE named OR NOT EXISTS (SELECT FROM held WHERE named)
 ORDER BY since, 1 LIMIT 3)";

// `condition`: SQL that limits the locks, beginning with AND; or empty.
std::string Holders(Session& session, std::string_view script, std::string_view condition) {
  const auto found =
      session.Query(fmt::format(kHolders, sql::QuoteLiteral(std::string(script)), condition));
  if (!found) return {};
  std::vector<std::string> holders;
  for (const auto& row : found->back().rows) holders.push_back(row[0].value_or(""));
  return Join(holders, "; ");
}

}  // namespace

std::string LockHolders(Session& session, std::string_view script) {
  return Holders(session, script, "");
}

std::string HoldersBlockingReads(Session& session) {
  if (session.transaction_state() != TransactionState::kIdle) session.Run("ROLLBACK");
  return Holders(session, "", "AND l.mode = 'AccessExclusiveLock'");
}

}  // namespace ballast::postgres
