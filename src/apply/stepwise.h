// SPDX-License-Identifier: Apache-2.0
// The stepwise road: one transaction after another, for plans with a script that cannot share one.
#pragma once

#include "apply/compile.h"
#include "apply/executor.h"

namespace ballast::apply {

struct Stepwise {
  const plan::Plan& plan;
  const Compiler& compiler;
  postgres::Session& session;
  const RunContext& context;
};

// Scripts that can share a message travel together, each in its own transaction; a script that
// cannot run in one goes alone, its row committed before it and finished after it.
Status RunStepwise(const Stepwise& run, RunOutcome& result, Progress& progress);

}  // namespace ballast::apply
