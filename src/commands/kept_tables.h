// SPDX-License-Identifier: Apache-2.0
// Reads which data rollbacks have kept in a database (plan/kept_data.h).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::commands {

// The tables of kept data: "Note", "User.mood". Sorted. Errors as Session::Query.
Result<std::vector<std::string>> KeptTables(postgres::Session& session);

}  // namespace ballast::commands
