// SPDX-License-Identifier: Apache-2.0
// Extensions that scripts create if they do not exist, and that exist in a schema where the
// scripts will not find their types and functions.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/plan.h"
#include "postgres/session.h"

namespace ballast::assess {

// Sentences, with what to do. Omits statements that name the schema. Asks the server only if a
// script of the plan creates an extension. Errors as Session::Query.
Result<std::vector<std::string>> UnreachableExtensions(const plan::Plan& plan,
                                                       postgres::Session& session);

}  // namespace ballast::assess
