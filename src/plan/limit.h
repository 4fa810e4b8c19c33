// SPDX-License-Identifier: Apache-2.0
// `deploy --to`: limits a deploy to one migration or version.
#pragma once

#include <string>

#include "base/result.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// For a history, `name` is the last requested migration. A development baseline that covers later
// migrations is removed from the intent, so that a fresh database gets the scripts. For a release,
// `name` must be its version. P3017: the project has no such migration. B404: the package has
// another version.
Status LimitTo(const std::string& name, Intent* intent);

// The applied migrations after the last requested one, in order; empty if all are requested.
std::vector<std::string> AppliedBeyond(const FollowHistory& history,
                                       const Observation& observation);

// The decision for a database that has all requested migrations and the ones in `beyond`: nothing
// to do, or B502 if the policy is strict.
Decision RefuseBeyondLimit(const FollowHistory& history, const std::vector<std::string>& beyond,
                           const Policy& policy);

}  // namespace ballast::plan
