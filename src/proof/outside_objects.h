// SPDX-License-Identifier: Apache-2.0
// Objects that the migrations look for and never make. What the migrations do in a database that
// has them is not in the package.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"
#include "release/migration.h"

namespace ballast::proof {

// A sentence about each migration that does; `session`: the replayed database. Errors as
// Session::Query.
Result<std::vector<std::string>> NoticesOfOutsideObjects(
    const std::vector<release::Migration>& migrations, postgres::Session& session);

}  // namespace ballast::proof
