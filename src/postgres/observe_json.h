// The observation's JSON, as the server sends it, into values.
#pragma once

#include <string>

#include "base/result.h"
#include "plan/observation.h"
#include "postgres/session.h"

namespace ballast::postgres {

Result<plan::Observation> ParseObservation(const std::string& json, const Session& session);

}  // namespace ballast::postgres
