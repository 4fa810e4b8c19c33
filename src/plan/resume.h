// SPDX-License-Identifier: Apache-2.0
// Resumes a deploy that was stopped outside a transaction or failed in a script that runs statement
// by statement. The journal names the step that was running, its row says how many statements are
// applied, and the catalog shows the state of an index build.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "sql/concurrent_index.h"

namespace ballast::plan {

// The index that the interrupted step builds or drops; empty if there is no such step. The caller
// must read its state (Observation::step_index) before Decide.
std::optional<sql::ConcurrentIndex> IndexInProgress(const Intent& intent,
                                                    const Observation& observation);

// What to look at, for a row whose script was stopped while it built an index without a name: a
// sentence with a query. Empty for all others.
std::string DescribeUnnamedBuild(const Intent& intent, const MigrationRow& row);

// The observation after the interrupted step is closed, and the step that closes it. Empty if there
// is no such step or its progress cannot be determined; then it remains a failed migration. The
// observation has Compared::kAllStates: between two statements of a script there is no known state.
struct Resumption {
  Observation observation;
  std::optional<Step> step;  // closes the row
  std::string notice;
  // The script that continues after its first `applied` statements; or empty.
  std::string script = {};
  size_t applied = 0;
};
std::optional<Resumption> Resume(const Intent& intent, const Observation& observation);

// Makes the plan continue the script of the resumption where it stopped; returns false if the plan
// does not run that script.
bool ContinueScript(Plan& plan, const Resumption& resumption);

// Inserts a DROP of the invalid index before each script that builds an index of that name
// concurrently.
void AddIndexDrops(Plan& plan, const Observation& observation);

}  // namespace ballast::plan
