// SPDX-License-Identifier: Apache-2.0
// Statements whose effect the catalog of a database does not show.
#pragma once

#include <string_view>

namespace ballast::sql {

// Whether the script has a statement that changes what belongs to the whole server (roles,
// memberships and settings of roles, what roles own in it, ALTER SYSTEM, tablespaces, other
// databases) or properties of large objects: snapshots have none of it
// (docs/what-the-proof-covers.md). By the grammar; what code does (DO, functions) is not among
// them.
bool ChangesCluster(std::string_view script);

}  // namespace ballast::sql
