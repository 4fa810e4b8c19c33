// SPDX-License-Identifier: Apache-2.0
// The rows that a constraint of a script refused.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "postgres/session.h"

namespace ballast::apply {

// A query of the rows on which a statement of the script fails: NULL in a column that becomes NOT
// NULL, duplicates before a unique index or key, rows without the row that a foreign key
// references, rows that break a check. Empty: the error names no such constraint. `error`: of a
// script, with the server's details.
std::string QueryOfViolatingRows(const Error& error, std::string_view script);

// Adds the query to the hint if it lists rows now, after the script was rolled back. The session
// must be outside a transaction.
void AddViolatingRowsHint(postgres::Session& session, std::string_view script, Error& error);

}  // namespace ballast::apply
