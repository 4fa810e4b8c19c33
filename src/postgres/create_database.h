// SPDX-License-Identifier: Apache-2.0
// Creates a database that does not exist, as `prisma migrate deploy` does (prisma-engines
// schema-engine/connectors/sql-schema-connector/src/flavour/postgres/connector/native/mod.rs).
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "plan/observation.h"
#include "postgres/observe.h"
#include "postgres/session.h"

namespace ballast::postgres {

// Connected by way of the database `postgres`, else of `template1`. A database that another process
// has created meanwhile is no error. P1010 when the role may not create databases; otherwise what
// Session::Connect says.
Status CreateDatabase(const Target& target, const SessionOptions& options = {});

// `connected` as it is, unless the database does not exist (P1003): then it is created, `notices`
// says so, and the result is a session to it.
Result<Session> CreateIfMissing(Result<Session> connected, const Result<Target>& target,
                                const SessionOptions& options, std::vector<std::string>* notices);

// What Observe would find in the database of `target` just after CreateDatabase: the server as seen
// from its database `postgres` (else `template1`), and nothing of a user's. P1010 when the role may
// not create databases; otherwise what Session::Connect and Observe say.
Result<plan::Observation> ObserveMissing(const Target& target, const SessionOptions& options,
                                         ObserveOptions observe, Progress& progress);

// "database "shop" does not exist at localhost:5432; a deploy creates it"
std::string MissingInWords(const Target& target);

// P1003 as a command that changes nothing reports it: the next deploy creates the database.
Error WouldBeCreated(Error missing);

}  // namespace ballast::postgres
