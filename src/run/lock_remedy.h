// SPDX-License-Identifier: Apache-2.0
// The remedy of commands that were not granted a table lock in time.
#pragma once

#include <string>

#include "base/error.h"
#include "plan/plan.h"
#include "postgres/session.h"

namespace ballast::run {

// postgres::LockHolders for the script of `error` (its detail "migration"), which was not granted a
// lock. The session must be outside a failed transaction.
std::string LockHolders(postgres::Session& session, const plan::Plan& plan, const Error& error);

// Names these sessions. `otherwise`: what else helps.
std::string LockRemedy(postgres::Session& session, const plan::Plan& plan, const Error& error,
                       const std::string& otherwise);

}  // namespace ballast::run
