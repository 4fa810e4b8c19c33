// SPDX-License-Identifier: Apache-2.0
// What a target holds, in one message: settings, the deployment lock, and then, under it, the
// migrations table, the objects in the target schemas, our journal, the server's state.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "plan/observation.h"
#include "postgres/session.h"

namespace ballast::postgres {

// Prisma Migrate's advisory lock (prisma-engines
// schema-engine/connectors/sql-schema-connector/src/flavour/postgres.rs); taken together with ours,
// always in this order.
inline constexpr long kPrismaLockKey = 72707369;
inline constexpr long kBallastLockKey = 7227085119;

struct ObserveOptions {
  bool lock = true;  // status looks without
  std::chrono::milliseconds lock_wait{10000};
  std::chrono::milliseconds lock_timeout{0};       // of the session's statements; 0: none set
  std::chrono::milliseconds statement_timeout{0};  // likewise
  std::vector<std::string> schemas;                // further target schemas, by raw name
  // Of these, the schemas of the datasource: a table in one of them makes a database not fresh.
  std::vector<std::string> datasource_schemas;
  // What the platform provides: "schema auth", "auth.users", bare in the target schema. Tables of
  // these names do not make a database not fresh.
  std::vector<std::string> provided;
};

// B603 when a pooler in transaction mode stands in between: before any lock or setting.
// P1002 when the lock is held by another for longer than lock_wait: says by whom and since when.
// B501 when the migrations table cannot be read or is not Prisma's: never taken for fresh.
Result<plan::Observation> Observe(Session& session, const ObserveOptions& options,
                                  Progress& progress);

// What there is of an index by that name.
Result<plan::IndexState> InspectIndex(Session& session, const plan::IndexName& index);

}  // namespace ballast::postgres
