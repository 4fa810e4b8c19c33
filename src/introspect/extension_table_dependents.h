// SPDX-License-Identifier: Apache-2.0
// User objects on tables of extensions. An extension's own indexes, triggers and rows are not
// marked as its members; they are recognized by comparison with a database in which the extension
// was only created.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::introspect {

// Descriptions of indexes, constraints, triggers, rules and policies on tables of extensions, and a
// digest of the rows of each configuration table (pg_extension.extconfig); sorted. The search_path
// must be the target schema. Usually empty.
Result<std::vector<std::string>> ReadExtensionTableDependents(postgres::Session& session);

}  // namespace ballast::introspect
