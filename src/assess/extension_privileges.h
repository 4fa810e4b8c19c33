// SPDX-License-Identifier: Apache-2.0
// Foresees that a role may not create or change an extension that a plan's scripts need.
#pragma once

#include <optional>

#include "base/result.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "postgres/session.h"

namespace ballast::assess {

// B602 with each extension and the statement for an admin, or nothing. Asks nothing for a superuser
// or where no script of the plan is about extensions. What the catalog says that the role may not
// run is tried in a transaction that is rolled back: a platform may allow its roles more. The
// errors of Session::Query.
Result<std::optional<plan::Refusal>> CheckExtensionPrivileges(const plan::Plan& plan,
                                                              const plan::Observation& observation,
                                                              postgres::Session& session);

}  // namespace ballast::assess
