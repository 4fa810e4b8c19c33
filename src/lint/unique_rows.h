// SPDX-License-Identifier: Apache-2.0
// Whether the rows that a new unique index reads are known to have no equal values.
#pragma once

#include <cstddef>

#include "lint/measurement.h"

namespace ballast::lint {

// The index of the same name and table that existed before the statement, which has then made it
// again; or null. `made`: the index afterwards.
const Relation* IndexBefore(const StatementTrace& at, const Relation& made);

// Whether a unique index proves it that the transaction of the statement found, or that the
// statement makes again with types that keep its values distinct. `made`: `index` afterwards.
bool HasUniqueRows(const MigrationTrace& migration, size_t statement, const BuiltIndex& index,
                   const Relation& made);

// An index with the same keys that a constraint can take over in place of `made`; or null.
const Relation* IndexForConstraint(const CatalogState& before, const Relation& made);

}  // namespace ballast::lint
