// SPDX-License-Identifier: Apache-2.0
// What a server or a role cannot do is foreseen, before anything is changed.
#pragma once

#include <optional>

#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// Why this plan cannot be carried out on this server with this role: B604 for a read-only server,
// B602 for a missing privilege, with the GRANT; B605 for a server that is too old. Nothing for an
// empty plan.
std::optional<Refusal> WhyServerCannot(const Plan& plan, const Observation& observation);

}  // namespace ballast::plan
