// SPDX-License-Identifier: Apache-2.0
// `ballast repair`: changes a live database that differs from its proven state to that state.
// Additions remain, and no data is lost without permission.
#pragma once

#include <string>
#include <vector>

#include "commands/change_report.h"
#include "project/invocation.h"

namespace ballast::commands {

struct RepairOptions : LiveChangeOptions {
  std::vector<std::string> drop;  // globs on objects whose data may be lost
};

struct RepairReport : ChangeReport {};

// Errors, in the report: those of loading, selecting and connecting; B303 and B506 if the state
// cannot be built or is not known; B508, B509 and B511 for a change that is refused; B602 and B7xx
// while it runs.
RepairReport Repair(const RepairOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
