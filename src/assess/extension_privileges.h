// SPDX-License-Identifier: Apache-2.0
// Checks before a deploy whether the role may create or change the extensions of a plan's scripts.
#pragma once

#include <optional>

#include "base/result.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "postgres/session.h"

namespace ballast::assess {

// Returns B602 with each extension and the statement for an admin, or nothing. Sends no query for a
// superuser, or if no script of the plan concerns extensions. A statement that the catalog forbids
// is tried in a transaction that is rolled back, because platforms can allow their roles more.
// Errors as Session::Query.
Result<std::optional<plan::Refusal>> CheckExtensionPrivileges(const plan::Plan& plan,
                                                              const plan::Observation& observation,
                                                              postgres::Session& session);

}  // namespace ballast::assess
