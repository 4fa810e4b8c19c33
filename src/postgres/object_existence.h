// SPDX-License-Identifier: Apache-2.0
// Checks which objects of a script exist in the catalog.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"
#include "sql/effects.h"
#include "sql/sought_objects.h"

namespace ballast::postgres {

// For each effect, whether its object exists (an index: only if valid), in one message. `schema`
// applies to unqualified names. Errors as Session::Query.
Result<std::vector<bool>> ObjectsExist(Session& session, const std::string& schema,
                                       const std::vector<sql::Effect>& effects);

// For each object that scripts look for, whether it exists; unqualified names are found as in a
// script. Empty where the server does not answer: the name is not valid SQL, or the role may not
// use its schema. In one message, unless there is such an object. Errors as Session::Query.
Result<std::vector<std::optional<bool>>> SoughtObjectsExist(
    Session& session, const std::vector<sql::SoughtObject>& objects);

}  // namespace ballast::postgres
