// SPDX-License-Identifier: Apache-2.0
// Detects a server that is too old for a plan before anything is changed.
#pragma once

#include <optional>

#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// B605, with each missing feature, the object that uses it and the first version that has it. It
// considers the proven states that the plan's scripts lead to (FingerprintRecord::needs), and the
// text of scripts that were not proven on a server as old as this one. Also for a plan that
// compares the catalog of a server older than kOldestServerMajor. Empty for a plan that does
// neither.
std::optional<Refusal> TooOldFor(const Plan& plan, const ServerState& server);

}  // namespace ballast::plan
