// SPDX-License-Identifier: Apache-2.0
// Creates a database that does not exist, as `prisma migrate deploy` does (prisma-engines
// schema-engine/connectors/sql-schema-connector/src/flavour/postgres/connector/native/mod.rs).
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "plan/observation.h"
#include "postgres/connect_with_retry.h"
#include "postgres/observe.h"
#include "postgres/session.h"

namespace ballast::postgres {

// Connects through the database `postgres`, else `template1`; `connect.until_created` is of no
// consequence for these. False if another process has created the database in the meantime. P1010
// if the role may not create databases; otherwise errors as ConnectWithRetry.
Result<bool> CreateDatabase(const Target& target, const ConnectOptions& connect,
                            Progress& progress);

// Returns `connected` unless the database does not exist (P1003): then creates it, adds a sentence
// to `notices`, and returns a session to it.
Result<Session> CreateIfMissing(Result<Session> connected, const Result<Target>& target,
                                const ConnectOptions& connect, Progress& progress,
                                std::vector<std::string>* notices);

// What Observe would return for the database of `target` right after CreateDatabase: the state of
// the server, from its database `postgres` (else `template1`), and no user objects. P1010 if the
// role may not create databases; otherwise errors as ConnectWithRetry and Observe.
Result<plan::Observation> ObserveMissing(const Target& target, const ConnectOptions& connect,
                                         ObserveOptions observe, Progress& progress);

// "database "shop" does not exist at localhost:5432; a deploy creates it"
std::string DescribeMissing(const Target& target);

}  // namespace ballast::postgres
