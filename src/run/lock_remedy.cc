// SPDX-License-Identifier: Apache-2.0
#include "run/lock_remedy.h"

#include "postgres/lock_holders.h"

namespace ballast::run {

std::string LockHolders(postgres::Session& session, const plan::Plan& plan, const Error& error) {
  return postgres::LockHolders(session, plan::ScriptNamed(plan, error.Detail("migration")));
}

std::string LockRemedy(postgres::Session& session, const plan::Plan& plan, const Error& error,
                       const std::string& otherwise) {
  const std::string holders = LockHolders(session, plan, error);
  if (holders.empty()) {
    return "find who holds the lock (pg_stat_activity, pg_locks), or " + otherwise;
  }
  return holders + ": wait for it or end that session (pg_terminate_backend), or " + otherwise;
}

}  // namespace ballast::run
