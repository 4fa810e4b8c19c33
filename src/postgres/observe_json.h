// SPDX-License-Identifier: Apache-2.0
// Parses the JSON that the server returns for an observation.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/observation.h"
#include "postgres/session.h"

namespace ballast::postgres {

// `json` has everything except the rows of the migrations table; `rows` is their XML from
// query_to_xml, or empty. Of other schemas than the target and `schemas`, invalid indexes and
// objects are ignored. B501 if public has the migrations table, and the search_path does not lead
// to it.
Result<plan::Observation> ParseObservation(const std::string& json, std::string rows,
                                           const std::vector<std::string>& schemas,
                                           const Session& session);

// An observation of which only the rows and the server's version are known; `rows` is their
// JSON.
Result<plan::Observation> ParseRows(const std::string& rows, const Session& session);

}  // namespace ballast::postgres
