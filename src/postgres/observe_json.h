// SPDX-License-Identifier: Apache-2.0
// The observation's JSON, as the server sends it, into values.
#pragma once

#include <string>

#include "base/result.h"
#include "plan/observation.h"
#include "postgres/session.h"

namespace ballast::postgres {

// `json` but for the rows of the migrations table; these, as query_to_xml gives them, or nothing.
Result<plan::Observation> ParseObservation(const std::string& json, std::string rows,
                                           const Session& session);

}  // namespace ballast::postgres
