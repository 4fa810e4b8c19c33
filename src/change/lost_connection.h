// SPDX-License-Identifier: Apache-2.0
// The outcome of a deploy, repair or rollback whose connection was lost after something was sent,
// from what a second connection observes.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "assess/assess.h"
#include "base/error.h"
#include "base/progress.h"
#include "plan/observation.h"
#include "postgres/connect_with_retry.h"
#include "postgres/session.h"

namespace ballast::change {

struct SecondLook {
  postgres::Session session;  // holds the lock that `assess` took
  assess::Assessment assessment;
};

// Connects again, for a server that restarts or fails over, and assesses the database. `assess`
// takes the deployment lock, so that the lost session has ended. Nothing if the database cannot be
// observed.
std::optional<SecondLook> LookAfterLoss(
    const postgres::Target& target, const postgres::ConnectOptions& options,
    const std::function<Result<assess::Assessment>(postgres::Session&)>& assess,
    Progress& progress);

// The sentence for a loss after which the database was found complete.
std::string BrokeAfterCommit(const Error& loss);

// The sentence for a loss during the final comparison of a deploy, which was made again.
std::string ComparedAfterLoss(const Error& loss);

// The error of a deploy whose scripts are committed, and whose final comparison was not and could
// not be made up. `again`: the error of comparing again; B702 if it found differences.
Error UncomparedAfterLoss(Error again);

// The number of rows that count as applied.
long AppliedRows(const plan::Observation& observation);

// The error of a deploy that is not complete. `loss`: the error of the connection. `before`:
// AppliedRows before the deploy. B701 if something was committed: rows were added, or a step
// outside a transaction left its row open. Otherwise `loss`, with the finding that nothing was
// committed.
Error AfterLoss(Error loss, const plan::Observation& observation, long before);

// The same for a repair or rollback whose last transaction was not committed. B701 if something
// before it was, which `loss` records.
Error ChangeAfterLoss(Error loss);

// B700: the database cannot be observed either. `again`: the command that continues.
Error UnknownOutcome(const Error& loss, const std::string& again);

}  // namespace ballast::change
