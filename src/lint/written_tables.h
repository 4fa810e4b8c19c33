// SPDX-License-Identifier: Apache-2.0
// The tables whose rows a statement without WHERE changes.
#pragma once

#include <cstddef>
#include <vector>

#include "lint/linted_migration.h"
#include "lint/measurement.h"

namespace ballast::lint {

// Of an UPDATE or DELETE: the table that it names, then those that inherit from it. The rows of
// partitions count as those of the partitioned table. What its triggers write is not among them.
std::vector<Oid> WrittenTables(const StatementTrace& trace);

// Whether tables inherit from it, which are not its partitions, before the statement.
bool HasChildren(const StatementTrace& trace, Oid table);

// Whether the statement is an UPDATE whose condition is about new columns alone, before another
// UPDATE of the script gives the rows different values in them. An index on them selects nothing.
bool SelectsByNewColumns(const LintedMigration& linted, size_t at);

}  // namespace ballast::lint
