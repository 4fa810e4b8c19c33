// SPDX-License-Identifier: Apache-2.0
// Recognising a connection pooler that hands out another server session for each transaction: locks
// and settings would be left behind in sessions of others.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::postgres {

// SQL: whether the server's process is the one that was named at connecting. A pooler names one of
// its own making (manual 55.2.1, BackendKeyData), so a direct connection costs no further message.
std::string IsDirectSql(const Session& session);

// For a session that is not direct. B603 when the URL says pgbouncer=true, or when a second
// connection is served by the very process that the first, still open, was; a pooler in session
// mode, and a proxy that only passes on, are let through. Leaves nothing behind.
Status RefuseTransactionPooler(Session& session);

}  // namespace ballast::postgres
