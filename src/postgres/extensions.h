// SPDX-License-Identifier: Apache-2.0
// Reads the extensions of a server and a database, with their owners.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/required_extension_privileges.h"
#include "postgres/session.h"

namespace ballast::postgres {

// The named extensions, and all that their versions require. One query; errors as Session::Query.
Result<std::vector<plan::ExtensionOnServer>> ReadExtensions(Session& session,
                                                            const std::vector<std::string>& names);

// Whether the server refuses the statement because of a missing privilege. Runs it in a transaction
// that is rolled back. False for every other outcome.
bool IsNotAllowed(Session& session, const std::string& statement);

}  // namespace ballast::postgres
