// SPDX-License-Identifier: Apache-2.0
// Finds views of which PostgreSQL prints a definition that makes another view, or none. pg_dump
// does not reproduce them either.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

// A description of each such view and materialized view. For example, a view over a function that
// returns rows of a table: it is printed with the names of the columns that the table had when the
// view was created, and names that were added since are missing. Makes each view again as a
// temporary one, in a transaction that is rolled back.
Result<std::vector<std::string>> UnfaithfulViews(const scratch::ScratchDatabase& database);

}  // namespace ballast::proof
