// SPDX-License-Identifier: Apache-2.0
// The step of an upgrade that restores the data which a rollback has kept (kept_data.h).
#pragma once

#include <string>

#include "plan/plan.h"

namespace ballast::plan {

// Adds the restoring of kept data to the last transaction of an upgrade, after its scripts and
// before the comparison that follows them. If that transaction adds values to an enum, which it
// cannot use (SQLSTATE 55P04), or runs outside a transaction, the plan gets another one. If all
// scripts are in the same transaction, it begins with finding out what the older release has
// written (kept_row_digests.h); otherwise others can write between the scripts and the restoring.
void AddKeptData(Plan& plan, const std::string& schema);

}  // namespace ballast::plan
