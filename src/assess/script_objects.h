// SPDX-License-Identifier: Apache-2.0
// Which of the objects that scripts create exist.
#pragma once

#include "base/result.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "postgres/session.h"

namespace ballast::assess {

// Sets `script_objects` for the migrations whose script was not the one that was applied. Changes
// nothing. Errors as Session::Query.
Status ReadScriptObjects(const plan::Intent& intent, postgres::Session& session,
                         plan::Observation& observation);

}  // namespace ballast::assess
