// SPDX-License-Identifier: Apache-2.0
#include "apply/setup_script.h"

#include <fmt/format.h>

#include "base/sqlstate.h"
#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::apply {
namespace {

bool IsDuplicateObject(const Status& sent) {
  return !sent && sent.error().Detail("sqlstate") == sqlstate::kDuplicateObject;
}

bool CreatesRole(const sql::TokenReader& words) {
  return words.Is("create") && (words.Is("role", 1) || words.Is("user", 1) || words.Is("group", 1));
}

Status Send(postgres::Session& session, std::string_view statement) {
  const postgres::Outcome outcome = session.Run(std::string(statement));
  if (!outcome.error) return {};
  Error error = MakeError(ErrorCode::kReplayFailed,
                          fmt::format("the setup script does not run in the new database: {} "
                                      "(SQLSTATE {})",
                                      outcome.error->message, outcome.error->sqlstate),
                          "fix the script that setup_script or platform in ballast.toml names");
  error.details.emplace_back("sqlstate", outcome.error->sqlstate);
  return error;
}

}  // namespace

Status AcceptExistingRoles(Status whole, std::string_view script, const SendStatement& send) {
  if (!IsDuplicateObject(whole)) return whole;
  for (sql::StatementIterator walk(script); walk.Next();) {
    Status sent = send(walk.statement().text, walk.statement().offset);
    if (!sent && !(IsDuplicateObject(sent) && CreatesRole(walk.reader()))) return sent;
  }
  return {};
}

Status RunSetupScript(const std::string& script, postgres::Session& session) {
  if (script.empty()) return {};
  return AcceptExistingRoles(
      Send(session, script), script,
      [&](std::string_view statement, size_t /*offset*/) { return Send(session, statement); });
}

}  // namespace ballast::apply
