// SPDX-License-Identifier: Apache-2.0
// What a deploy has left that was stopped outside a transaction, or failed in a script that runs
// statement by statement: its journal says which step was under way, the row says how many
// statements are applied, the catalog says how far an index came.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "sql/concurrent_index.h"

namespace ballast::plan {

// The index that the step under way builds or drops; nothing when no step is, or when it is another
// kind of script. The catalog has to be asked for it before Decide (Observation::step_index).
std::optional<sql::ConcurrentIndex> IndexUnderWay(const Intent& intent,
                                                  const Observation& observation);

// The observation as it is once the step is closed, and what closes it. Nothing when there is no
// such step, or when it cannot be told how far it came: then it stays a failed migration.
struct Resumption {
  Observation observation;
  std::optional<Step> step;  // closes the row
  std::string notice;
  // The script that goes on behind its first `applied` statements; empty: none does.
  std::string script = {};
  size_t applied = 0;
};
std::optional<Resumption> Resume(const Intent& intent, const Observation& observation);

// Lets the script of the resumption go on where it was stopped; false where the plan does not run
// it.
bool GoOn(Plan& plan, const Resumption& resumption);

// Before each script that builds an index concurrently, the invalid one of that name is dropped.
void AddIndexDrops(Plan& plan, const Observation& observation);

}  // namespace ballast::plan
