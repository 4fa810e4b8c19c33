// SPDX-License-Identifier: Apache-2.0
#include "commands/setup_script.h"

#include <fmt/format.h>

#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::commands {

namespace {

constexpr std::string_view kDuplicateObject = "42710";

Error Failed(const postgres::ServerError& error) {
  return MakeError(ErrorCode::kReplayFailed,
                   fmt::format("the setup script does not run in the new database: {} "
                               "(SQLSTATE {})",
                               error.message, error.sqlstate),
                   "fix the script that setup_script or platform in ballast.toml names");
}

bool CreatesRole(const sql::TokenReader& words) {
  return words.Is("create") && (words.Is("role", 1) || words.Is("user", 1) || words.Is("group", 1));
}

}  // namespace

Status RunSetupScript(const std::string& script, postgres::Session& session) {
  if (script.empty()) return {};
  const postgres::Outcome outcome = session.Run(script);
  if (!outcome.error) return {};
  if (outcome.error->sqlstate != kDuplicateObject) return Failed(*outcome.error);
  // Roles of the server remain from the setup of another database.
  for (sql::StatementIterator walk(script); walk.Next();) {
    const postgres::Outcome one = session.Run(std::string(walk.statement().text));
    if (!one.error) continue;
    const bool known = one.error->sqlstate == kDuplicateObject && CreatesRole(walk.reader());
    if (!known) return Failed(*one.error);
  }
  return {};
}

}  // namespace ballast::commands
