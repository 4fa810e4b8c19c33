// Adoption: a database with objects and no rows is recorded as what it proves to be; nothing runs.
#pragma once

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The plan compares the live catalog with the proven one before it records anything. Refused with
// B506 where the project knows no proven state to compare with.
Decision Adopt(const Intent& intent, const Observation& observation);

}  // namespace ballast::plan
