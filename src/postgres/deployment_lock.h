// SPDX-License-Identifier: Apache-2.0
// The deployment lock while scripts run: they can release what a session holds (DISCARD ALL,
// pg_advisory_unlock_all).
#pragma once

#include <string>
#include <string_view>

namespace ballast::postgres {

// Prisma Migrate's advisory lock (prisma-engines
// schema-engine/connectors/sql-schema-connector/src/flavour/postgres.rs). It is taken together with
// ballast's lock, always in this order.
inline constexpr long kPrismaLockKey = 72707369;
inline constexpr long kBallastLockKey = 7227085119;

// SQL of a transaction that runs scripts, before and after them. It holds the lock, too, because a
// script cannot release what belongs to the transaction; the session takes it again before the
// transaction ends.
std::string HoldLockSql();
std::string RetakeLockSql();

// SQL that fails (IsLockLost) if the session no longer holds the lock: after a script outside
// ballast's transactions.
std::string CheckLockSql();
bool IsLockLost(std::string_view server_message);

}  // namespace ballast::postgres
