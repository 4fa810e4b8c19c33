// SPDX-License-Identifier: Apache-2.0
// Which properties belong to the release, and which to operators, platforms and the application
// (docs/decisions/0014-managed-objects-and-additions.md).
#pragma once

#include <string_view>

#include "catalog/snapshot.h"

namespace ballast::catalog {

// Whether others may set this property on a managed object for which the proven state does not list
// it: storage parameters, statistics targets, replica identity, row security, owner, grants,
// comments … Properties that the proven state lists always belong to the release. `property` is one
// of SeparateItems.
bool IsOpenProperty(std::string_view kind, std::string_view property);

// The same for a property with different values in the two states: the schema of an extension that
// the migrations do not name.
bool IsOpenChange(std::string_view kind, const PropertyChange& change);

// Whether a new object gets the property from the role that creates it: its owner, and what
// ALTER DEFAULT PRIVILEGES grants.
bool FollowsRole(std::string_view property);

// Replaces each property that is a list (storage parameters, grants, schemas of a publication) by
// one property per item, so that added items can be distinguished from existing ones: "options
// fillfactor" 70, "grant to app: SELECT" yes. Storage parameters in the definition of an index
// count as such a list. Leaves out whether a materialized view has rows, which the application
// decides with REFRESH. Other properties are unchanged.
Snapshot SeparateItems(const Snapshot& snapshot);

}  // namespace ballast::catalog
