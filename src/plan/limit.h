// SPDX-License-Identifier: Apache-2.0
// `deploy --to`: how far a deploy goes.
#pragma once

#include <string>

#include "base/result.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// Of a history: no migration after `name` is requested. A development baseline that covers one of
// them is left out, so that a fresh database gets the scripts themselves. Of a release: `name` is
// its version. P3017 where the project has no such migration, B404 where the package has another
// version.
Status LimitTo(const std::string& name, Intent* intent);

// The migrations after the last requested one that the database has, in order; empty where all are
// requested.
std::vector<std::string> AppliedBeyond(const FollowHistory& history,
                                       const Observation& observation);

// The answer for a database that has all of the requested migrations, and these after them: nothing
// is done, or B502 where the policy is strict.
Decision RefuseBeyondLimit(const FollowHistory& history, const std::vector<std::string>& beyond,
                           const Policy& policy);

}  // namespace ballast::plan
