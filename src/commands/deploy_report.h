// SPDX-License-Identifier: Apache-2.0
// Adds the results of a deploy's phases to its report.
#pragma once

#include <string>
#include <vector>

#include "apply/executor.h"
#include "assess/assess.h"
#include "base/result.h"
#include "commands/deploy.h"

namespace ballast::commands {

// Moves the decision into the report, with notices, failures and differences. Returns the refusal
// as an error.
Status FillDecision(assess::Assessment& assessment, DeployReport& report);

// Adds what was applied. Can be called repeatedly: each attempt continues the previous one. A
// notice that the report has already is not repeated.
void AddOutcome(apply::RunOutcome outcome, DeployReport& report);

// After a deploy that has succeeded: removes the decision's notices about what could have made it
// fail, and reports what it was expected to drop as dropped. `lost` are the additions whose loss
// the outcome has reported.
void EndPredictions(const std::vector<std::string>& lost, DeployReport& report);

}  // namespace ballast::commands
