// SPDX-License-Identifier: Apache-2.0
// Reads a database in use: objects of a release, and additions.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/moved_objects.h"
#include "catalog/snapshot.h"
#include "postgres/session.h"

namespace ballast::introspect {

// A scope with all objects of the given proven states and all additions (Scope::others).
catalog::Scope LivingScope(const std::vector<const catalog::Snapshot*>& proven);

// Extensions that the proven state has in the target schema without naming it. In a live database
// they can be in another schema.
std::vector<std::string> MovableExtensions(const catalog::Snapshot& proven);

// SQL that sets the search_path until the transaction ends: the target schema, followed by the
// schemas of `extensions`, so that names of their types and functions are as unqualified as in the
// proven state. Returns one row.
std::string SetSearchPathSql(const std::string& target_schema,
                             const std::vector<std::string>& extensions);

// One message, in its own transaction or in the caller's, whose search_path it changes. Errors as
// ReadSnapshot.
Result<catalog::Snapshot> ReadLiveSnapshot(postgres::Session& session,
                                           const std::string& target_schema,
                                           const catalog::Scope& scope,
                                           const std::vector<std::string>& extensions);

// Which object has which name, for MovedObjects. The arguments as ReadLiveSnapshot; as costly as a
// fifth of it, so only for a database that has more than the proven state. One message.
Result<catalog::ObjectIdentities> ReadIdentities(postgres::Session& session,
                                                 const std::string& target_schema,
                                                 const catalog::Scope& scope,
                                                 const std::vector<std::string>& extensions);

// Removes the migrations table of that schema, with everything that belongs to it. The snapshot
// query omits the migrations table of the target schema only. A deploy with ?schema=app, where the
// migrations create the schema "app", has another target schema than the proof.
void LeaveOutMigrationsTable(const std::string& schema, catalog::Snapshot& snapshot);

}  // namespace ballast::introspect
