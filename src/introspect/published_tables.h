// SPDX-License-Identifier: Apache-2.0
// Tables that a history has added to publications of the platform.
#pragma once

#include "base/result.h"
#include "catalog/snapshot.h"
#include "postgres/session.h"

namespace ballast::introspect {

// In a scratch database with objects of the platform (platform_objects.h): the properties with
// kPublishedBy (catalog/property_name.h) to ask for, without their values. Within a transaction,
// whose search_path must be exactly the target schema. Errors as Session::Query.
Result<catalog::Snapshot> FindPublishedTables(postgres::Session& session);

}  // namespace ballast::introspect
