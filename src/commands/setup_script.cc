// SPDX-License-Identifier: Apache-2.0
#include "commands/setup_script.h"

#include <fmt/format.h>

namespace ballast::commands {

Status RunSetupScript(const std::string& script, postgres::Session& session) {
  if (script.empty()) return {};
  const postgres::Outcome outcome = session.Run(script);
  if (!outcome.error) return {};
  return MakeError(ErrorCode::kReplayFailed,
                   fmt::format("the setup script does not run in the new database: {} "
                               "(SQLSTATE {})",
                               outcome.error->message, outcome.error->sqlstate),
                   "fix the script that setup_script or platform in ballast.toml names");
}

}  // namespace ballast::commands
