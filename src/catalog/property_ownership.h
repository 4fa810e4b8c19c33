// SPDX-License-Identifier: Apache-2.0
// Which property of which object belongs to the release, and which to operators, platforms and the
// application (docs/decisions/0014-managed-objects-and-additions.md).
#pragma once

#include <string_view>

#include "catalog/snapshot.h"

namespace ballast::catalog {

// Whether others may set this property on a managed object where the proven state says nothing of
// it: storage parameters, statistics targets, replica identity, row security, owner, grants,
// comments … What the proven state does say is always the release's. `property` is one of
// SeparateItems.
bool IsOpenProperty(std::string_view kind, std::string_view property);

// The same for a property that both states have with different values: the schema that an extension
// was installed in without being named by the history.
bool IsOpenChange(std::string_view kind, const PropertyChange& change);

// Properties that are lists (storage parameters, grants, schemas of a publication) as one property
// for each item, so that what was added to a list is told apart from what was in it: "options
// fillfactor" 70, "grant to app: SELECT" yes. Other properties stay as they are.
Snapshot SeparateItems(const Snapshot& snapshot);

}  // namespace ballast::catalog
