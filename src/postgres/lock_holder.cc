// SPDX-License-Identifier: Apache-2.0
#include "postgres/lock_holder.h"

namespace ballast::postgres {

std::string DescribeTableLock(Session& session) {
  if (session.transaction_state() != TransactionState::kIdle) session.Run("ROLLBACK");
  const Result<Value> holder = session.QueryValue(
      "SELECT pg_catalog.format('on %s, held by pid %s (%s, role %s)',\n"
      "    c.oid::pg_catalog.regclass, a.pid, coalesce(nullif(a.application_name, ''),\n"
      "    'no application name'), a.usename)\n"
      "  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)\n"
      "  JOIN pg_catalog.pg_class c ON c.oid = l.relation\n"
      " WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'AccessExclusiveLock'\n"
      "   AND l.database = (SELECT oid FROM pg_catalog.pg_database\n"
      "                      WHERE datname = pg_catalog.current_database())\n"
      "   AND a.pid <> pg_catalog.pg_backend_pid() AND c.oid >= 16384\n"
      " ORDER BY c.relkind IN ('r', 'p') DESC, c.oid LIMIT 1");
  return holder && *holder ? **holder : "that another session holds";
}

}  // namespace ballast::postgres
