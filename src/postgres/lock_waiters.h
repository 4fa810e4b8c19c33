// SPDX-License-Identifier: Apache-2.0
// Who waits for the deployment lock inside the server, as Prisma Migrate does. A concurrent index
// build waits for every such session's snapshot, and that session waits for the lock: a circle.
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

// Returns once nobody waits; says whom it waits for. P1002 when `patience` is over. Prisma gives up
// after 10 seconds.
Status WaitForLockWaiters(Session& session, std::chrono::milliseconds timeout, Progress& progress);

}  // namespace ballast::postgres
