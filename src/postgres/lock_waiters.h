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

// "pid 12 (prisma, role app)".
Result<std::vector<std::string>> LockWaiters(Session& session);

// Returns when no session waits, and reports the ones it waits for. P1002 after `timeout`. Prisma
// gives up after 10 seconds.
Status WaitForLockWaiters(Session& session, std::chrono::milliseconds timeout, Progress& progress);

}  // namespace ballast::postgres
