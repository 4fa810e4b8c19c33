// SPDX-License-Identifier: Apache-2.0
// The outcome of a deploy whose connection was lost after something was sent, from what a second
// connection observes.
#pragma once

#include "base/error.h"
#include "plan/observation.h"

namespace ballast::commands {

// The number of rows that count as applied.
long AppliedRows(const plan::Observation& observation);

// The error of a deploy that is not complete. `loss`: the error of the connection. `before`:
// AppliedRows before the deploy. B701 if something was committed: rows were added, or a step
// outside a transaction left its row open. Otherwise `loss`, with the finding that nothing was
// committed.
Error AfterLoss(Error loss, const plan::Observation& observation, long before);

// B700: the database cannot be observed either.
Error UnknownOutcome(const Error& loss);

}  // namespace ballast::commands
