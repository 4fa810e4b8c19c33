// SPDX-License-Identifier: Apache-2.0
// The tables whose rows a statement without WHERE changes.
#pragma once

#include <vector>

#include "lint/measurement.h"

namespace ballast::lint {

// Of an UPDATE or DELETE: the table that it names, then those that inherit from it. The rows of
// partitions count as those of the partitioned table. What its triggers write is not among them.
std::vector<Oid> WrittenTables(const StatementTrace& trace);

// Whether tables inherit from it, which are not its partitions, before the statement.
bool HasChildren(const StatementTrace& trace, Oid table);

}  // namespace ballast::lint
