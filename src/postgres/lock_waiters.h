// SPDX-License-Identifier: Apache-2.0
// Sessions that wait for the deployment lock inside the server, as Prisma Migrate does. A
// concurrent index build waits for their snapshots while they wait for the lock: a deadlock.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "postgres/session.h"

namespace ballast::postgres {

struct LockWaiter {
  std::string pid;
  std::string description;  // "pid 12 (prisma, role app)"
  // Waits in Prisma's statement for longer than Prisma itself does. Prisma gives up after 10
  // seconds, but the server only notices that when it grants the lock.
  bool abandoned = false;
};

// Errors: those of the server.
Result<std::vector<LockWaiter>> LockWaiters(Session& session);

// Returns when no session waits. Reports the ones it waits for, and cancels the statements of
// abandoned ones if the role may. P1002 after `timeout`, which must be longer than 11 seconds for
// abandoned ones to be found. Not in a transaction.
Status WaitForLockWaiters(Session& session, std::chrono::milliseconds timeout, Progress& progress);

}  // namespace ballast::postgres
