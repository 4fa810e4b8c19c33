// SPDX-License-Identifier: Apache-2.0
// The state with which a conversion of a release's rows compares the database. The database can
// have migrations of the project that the release does not cover, such as a hotfix that was merged
// into the project; then its state is that of all its rows, not that of the release.
#pragma once

#include <optional>
#include <set>
#include <string_view>

#include "plan/intent.h"
#include "plan/need.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// If the decision converts such rows: lets its plan compare with the state of all rows. Returns
// what to read first if that state is not known yet; a state that stays unknown leaves the plan as
// it is.
std::optional<Need> CompareWithAllRows(const FollowHistory& intent, const Observation& observation,
                                       Decision& decision);

// The names that the database has recorded after the rows of the plan, without those of scripts.
// They are views into the plan and the observation.
std::set<std::string_view> NamesAfterConversion(const Plan& plan, const Observation& observation);

}  // namespace ballast::plan
