// SPDX-License-Identifier: Apache-2.0
// Checks which objects of a script exist in the catalog.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"
#include "sql/effects.h"

namespace ballast::postgres {

// For each effect, whether its object exists (an index: only if valid), in one message. `schema`
// applies to unqualified names. Errors as Session::Query.
Result<std::vector<bool>> ObjectsExist(Session& session, const std::string& schema,
                                       const std::vector<sql::Effect>& effects);

}  // namespace ballast::postgres
