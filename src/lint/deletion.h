// SPDX-License-Identifier: Apache-2.0
// Which rows a statement deletes, also by a query or a DO block.
#pragma once

#include "sql/statement.h"

namespace ballast::lint {

enum class Deletion { kNone, kSome, kAll, kTruncate };

// Of the tables that the statement locks for changes. Unknown, and so kNone, if a query or a block
// also changes rows in other ways.
Deletion DeletionIn(const sql::Statement& statement);

// Whether a query or a block deletes rows and updates none.
bool DeletesWithoutUpdates(const sql::Statement& statement);

}  // namespace ballast::lint
