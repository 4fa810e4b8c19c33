// SPDX-License-Identifier: Apache-2.0
// Which sessions probably hold the lock that a statement was not granted in time.
#pragma once

#include <string>
#include <string_view>

#include "postgres/session.h"

namespace ballast::postgres {

// "t is locked by pid 12 (psql, role app, idle in transaction)", of the relations that `script`
// names; of all relations if none of those is locked; at most three, joined by "; ". Empty if no
// other session holds a lock any more, or it cannot be read. The session must be outside a failed
// transaction.
std::string LockHolders(Session& session, std::string_view script);

// The same for a statement that only read: holders of exclusive locks. Rolls the failed transaction
// back, if there is one.
std::string HoldersBlockingReads(Session& session);

}  // namespace ballast::postgres
