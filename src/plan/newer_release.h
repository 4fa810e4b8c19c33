// SPDX-License-Identifier: Apache-2.0
// A database of a newer release than the project has, as its journal or the note on its migrations
// table says.
#pragma once

#include <optional>
#include <string>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The answer if the release with this baseline upgrades databases of `release`; else empty.
std::optional<Decision> AtNewerRelease(const ApplyRelease& release, const Observation& observation,
                                       const std::string& baseline_checksum);

}  // namespace ballast::plan
