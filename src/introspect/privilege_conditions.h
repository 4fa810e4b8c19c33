// SPDX-License-Identifier: Apache-2.0
// Privileges that a history revokes without effect, or grants only where a role exists, as
// properties of a snapshot: finds their objects in a database.
#pragma once

#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "catalog/snapshot.h"
#include "postgres/session.h"

namespace ballast::introspect {

// Those that catalog::IsConditionOn accepts, whose objects exist. A role that does not exist in the
// server is `optional`. Within a transaction, whose search_path must be exactly the target schema;
// changes settings of the transaction as introspect/snapshot_query.h says.
Result<std::vector<catalog::PrivilegeCondition>> FindConditions(
    postgres::Session& session, const catalog::Snapshot& properties);

}  // namespace ballast::introspect
