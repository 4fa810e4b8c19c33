// SPDX-License-Identifier: Apache-2.0
// What a server and a database have of extensions, and whom they belong to.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/required_extension_privileges.h"
#include "postgres/session.h"

namespace ballast::postgres {

// The named extensions, and all that their versions need. One query; its errors are those of
// Session::Query.
Result<std::vector<plan::ExtensionOnServer>> ReadExtensions(Session& session,
                                                            const std::vector<std::string>& names);

// Whether the server refuses to run the statement for a missing privilege. It runs in a transaction
// that is rolled back; any other outcome is no refusal.
bool IsNotAllowed(Session& session, const std::string& statement);

}  // namespace ballast::postgres
