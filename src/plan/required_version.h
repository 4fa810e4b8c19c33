// SPDX-License-Identifier: Apache-2.0
// A server that lacks what a plan needs is foreseen, before anything is changed.
#pragma once

#include <optional>

#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// B605, with each feature, what uses it and since when it is there. Asked are the proven states
// that the plan's scripts lead to (FingerprintRecord::needs) and the words of those scripts that
// were not proven on a server as old as this one. Nothing for a plan that runs no script: what it
// compares with is there already.
std::optional<Refusal> TooOldFor(const Plan& plan, const ServerState& server);

}  // namespace ballast::plan
