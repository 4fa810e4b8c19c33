// SPDX-License-Identifier: Apache-2.0
// Finds user objects that no property of the snapshot describes.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::introspect {

// Objects by type and name as in pg_identify_object() ("function pg_catalog.f()"), sorted: every
// row of every catalog with OIDs, starting with the first user OID (16384), except objects in the
// snapshot and their parts, members of extensions, the migrations table and the journal; also
// comments on objects that are not in the snapshot. A catalog that is not in CatalogClasses()
// counts with all of its rows. Empty: the snapshot is complete. Otherwise no baseline is made.
//
// search_path must be the target schema, as for ReadSnapshot.
Result<std::vector<std::string>> FindUnsupportedObjects(postgres::Session& session);

}  // namespace ballast::introspect
