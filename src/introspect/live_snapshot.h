// SPDX-License-Identifier: Apache-2.0
// Reads a database in use: what a release owns of it, and what others have made.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/snapshot.h"
#include "postgres/session.h"

namespace ballast::introspect {

// The scope that covers all of the given proven states and, beyond them, what others have made in
// the database (Scope::others).
catalog::Scope LivingScope(const std::vector<const catalog::Snapshot*>& proven);

// Extensions whose schema the proven state does not name: theirs is the target schema there. In a
// living database they may be elsewhere.
std::vector<std::string> MovableExtensions(const catalog::Snapshot& proven);

// SQL: the target schema becomes the session's path until the transaction ends, followed by the
// schemas that `extensions` are in, so that names of their types and functions are as bare as in
// the proven state. Gives one row.
std::string LookFromSql(const std::string& target_schema,
                        const std::vector<std::string>& extensions);

// One message, in a transaction of its own or in the caller's, whose search_path this sets then.
// Errors: those of ReadSnapshot.
Result<catalog::Snapshot> ReadLiveSnapshot(postgres::Session& session,
                                           const std::string& target_schema,
                                           const catalog::Scope& scope,
                                           const std::vector<std::string>& extensions);

// Removes the migrations table of that schema, with all that belongs to it. The snapshot query
// leaves out the one of the schema that it looks from; a deploy to a further schema of the proven
// state
// (?schema=app, and the history makes "app") looks from another one.
void LeaveOutMigrationsTable(const std::string& schema, catalog::Snapshot& snapshot);

}  // namespace ballast::introspect
