// SPDX-License-Identifier: Apache-2.0
// Reads targets from a control database.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "fleet/member.h"
#include "postgres/connect_with_retry.h"
#include "postgres/session.h"

namespace ballast::fleet {

// Where the query runs.
struct ControlDatabase {
  postgres::Target target;
  std::string name;         // "the project's database app on localhost:5432", for messages
  bool is_default = false;  // --control-url is not given
};

// Runs the query in a read-only transaction; each row becomes a member. B100 if the query is not
// valid or changes something; errors as ConnectWithRetry, Session::Query and MembersOf.
Result<std::vector<Member>> QueryMembers(const std::string& query, const ControlDatabase& control,
                                         const postgres::ConnectOptions& connect,
                                         Progress& progress);

// Converts rows by column name: name, url, database, schema, groups (a PostgreSQL array, or
// comma-separated); every other column is a label unless it is NULL. Without a name, it is that of
// the schema or database, or both joined by a dot. B101 for a row that has none of them, and for
// two columns of one name.
Result<std::vector<Member>> MembersOf(const postgres::Rows& rows);

}  // namespace ballast::fleet
