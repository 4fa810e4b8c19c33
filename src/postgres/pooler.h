// SPDX-License-Identifier: Apache-2.0
// Detects connection poolers that use a different server session for each transaction. Locks and
// settings would remain in sessions of others.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::postgres {

// SQL: whether the server process is the one that was reported when connecting. A pooler reports an
// id of its own (manual, BackendKeyData), so a direct connection needs no further message.
std::string IsDirectSql(const Session& session);

// For a session that is not direct. B603 if the URL has pgbouncer=true, or if a second connection
// gets the same server process while the first is open. Poolers in session mode and plain proxies
// are accepted. Leaves nothing behind.
Status RefuseTransactionPooler(Session& session);

}  // namespace ballast::postgres
