// SPDX-License-Identifier: Apache-2.0
// Default privileges of the deploying role, which the server gives to all that a deploy creates.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::assess {

// Sentences: to whom they open objects of the target schema, beyond what the server does itself.
Result<std::vector<std::string>> OpeningDefaultPrivileges(const std::string& target_schema,
                                                          postgres::Session& session);

}  // namespace ballast::assess
