// SPDX-License-Identifier: Apache-2.0
// The remedy of commands that were not granted a table lock in time.
#pragma once

#include <string>

namespace ballast::commands {

// `holders`: of postgres::LockHolders, or empty. `otherwise`: what else helps.
inline std::string WaitForLock(const std::string& holders, const std::string& otherwise) {
  if (holders.empty()) {
    return "find who holds the lock (pg_stat_activity, pg_locks), or " + otherwise;
  }
  return holders + ": wait for it or end that session (pg_terminate_backend), or " + otherwise;
}

}  // namespace ballast::commands
