// SPDX-License-Identifier: Apache-2.0
// `ballast repair`: changes a live database that differs from its proven state to that state.
// Additions remain, and no data is lost without permission.
#pragma once

#include <string>
#include <vector>

#include "change/change_report.h"
#include "project/invocation.h"

namespace ballast::commands {

struct RepairOptions : change::LiveChangeOptions {
  std::vector<std::string> drop;  // globs on objects whose data may be lost
  // Globs on migrations that have run, although no row records it.
  std::vector<std::string> applied;
};

struct RepairReport : change::ChangeReport {};

// Errors as LiveChange. B506 if the project does not know the state, B303 if the scripts do not
// make it; plan::RefuseRepair and plan::ChangeDecision name the refusals.
RepairReport Repair(const RepairOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
