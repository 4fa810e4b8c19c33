// SPDX-License-Identifier: Apache-2.0
// The step of an upgrade that restores the data which a rollback has kept (kept_data.h).
#pragma once

#include <string>

#include "plan/plan.h"

namespace ballast::plan {

// Adds the restoring of kept data to the last transaction of an upgrade, after its scripts and
// before the comparison that follows them. If that transaction adds values to an enum, which it
// cannot use (SQLSTATE 55P04), or runs outside a transaction, the plan gets another one.
void AddKeptData(Plan& plan, const std::string& schema);

}  // namespace ballast::plan
