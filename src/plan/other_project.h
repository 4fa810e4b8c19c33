// SPDX-License-Identifier: Apache-2.0
// Recognizes the database of another project whose migrations have the same names.
#pragma once

#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The applied migrations of the project if none of them was applied with the project's script;
// else none. prisma migrate deploy does not compare scripts either, so only the objects decide
// whether they were edited or are those of another project.
std::vector<release::Migration> AppliedWithOtherScripts(const FollowHistory& intent,
                                                        const Observation& observation);

// B501 if the database lacks most of the tables, views, types and functions that these scripts
// create (`observation.script_objects`, which must be set). Empty if they create none.
std::optional<Refusal> RefuseOtherProject(const std::vector<release::Migration>& applied,
                                          const Observation& observation);

}  // namespace ballast::plan
