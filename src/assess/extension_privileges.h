// SPDX-License-Identifier: Apache-2.0
// Checks before a deploy whether the role may create or change the extensions of a plan's scripts.
#pragma once

#include <vector>

#include "base/result.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "plan/required_extension_privileges.h"
#include "postgres/session.h"

namespace ballast::assess {

// The statements of the plan that the server does not allow the role. Sends no query for a
// superuser, or if no script of the plan concerns extensions. A statement that the catalog forbids
// is tried in a transaction that is rolled back, because platforms can allow their roles more.
// Errors as Session::Query.
Result<std::vector<plan::ForbiddenUse>> FindForbiddenExtensions(
    const plan::Plan& plan, const plan::Observation& observation, postgres::Session& session);

}  // namespace ballast::assess
