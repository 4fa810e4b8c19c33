// SPDX-License-Identifier: Apache-2.0
// Asks the catalog which of the objects that a script is about are there.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"
#include "sql/effects.h"

namespace ballast::postgres {

// For each effect whether its object exists (an index only when it is valid), in one message.
// `schema` is that of names without one. Errors: those of Session::Query.
Result<std::vector<bool>> ObjectsExist(Session& session, const std::string& schema,
                                       const std::vector<sql::Effect>& effects);

}  // namespace ballast::postgres
