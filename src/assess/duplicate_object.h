// SPDX-License-Identifier: Apache-2.0
// A script that creates what another migration has created.
#pragma once

#include "base/error.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::assess {

// For the error of a script of the plan that the server refused because an object of its name
// exists: if an applied migration, or an earlier script of the plan, has made that object, the hint
// names this migration. `observation`: before the plan ran. Other errors are unchanged.
void NameCreatorOfDuplicate(const plan::Intent& intent, const plan::Observation& observation,
                            const plan::Plan& plan, Error& error);

}  // namespace ballast::assess
