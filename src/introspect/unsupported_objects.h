// SPDX-License-Identifier: Apache-2.0
// The net below the facts: what a user made in the database that no fact speaks of.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::introspect {

// Objects, by type and name as pg_identify_object() says them ("function pg_catalog.f()"), sorted:
// every row of every catalog that has OIDs, from the first OID that users get (16384) on, but for
// what the facts list, what belongs to a listed object, what extensions brought, and the migrations
// table and the journal; also comments on what the facts do not list. A catalog that is not in
// CatalogClasses() counts with all of its rows. Empty: the facts say everything. A baseline is
// refused while there is something here.
//
// search_path must be the target schema, as for ReadSnapshot.
Result<std::vector<std::string>> FindUnsupportedObjects(postgres::Session& session);

}  // namespace ballast::introspect
