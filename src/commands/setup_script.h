// SPDX-License-Identifier: Apache-2.0
// The script of the project's platform, run in a new database before a deploy.
#pragma once

#include <string>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::commands {

// B300 if the script fails, except for roles that the server has. Nothing for an empty one.
Status RunSetupScript(const std::string& script, postgres::Session& session);

}  // namespace ballast::commands
