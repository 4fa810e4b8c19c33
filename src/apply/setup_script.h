// SPDX-License-Identifier: Apache-2.0
// The script of the project's platform, which runs in a new database before a replay or a deploy.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::apply {

// Runs a statement of the script, which begins at this byte of it.
using SendStatement = std::function<Status(std::string_view statement, size_t offset)>;

// `whole` is the result of the script as one. If it failed because something exists (its detail
// "sqlstate" is 42710), the statements are sent one by one, and may create roles that exist: those
// of another setup remain on the server.
Status AcceptExistingRoles(Status whole, std::string_view script, const SendStatement& send);

// Runs its parts (release/platform_script.h). Errors as ExplainFailure, except for roles that
// exist.
Status RunSetupScript(const std::string& script, postgres::Session& session);

}  // namespace ballast::apply
