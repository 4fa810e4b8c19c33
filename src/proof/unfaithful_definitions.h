// SPDX-License-Identifier: Apache-2.0
// Finds views and functions of which PostgreSQL prints a definition that makes another object, or
// none. pg_dump does not reproduce them either.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

// A description of each such view, materialized view, and function with a body in SQL. For example,
// a view over a function that returns rows of a table is printed with the names of the columns that
// the table had when the view was created; and in a body in SQL, a parameter without a name is
// printed as "". Makes each object again, in a transaction that is rolled back.
Result<std::vector<std::string>> UnfaithfulDefinitions(const scratch::ScratchDatabase& database);

}  // namespace ballast::proof
