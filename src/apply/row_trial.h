// SPDX-License-Identifier: Apache-2.0
// Finds out before the first step whether the migrations table stores the rows of a plan.
#pragma once

#include <optional>

#include "base/result.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "plan/review.h"
#include "postgres/session.h"

namespace ballast::apply {

// Writes the rows of the plan in a transaction that is rolled back, with the statements of the
// deploy. Empty if the table stores all of them. Triggers of the table run; the table is locked as
// by the deploy. Errors as Session::Query if the connection is lost or a lock is not granted.
Result<std::optional<plan::UnstoredRow>> TryRows(const plan::Plan& plan,
                                                 const plan::Observation& observation,
                                                 postgres::Session& session);

}  // namespace ballast::apply
