// SPDX-License-Identifier: Apache-2.0
// Targets that a control database lists.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "fleet/member.h"
#include "postgres/session.h"

namespace ballast::fleet {

// Runs the query in a read-only transaction and makes a member of each row. The errors of
// ConnectWithRetry and Session::Query; those of MembersOf.
Result<std::vector<Member>> QueryMembers(const std::string& query, const postgres::Target& control,
                                         Progress& progress);

// A row gives the member by the names of the columns: name, url, database, schema, groups (an array
// of PostgreSQL, or words with commas); every other column is a label, if it is not NULL. Without a
// name it is the schema's or the database's, or both with a dot between. B101 for a row that gives
// no name.
Result<std::vector<Member>> MembersOf(const postgres::Rows& rows);

}  // namespace ballast::fleet
