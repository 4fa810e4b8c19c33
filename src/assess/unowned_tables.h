// SPDX-License-Identifier: Apache-2.0
// Checks before a deploy whether the role owns the tables that a plan's scripts change.
#pragma once

#include <vector>

#include "base/result.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "plan/review.h"
#include "postgres/session.h"

namespace ballast::assess {

// The existing tables that ALTER TABLE and CREATE INDEX of the plan need and that belong to roles
// whose privileges the role does not have. Reads up to the first statement that can change the role
// or its privileges. Sends no query for a superuser, or if no script needs an existing table.
// Errors as Session::Query.
Result<std::vector<plan::UnownedTable>> FindUnownedTables(const plan::Plan& plan,
                                                          const plan::Observation& observation,
                                                          postgres::Session& session);

}  // namespace ballast::assess
